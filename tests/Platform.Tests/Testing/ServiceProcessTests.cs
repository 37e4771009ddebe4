using System.Net;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Tests.Testing;

/// <summary>Helpers for tests that kill a service, tried on a real process.</summary>
public sealed class ServiceProcessTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private VirtualHost _broker = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.Create("loyalty");
        _broker = await VirtualHost.Create("loyalty");
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task An_event_published_while_a_service_is_dead_is_handled_after_its_restart()
    {
        await using var loyalty = await ServiceProcess.Start("loyalty", _database, _broker, Ct);
        using var client = loyalty.Client(token: null);
        (await client.GetAsync("/health/live", Ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await _broker.Publish(Registered(1), Ct);
        await Eventually.Get(Accounts, count => count == 1, Ct);

        var id = loyalty.Id;
        await loyalty.Kill();
        loyalty.HasExited.ShouldBeTrue();
        await _broker.Publish(Registered(2), Ct);
        // The first event may be redelivered: its effect was seen, but perhaps its acknowledgement never left.
        (await _broker.Waiting("loyalty", Ct)).ShouldBeInRange(1u, 2u);
        await loyalty.Restart(Ct);

        loyalty.Id.ShouldNotBe(id);
        await Eventually.Get(Accounts, count => count == 2, Ct);
        (await loyalty.Stop(Ct)).ShouldBe(0);
        (await _broker.Failures(Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_service_that_does_not_start_is_reported_with_its_output()
    {
        var fault = await Should.ThrowAsync<InvalidOperationException>(() =>
            ServiceProcess.Start("loyalty", _database, _broker, Ct, new KeyValuePair<string, string>("ConnectionStrings:database", "")));

        fault.Message.ShouldContain("ConnectionStrings:database is missing");
    }

    [Fact]
    public async Task Published_finds_the_event()
    {
        await _broker.Publish(Registered(3), Ct);

        (await _broker.Published<UserRegistered>(happened => happened.UserId == new UserId(3), Ct)).FullName.ShouldBe("Анна Смирнова");
    }

    private Task<long> Accounts() => _database.Scalar<long>("select count(*) from loyalty.accounts", Ct);

    private static UserRegistered Registered(long id) => new()
    {
        UserId = new UserId(id),
        TelegramId = new TelegramId(1_000 + id),
        FullName = "Анна Смирнова",
        Language = "ru",
        PhoneVerified = true,
        PhoneSeenBefore = false,
        RegisteredAt = new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero),
        Version = 1,
    };
}
