using System.Net;
using Platform.Testing;

namespace Platform.Gateway.Tests.Routing;

public sealed class UpstreamFaultsTests(KeysInDatabase keys) : IClassFixture<KeysInDatabase>
{
    [Fact]
    public async Task A_service_that_is_down_answers_503_and_the_others_keep_working()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        await gateway.Loyalty.Stop();

        foreach (var answer in new[]
        {
            await gateway.Get("/api/loyalty/accounts/me", gateway.ClientToken(5)),
            await gateway.Post("/orders/", gateway.StaffToken(1), new { code = "123456", amount = 100 }),
        })
        {
            answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "service_unavailable");
            answer.RetryAfter.ShouldBeGreaterThan(0);
        }

        (await gateway.Get("/api/users/me", gateway.ClientToken(5))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_service_without_an_address_answers_503()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("services:loyalty:http:0", ""));

        (await gateway.Get("/api/loyalty/accounts/me", gateway.ClientToken(5))).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "service_unavailable");
    }

    [Fact]
    public async Task A_service_that_breaks_off_before_its_answer_is_reported_as_503()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Loyalty.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        (await gateway.Post("/orders", gateway.StaffToken(1))).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "service_unavailable");
    }

    [Fact]
    public async Task A_silent_service_is_reported_as_504()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("Gateway:UpstreamTimeout", "00:00:00.200"));
        gateway.Loyalty.Answer = async context => await Task.Delay(Timeout.Infinite, context.RequestAborted);

        (await gateway.Get("/api/loyalty/accounts/me", gateway.ClientToken(5))).ShouldBeProblem(HttpStatusCode.GatewayTimeout, "upstream_timeout");
        gateway.Loyalty.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(500, """{"code":"internal_error"}""")]
    [InlineData(503, """{"code":"account_opening"}""")]
    [InlineData(409, """{"code":"code_used"}""")]
    public async Task A_problem_of_a_service_passes_unchanged(int status, string problem)
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Loyalty.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/problem+json";
            context.Response.Headers.RetryAfter = "7";
            context.Response.Headers.Server = "Kestrel";
            return context.Response.WriteAsync(problem);
        };

        var answer = await gateway.Post("/orders", gateway.StaffToken(1));

        ((int)answer.Status).ShouldBe(status);
        answer.Text.ShouldBe(problem);
        answer.Header("Retry-After").ShouldBe("7");
        answer.Header("Server").ShouldBeNull();
        gateway.Loyalty.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_empty_answer_of_a_service_keeps_its_status()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Loyalty.Answer = context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        };

        var answer = await gateway.Send(HttpMethod.Delete, "/api/loyalty/codes", gateway.ClientToken(5), body: null);

        answer.Status.ShouldBe(HttpStatusCode.NoContent);
        answer.Text.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_read_is_retried_on_another_replica_and_a_write_is_not()
    {
        // No health check may remove the broken replica during the test.
        await using var gateway = await GatewayUnderTest.Start(keys, usersReplicas: 2, settings: ("Gateway:HealthCheckEvery", "00:05:00"));
        gateway.Users.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        var token = gateway.ClientToken(5);

        for (var call = 0; call < 20; call++)
        {
            (await gateway.Get("/api/users/me", token)).Status.ShouldBe(HttpStatusCode.OK);
        }

        gateway.Users.Calls.ShouldNotBeEmpty();
        var writes = new List<Answer>();
        for (var call = 0; call < 20; call++)
        {
            writes.Add(await gateway.Post("/api/users/staff", token));
        }

        writes.ShouldContain(write => write.Status == HttpStatusCode.ServiceUnavailable);
        gateway.UsersReplicas.Sum(replica => replica.Calls.Count(call => call.Method == "POST")).ShouldBe(20);
    }

    [Fact]
    public async Task A_replica_without_database_gets_no_calls_and_one_without_broker_does()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, usersReplicas: 2, settings: ("Gateway:HealthCheckEvery", "00:00:00.100"));
        gateway.UsersReplicas[0].Ready = Upstream.Report("unhealthy", ("database", "unhealthy"), ("broker", "healthy"));
        gateway.UsersReplicas[1].Ready = Upstream.Report("degraded", ("database", "healthy"), ("broker", "degraded"));
        var token = gateway.ClientToken(5);

        // Until the health checks have run, calls still reach both.
        await Eventually.IsTrue(async () =>
        {
            gateway.UsersReplicas[0].Calls.Clear();
            for (var call = 0; call < 20; call++)
            {
                (await gateway.Get("/api/users/me", token)).Status.ShouldBe(HttpStatusCode.OK);
            }

            return gateway.UsersReplicas[0].Calls.IsEmpty;
        }, TestContext.Current.CancellationToken);
        gateway.UsersReplicas[1].Calls.ShouldNotBeEmpty();
    }
}
