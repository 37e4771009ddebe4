using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>A platform where people registered before courses was added.</summary>
public sealed class PlatformWithoutCourses : PlatformApp
{
    private VirtualHost? _withoutCourses;

    protected override IReadOnlyList<string> Services => [.. base.Services, "courses"];

    // The schema exists but no queue, so events pass courses by.
    protected override Uri BrokerAddress => _withoutCourses!.Address;

    protected override async Task BeforeServices() => _withoutCourses = await VirtualHost.Create([.. base.Services]);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_withoutCourses is not null)
        {
            await _withoutCourses.DisposeAsync();
        }
    }
}

public sealed class LateConsumerTests(PlatformWithoutCourses platform) : IClassFixture<PlatformWithoutCourses>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_added_later_catches_up_by_resync_and_then_keeps_up()
    {
        var before = new[]
        {
            await platform.GivenGuest("Анна Первая"), await platform.GivenGuest("Борис Второй"), await platform.GivenGuest("Вера Третья"),
        };
        var blocked = await platform.GivenGuest("Глеб Четвёртый");
        (await platform.Post(platform.Users, $"/api/users/{blocked.Id}/block", await platform.Admin(), new { reason = "test" })).Status
            .ShouldBe(System.Net.HttpStatusCode.NoContent);
        foreach (var service in new[] { "users", "loyalty", "notifications" })
        {
            await platform.OutboxIsEmpty(service);
        }

        // Courses is added: migrate declares its queue, then it starts.
        await Run("courses", "migrate");
        var courses = await platform.Start("courses");
        (await Learners()).ShouldBeEmpty();

        await Run("users", "resync");
        await Eventually.Get(Learners, learners => learners.Count == 4, Ct);
        (await Learners()).ShouldBe(["Анна Первая", "Борис Второй", "Вера Третья", "Глеб Четвёртый"]);
        await Eventually.Passes(
            async () => (await platform.Get(courses, "/api/courses/mine", blocked.Token))
                .ShouldBeProblem(System.Net.HttpStatusCode.Forbidden, "user_blocked"),
            Ct);
        (await platform.Get(courses, "/api/courses/mine", before[0].Token)).Status.ShouldBe(System.Net.HttpStatusCode.OK);

        // New people need no resync, and a second resync changes nothing and opens no second account.
        await platform.GivenGuest("Дарья Пятая");
        await Eventually.Get(Learners, learners => learners.Count == 5, Ct);
        await Run("users", "resync");
        await platform.OutboxIsEmpty("users");
        (await Learners()).Count.ShouldBe(5);
        (await platform.Database.Scalar<long>("select count(*) from loyalty.accounts", Ct)).ShouldBe(5);
    }

    private Task<IReadOnlyList<string>> Learners() => platform.Database.Column<string>("select full_name from courses.learners order by full_name", Ct);

    private async Task Run(string service, string verb)
    {
        var outcome = await platform.Run(service, verb);
        outcome.ExitCode.ShouldBe(0, outcome.Output);
    }
}
