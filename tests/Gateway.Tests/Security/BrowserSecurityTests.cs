using System.Net;

namespace Platform.Gateway.Tests.Security;

public sealed class BrowserSecurityTests(KeysInDatabase keys, ProductionSettings production) : IClassFixture<KeysInDatabase>, IClassFixture<ProductionSettings>
{
    private const string Page = "https://shop.example";

    [Theory]
    [InlineData("/")]
    [InlineData("/api/users/me")]
    [InlineData("/nothing/here")]
    [InlineData("/health/live")]
    [InlineData("/docs/index.html")]
    public async Task Every_answer_tells_browsers_what_not_to_do(string path)
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        var answer = await gateway.Get(path, gateway.ClientToken(5));

        answer.Header("X-Content-Type-Options").ShouldBe("nosniff");
        answer.Header("X-Frame-Options").ShouldBe("DENY");
        answer.Header("Referrer-Policy").ShouldBe("no-referrer");
        answer.Header("Content-Security-Policy").ShouldNotBeNull().ShouldStartWith("default-src 'none'");
        answer.Header("Content-Security-Policy").ShouldNotBeNull().ShouldContain("frame-ancestors 'none'");
        answer.Header("Server").ShouldBeNull();
    }

    [Fact]
    public async Task Answers_about_people_are_kept_by_nobody_unless_the_service_says_otherwise()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Loyalty.Answer = context =>
        {
            context.Response.Headers.CacheControl = "private, max-age=5";
            return Task.CompletedTask;
        };

        (await gateway.Get("/api/users/me", gateway.ClientToken(5))).Header("Cache-Control").ShouldBe("no-store");
        (await gateway.Get("/api/loyalty/levels", gateway.ClientToken(5))).Header("Cache-Control").ShouldNotBeNull().ShouldContain("max-age=5");
    }

    [Fact]
    public async Task The_landing_page_shows_without_anything_inline_and_links_the_docs_where_there_are_some()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        var page = await gateway.Get("/");

        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Header("Content-Type").ShouldBe("text/html; charset=utf-8");
        page.Text.ShouldNotContain("<script");
        page.Text.ShouldNotContain("<style");
        page.Text.ShouldNotContain("style=");
        page.Text.ShouldContain("href=\"/docs\"");
        (await gateway.Get("/landing.css")).Header("Content-Type").ShouldBe("text/css; charset=utf-8");
    }

    [Fact]
    public async Task The_landing_page_names_every_part_of_the_platform_and_in_development_the_tools()
    {
        (string, string)[] tools = [("Gateway:SandboxAddress", "http://localhost:8090"), ("Gateway:DashboardAddress", "http://localhost:18888")];
        await using var gateway = await GatewayUnderTest.Start(keys, settings: tools);

        var page = (await gateway.Get("/")).Text;

        var parts = gateway.Routes.Where(route => route.Match.Path!.StartsWith("/api/", StringComparison.Ordinal)).Select(route => string.Join('/', route.Match.Path!.Split('/').Take(3))).Distinct();
        parts.ShouldAllBe(part => page.Contains($"<code>{part}</code>"));
        page.ShouldContain("href=\"http://localhost:8090/\"");
        page.ShouldContain("href=\"http://localhost:18888/\"");
        await using var inProduction = await production.Start(keys, [("Proxies", "none"), .. tools]);
        (await inProduction.Get("/")).Text.ShouldNotContain("localhost");
    }

    [Fact]
    public async Task A_page_of_a_listed_origin_may_call_and_no_other()
    {
        await using var gateway = await production.Start(keys, ("Proxies", "none"), ("Gateway:CorsOrigins:0", Page));

        var preflight = await Preflight(gateway, Page);
        preflight.Status.ShouldBe(HttpStatusCode.NoContent);
        preflight.Header("Access-Control-Allow-Origin").ShouldBe(Page);
        preflight.Header("Access-Control-Allow-Headers").ShouldNotBeNull().ShouldContain("Idempotency-Key");
        (await Preflight(gateway, "https://evil.example")).Header("Access-Control-Allow-Origin").ShouldBeNull();

        var call = await gateway.Get("/api/users/me", gateway.ClientToken(5), headers: ("Origin", Page));
        call.Header("Access-Control-Allow-Origin").ShouldBe(Page);
        call.Header("Access-Control-Expose-Headers").ShouldNotBeNull().ShouldContain("Retry-After");
        // A page must be able to read why it was refused.
        (await gateway.Get("/api/users/me", headers: ("Origin", Page))).Header("Access-Control-Allow-Origin").ShouldBe(Page);
        (await gateway.Get("/api/users/me", gateway.ClientToken(5), headers: ("Origin", "https://evil.example"))).Header("Access-Control-Allow-Origin").ShouldBeNull();
    }

    [Fact]
    public async Task Without_a_setting_no_origin_is_allowed()
    {
        await using var gateway = await production.Start(keys, ("Proxies", "none"));

        (await Preflight(gateway, Page)).Header("Access-Control-Allow-Origin").ShouldBeNull();
        (await Preflight(gateway, "http://localhost:3000")).Header("Access-Control-Allow-Origin").ShouldBeNull();
    }

    private static Task<Answer> Preflight(GatewayUnderTest gateway, string origin) =>
        gateway.Send(HttpMethod.Options, "/orders/", token: null, body: null, from: null,
            ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type,idempotency-key"));
}
