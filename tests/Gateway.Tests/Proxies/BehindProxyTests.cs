using System.Net;

namespace Platform.Gateway.Tests.Proxies;

/// <summary>The production set-up: the gateway behind nginx, which terminates TLS.</summary>
public sealed class BehindProxyTests(KeysInDatabase keys, ProductionSettings production) : IClassFixture<KeysInDatabase>, IClassFixture<ProductionSettings>
{
    [Fact]
    public async Task Clients_behind_the_proxy_have_separate_limits_and_cannot_forge_addresses()
    {
        await using var gateway = await InProduction(("Proxies", "127.0.0.1"), ("Gateway:Limits:Logins", "2"));
        await using var nginx = await Nginx.InFrontOf(gateway);

        foreach (var client in new[] { "127.0.0.21", "127.0.0.22", "127.0.0.23" })
        {
            // A forged address, the proxy's own, and a chain.
            string[] forged = ["8.8.8.8", "127.0.0.1", "8.8.4.4, 127.0.0.1"];
            var answers = new List<HttpStatusCode>();
            foreach (var address in forged)
            {
                answers.Add((await nginx.Send(HttpMethod.Post, "/api/auth/login", client, ("X-Forwarded-For", address), ("X-Real-IP", address))).Status);
            }

            answers.ShouldBe([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], client);
        }

        gateway.Users.Calls.Select(call => call.Headers["X-Forwarded-For"]).ShouldBe(
            ["127.0.0.21", "127.0.0.21", "127.0.0.22", "127.0.0.22", "127.0.0.23", "127.0.0.23"]);
    }

    [Fact]
    public async Task A_call_over_HTTPS_gets_HSTS_and_services_see_its_scheme()
    {
        await using var gateway = await InProduction(("Proxies", "127.0.0.1"));
        await using var nginx = await Nginx.InFrontOf(gateway);

        (await nginx.Send(HttpMethod.Post, "/api/auth/login", "127.0.0.21")).Header("Strict-Transport-Security").ShouldNotBeNull().ShouldContain("max-age=");
        gateway.Users.Calls.ShouldHaveSingleItem().Headers["X-Forwarded-Proto"].ShouldBe("https");

        // A caller that is no proxy cannot claim HTTPS.
        (await gateway.Post("/api/auth/login", from: "127.0.0.9", headers: [("X-Forwarded-Proto", "https"), ("Host", Nginx.Host)]))
            .Header("Strict-Transport-Security").ShouldBeNull();
        gateway.Users.Calls.Last().Headers["X-Forwarded-Proto"].ShouldBe("http");
    }

    [Fact]
    public async Task Wrong_bot_keys_from_outside_do_not_lock_out_a_bot_behind_the_same_proxy()
    {
        await using var gateway = await InProduction(("Proxies", "none"));
        await using var nginx = await Nginx.InFrontOf(gateway);
        gateway.Users.Answer = context =>
        {
            context.Response.StatusCode = context.Request.Headers["X-Api-Key"] == "right" ? 200 : 401;
            return Task.CompletedTask;
        };

        for (var guess = 0; guess < 12; guess++)
        {
            await nginx.Send(HttpMethod.Post, "/api/auth/bot", "127.0.0.21", ("X-Api-Key", $"guess-{guess}"));
        }

        (await gateway.Post("/api/auth/bot", body: new { telegramId = 1 }, headers: ("X-Api-Key", "right"))).Status.ShouldBe(HttpStatusCode.OK);
        (await nginx.Send(HttpMethod.Post, "/api/auth/bot", "127.0.0.21", ("X-Api-Key", "guess-12"))).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ")]
    public async Task The_gateway_does_not_start_in_production_without_Proxies(string? proxies)
    {
        var refused = await Should.ThrowAsync<Exception>(() => InProduction(proxies is null ? [] : [("Proxies", proxies)]));

        refused.ToString().ShouldContain(
            "Proxies is missing: list the proxies whose X-Forwarded-For is trusted, such as Proxies=10.0.0.5,10.1.0.0/16, or set Proxies=none");
    }

    private Task<GatewayUnderTest> InProduction(params (string Key, string Value)[] settings) => production.Start(keys, settings);
}
