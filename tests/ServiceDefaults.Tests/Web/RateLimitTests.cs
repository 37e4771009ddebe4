using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Web;

public sealed class RateLimitTests : IAsyncLifetime
{
    private static readonly ErrorCode LockedOut = new("locked_out", 429, "Wait.");

    private readonly ManualClock _clock = new();
    private TestDatabase _database = null!;
    private TestService _first = null!;
    private TestService _second = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.Create();
        _first = await TestService.Start(_database, Map, Ct, _clock);
        _second = await TestService.Start(_database, Map, Ct, _clock, createsKeys: false);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Two_replicas_together_allow_exactly_the_permitted_number_of_calls()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(call => Call(call % 2 == 0 ? _first : _second)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(5);
        var refused = answers.Where(answer => answer.Status != HttpStatusCode.OK).ToArray();
        refused.ShouldAllBe(answer => answer.Status == HttpStatusCode.TooManyRequests);
        refused[0].ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        refused.ShouldAllBe(answer => answer.RetryAfter == 60);
    }

    [Fact]
    public async Task The_rate_limit_applies_to_every_sliding_minute()
    {
        await Call(_first);
        _clock.Advance(TimeSpan.FromSeconds(50));
        for (var call = 0; call < 4; call++)
        {
            (await Call(_first)).Status.ShouldBe(HttpStatusCode.OK);
        }

        var refused = await Call(_first);
        refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        refused.RetryAfter.ShouldBe(10);
        refused.Json("retryAfter").ShouldBe(10L);

        // Ten seconds later the first call is a minute old, so one more is allowed.
        _clock.Advance(TimeSpan.FromSeconds(10));
        (await Call(_first)).Status.ShouldBe(HttpStatusCode.OK);
        (await Call(_first)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Each_caller_has_a_separate_rate_limit()
    {
        for (var call = 0; call < 6; call++)
        {
            await Call(_first);
        }

        (await Call(_first, user: 6)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_returned_permit_can_be_used_again()
    {
        var limits = _first.Services.GetRequiredService<RateLimits>();
        for (var call = 0; call < 3; call++)
        {
            (await limits.Take("password", "login:anna", permits: 1, TimeSpan.FromMinutes(15), Ct, LockedOut)).ShouldBeNull();
            await limits.GiveBack("password", "login:anna", Ct);
        }

        (await limits.Take("password", "login:anna", permits: 1, TimeSpan.FromMinutes(15), Ct, LockedOut)).ShouldBeNull();
        var refused = await limits.Take("password", "login:anna", permits: 1, TimeSpan.FromMinutes(15), Ct, LockedOut);
        refused!.ProblemDetails.Extensions["code"].ShouldBe("locked_out");
        refused.ProblemDetails.Extensions["retryAfter"].ShouldBe(900L);
    }

    [Fact]
    public async Task A_day_is_24_hours_even_when_the_servers_time_zone_changes_its_clock()
    {
        await using var inBerlin = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database.Service("users")) { SearchPath = "users",
            Timezone = "Europe/Berlin" }.ConnectionString);
        var limits = new RateLimits(inBerlin, _clock);
        // The night to the 25th has an extra hour there.
        _clock.SetUtcNow(new DateTimeOffset(2026, 10, 24, 12, 0, 0, TimeSpan.Zero));
        (await limits.Take("daily", "anna", permits: 1, TimeSpan.FromDays(1), Ct)).ShouldBeNull();

        _clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        (await limits.Take("daily", "anna", permits: 1, TimeSpan.FromDays(1), Ct)).ShouldNotBeNull();
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await limits.Take("daily", "anna", permits: 1, TimeSpan.FromDays(1), Ct)).ShouldBeNull();
    }

    private static void Map(WebApplication app) =>
        app.MapGet("/limited", async Task<Results<Ok, ProblemHttpResult>> (Caller caller, RateLimits limits, CancellationToken ct) =>
            await limits.Take("things", caller.Subject, permits: 5, TimeSpan.FromMinutes(1), ct) is { } refused ? refused : TypedResults.Ok())
            .RequireRole(Role.Client);

    private static async Task<Answer> Call(TestService service, long user = 5)
    {
        using var client = service.As(Role.Client, user);
        return await Answer.Of(await client.GetAsync("/limited", Ct), Ct);
    }
}
