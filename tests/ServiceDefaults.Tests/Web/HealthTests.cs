using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Web;

public sealed class HealthTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.Create();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Readiness_lists_each_check_with_name_status_and_duration()
    {
        await using var service = await TestService.Start(_database, _ => { }, Ct, configure: builder =>
            builder.Services.AddHealthChecks().AddCheck("broker", () => HealthCheckResult.Degraded("amqp://user:hunter2@host")));
        using var client = service.Anyone;

        var live = await Answer.Of(await client.GetAsync("/health/live", Ct), Ct);
        live.Status.ShouldBe(HttpStatusCode.OK);
        live.Body.ShouldBe("""{"status":"healthy","checks":[]}""");

        var ready = await Answer.Of(await client.GetAsync("/health/ready", Ct), Ct);
        ready.Status.ShouldBe(HttpStatusCode.OK);
        ready.Node()["status"]!.GetValue<string>().ShouldBe("degraded");
        var checks = ready.Node()["checks"]!.AsArray().ToDictionary(check => check!["name"]!.GetValue<string>(), check => check!["status"]!.GetValue<string>());
        checks.ShouldContainKeyAndValue("broker", "degraded");
        checks.ShouldContainKeyAndValue("database", "healthy");
        checks.ShouldContainKeyAndValue("blocked users", "healthy");
        ready.Node()["checks"]!.AsArray().ShouldAllBe(check => check!["ms"]!.GetValue<double>() >= 0);
        ready.Body.ShouldNotContain("hunter2");
    }
}
