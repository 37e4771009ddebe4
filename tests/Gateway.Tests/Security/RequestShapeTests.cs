using System.Net;

namespace Platform.Gateway.Tests.Security;

public sealed class RequestShapeTests(KeysInDatabase keys) : IClassFixture<KeysInDatabase>
{
    [Theory]
    [InlineData("User-Agent")]
    [InlineData("Referer")]
    [InlineData("Cookie")]
    [InlineData("Idempotency-Key")]
    [InlineData("X-Any")]
    public async Task A_header_in_any_alphabet_reaches_the_service(string header)
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        var answer = await gateway.Raw("GET /api/loyalty/accounts/me HTTP/1.1", $"Authorization: Bearer {gateway.ClientToken(5)}", $"{header}: Мобильное é 漢字");

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        gateway.Loyalty.Calls.ShouldHaveSingleItem().Headers[header].ShouldBe("Мобильное é 漢字");
    }

    [Theory]
    [InlineData("/api/loyalty/accounts/me")]
    [InlineData("/api/users/me/export")]
    public async Task Unreadable_trace_headers_do_not_fail_a_call(string path)
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        var answer = await gateway.Raw(
            $"GET {path} HTTP/1.1", $"Authorization: Bearer {gateway.ClientToken(5)}",
            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate: k=é", "baggage: k=é,имя=Анна", "Correlation-Context: k=é");

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("TRACE")]
    [InlineData("PROPFIND")]
    [InlineData("get")]
    public async Task An_unknown_method_is_refused_by_the_gateway(string method)
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        foreach (var path in new[] { "/api/loyalty/accounts/me", "/", "/nothing/here" })
        {
            var answer = await gateway.Raw($"{method} {path} HTTP/1.1", $"Authorization: Bearer {gateway.ClientToken(5)}");

            answer.ShouldBeProblem(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
            answer.Header("Allow").ShouldNotBeNull().ShouldContain("GET");
        }

        gateway.Loyalty.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Headers_up_to_the_limit_pass_and_larger_ones_are_refused()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        var token = gateway.ClientToken(5);
        gateway.Loyalty.Answer = context => context.Response.WriteAsync($"{context.Request.Headers["X-Long"].ToString().Length}");

        (await gateway.Get("/api/loyalty/accounts/me", token, headers: ("X-Long", new string('x', 31_500)))).Text.ShouldBe("31500");
        foreach (var tooLong in new[] { 32_500, 33_000, 100_000 })
        {
            (await gateway.Get("/api/loyalty/accounts/me", token, headers: ("X-Long", new string('x', tooLong))))
                .ShouldBeProblem(HttpStatusCode.RequestHeaderFieldsTooLarge, "headers_too_large");
        }

        (await gateway.Get("/api/loyalty/accounts/me", token, headers: [.. Enumerable.Range(1, 95).Select(number => ($"X-{number}", "x"))]))
            .Status.ShouldBe(HttpStatusCode.OK);
        (await gateway.Get("/api/loyalty/accounts/me", token, headers: [.. Enumerable.Range(1, 150).Select(number => ($"X-{number}", "x"))]))
            .ShouldBeProblem(HttpStatusCode.RequestHeaderFieldsTooLarge, "headers_too_large");
        gateway.Loyalty.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_address_up_to_the_limit_passes_and_a_longer_one_is_refused()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        var token = gateway.ClientToken(5);

        // The current path is longer than the old one, so the service gets a longer address than the gateway did.
        (await gateway.Get($"/users/1001?q={new string('x', 8_150)}", token)).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var tooLong in new[] { 8_200, 30_000 })
        {
            (await gateway.Get($"/users/1001?q={new string('x', tooLong)}", token)).ShouldBeProblem(HttpStatusCode.RequestUriTooLong, "address_too_long");
        }

        gateway.Users.Calls.ShouldHaveSingleItem();
    }
}
