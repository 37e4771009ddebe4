using System.Net;

namespace Platform.Gateway.Tests.Proxies;

/// <summary>As it stands in production: behind nginx, which ends TLS.</summary>
public sealed class BehindProxyTests(KeysInDatabase keys, ProductionSettings production) : IClassFixture<KeysInDatabase>, IClassFixture<ProductionSettings>
{
    [Fact]
    public async Task Each_client_has_limits_of_its_own_and_one_that_makes_up_addresses_wins_nothing()
    {
        await using var gateway = await InProduction(("Proxies", "127.0.0.1"), ("Gateway:Limits:Logins", "2"));
        await using var nginx = await Nginx.InFrontOf(gateway);

        foreach (var client in new[] { "127.0.0.21", "127.0.0.22", "127.0.0.23" })
        {
            // One made up, one that is the proxy's own, and a chain of them.
            string[] madeUp = ["8.8.8.8", "127.0.0.1", "8.8.4.4, 127.0.0.1"];
            var answers = new List<HttpStatusCode>();
            foreach (var address in madeUp)
            {
                answers.Add((await nginx.Send(HttpMethod.Post, "/api/auth/login", client, ("X-Forwarded-For", address), ("X-Real-IP", address))).Status);
            }

            answers.ShouldBe([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], client);
        }

        gateway.Users.Calls.Select(call => call.Headers["X-Forwarded-For"]).ShouldBe(
            ["127.0.0.21", "127.0.0.21", "127.0.0.22", "127.0.0.22", "127.0.0.23", "127.0.0.23"]);
    }

    [Fact]
    public async Task A_call_that_came_by_HTTPS_is_known_as_one_by_browsers_and_services()
    {
        await using var gateway = await InProduction(("Proxies", "127.0.0.1"));
        await using var nginx = await Nginx.InFrontOf(gateway);

        (await nginx.Send(HttpMethod.Post, "/api/auth/login", "127.0.0.21")).Header("Strict-Transport-Security").ShouldNotBeNull().ShouldContain("max-age=");
        gateway.Users.Calls.ShouldHaveSingleItem().Headers["X-Forwarded-Proto"].ShouldBe("https");

        // Who is no proxy only says so.
        (await gateway.Post("/api/auth/login", from: "127.0.0.9", headers: [("X-Forwarded-Proto", "https"), ("Host", Nginx.Host)]))
            .Header("Strict-Transport-Security").ShouldBeNull();
        gateway.Users.Calls.Last().Headers["X-Forwarded-Proto"].ShouldBe("http");
    }

    [Fact]
    public async Task Wrong_bot_keys_from_the_world_do_not_stop_the_bots_behind_the_same_proxy()
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
    public async Task In_production_it_is_said_who_the_proxies_are_or_the_gateway_does_not_start(string? proxies)
    {
        var refused = await Should.ThrowAsync<Exception>(() => InProduction(proxies is null ? [] : [("Proxies", proxies)]));

        refused.ToString().ShouldContain("Proxies is missing: list the proxies whose X-Forwarded-For is trusted, such as Proxies=10.0.0.5,10.1.0.0/16, or set Proxies=none");
    }

    private Task<GatewayUnderTest> InProduction(params (string Key, string Value)[] settings) => production.Start(keys, settings);
}
