using System.Net;
using Platform.Testing;

namespace Platform.Gateway.Tests.Health;

public sealed class PlatformHealthTests(KeysInDatabase keys) : IClassFixture<KeysInDatabase>
{
    [Fact]
    public async Task The_health_report_covers_every_service_the_database_and_the_broker()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        var ready = await gateway.Get("/health/ready");

        ready.Status.ShouldBe(HttpStatusCode.OK);
        ready.Json.GetProperty("status").GetString().ShouldBe("healthy");
        Checks(ready).Keys.Order().ShouldBe(["broker", "database", "loyalty", "notifications", "users"]);
        Checks(ready).Values.ShouldAllBe(status => status == "healthy");
        ready.Json.GetProperty("checks").EnumerateArray().ShouldAllBe(check => check.GetProperty("ms").GetDouble() >= 0);
    }

    [Fact]
    public async Task The_platform_is_not_ready_and_names_the_service_when_one_is_down()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        await gateway.Loyalty.Stop();

        var ready = await gateway.Get("/health/ready");

        ready.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        Checks(ready)["loyalty"].ShouldBe("unhealthy");
        Checks(ready)["users"].ShouldBe("healthy");
        (await gateway.Get("/health/live")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_in_time_is_unhealthy()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("Gateway:HealthCheckEvery", "00:00:00.200"));
        gateway.Users.Ready = async context => await Task.Delay(Timeout.Infinite, context.RequestAborted);

        var ready = await gateway.Get("/health/ready");

        ready.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        Checks(ready)["users"].ShouldBe("unhealthy");
    }

    [Fact]
    public async Task The_platform_is_not_ready_when_a_service_has_lost_its_database()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Users.Ready = Upstream.Report("unhealthy", ("database", "unhealthy"), ("broker", "healthy"));

        var ready = await gateway.Get("/health/ready");

        ready.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        Checks(ready)["users"].ShouldBe("unhealthy");
        Checks(ready)["broker"].ShouldBe("healthy");
    }

    [Fact]
    public async Task The_platform_is_degraded_but_ready_without_the_broker()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        foreach (var service in new[] { gateway.Users, gateway.Loyalty, gateway.Notifications })
        {
            service.Ready = Upstream.Report("degraded", ("database", "healthy"), ("broker", "degraded"));
        }

        var ready = await gateway.Get("/health/ready");

        ready.Status.ShouldBe(HttpStatusCode.OK);
        ready.Json.GetProperty("status").GetString().ShouldBe("degraded");
        Checks(ready)["broker"].ShouldBe("degraded");
        Checks(ready)["database"].ShouldBe("healthy");
    }

    [Fact]
    public async Task The_gateway_is_not_ready_without_its_own_database()
    {
        await using var gateway = await GatewayUnderTest.Start(
            keys, settings: ("ConnectionStrings:database", "Host=127.0.0.1;Port=1;Database=none;Username=gateway;Password=none;Timeout=1"));

        var ready = await gateway.Get("/health/ready");

        ready.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        Checks(ready)["database"].ShouldBe("unhealthy");
        Checks(ready)["users"].ShouldBe("healthy");
    }

    [Theory]
    [InlineData("<html>not ours</html>")]
    [InlineData("[1, 2]")]
    [InlineData("{}")]
    [InlineData("""{"status":"splendid","checks":7}""")]
    public async Task A_service_with_an_unknown_report_format_is_unhealthy(string report)
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Users.Ready = context => Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, report);

        var ready = await gateway.Get("/health/ready");

        ready.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        Checks(ready)["users"].ShouldBe("unhealthy");
    }

    [Fact]
    public async Task A_service_with_one_ready_replica_is_ready()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, usersReplicas: 2);
        await gateway.UsersReplicas[0].Stop();

        (await gateway.Get("/health/ready")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Many_readiness_requests_cost_a_service_one_check_a_second()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("Gateway:HealthCheckEvery", "00:05:00"));
        var checks = 0;
        var report = gateway.Users.Ready;
        gateway.Users.Ready = context =>
        {
            // Not YARP's own health checks.
            if (!context.Request.Headers.UserAgent.ToString().Contains("YARP"))
            {
                Interlocked.Increment(ref checks);
            }

            return report(context);
        };
        var began = TimeProvider.System.GetTimestamp();

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => gateway.Get("/health/ready")));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        // One check for each second that the requests took.
        checks.ShouldBeLessThanOrEqualTo(1 + (int)TimeProvider.System.GetElapsedTime(began).TotalSeconds);
        // A change is still noticed.
        gateway.Users.Ready = Upstream.Report("unhealthy");
        await Eventually.IsTrue(
            async () => (await gateway.Get("/health/ready")).Status == HttpStatusCode.ServiceUnavailable,
            TestContext.Current.CancellationToken);
    }

    private static Dictionary<string, string> Checks(Answer ready) => ready.Json.GetProperty("checks").EnumerateArray()
        .ToDictionary(check => check.GetProperty("name").GetString()!, check => check.GetProperty("status").GetString()!);
}
