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
    public async Task Every_answer_has_security_headers(string path)
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
    public async Task Answers_are_not_cached_unless_the_service_allows_it()
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
    public async Task The_landing_page_has_no_inline_code_and_links_the_docs()
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
    public async Task The_landing_page_names_every_part_of_the_API_and_links_tools_in_development()
    {
        (string, string)[] tools = [("Gateway:SandboxAddress", "http://localhost:8090"), ("Gateway:DashboardAddress", "http://localhost:18888")];
        await using var gateway = await GatewayUnderTest.Start(keys, settings: tools);

        var page = (await gateway.Get("/")).Text;

        var parts = gateway.Routes.Select(route => route.Match.Path!).Where(path => path.StartsWith("/api/", StringComparison.Ordinal))
            .Select(path => string.Join('/', path.Split('/').Take(3))).Distinct();
        parts.ShouldAllBe(part => page.Contains($"<code>{part}</code>"));
        page.ShouldContain("href=\"http://localhost:8090/\"");
        page.ShouldContain("href=\"http://localhost:18888/\"");
        await using var inProduction = await production.Start(keys, [("Proxies", "none"), .. tools]);
        (await inProduction.Get("/")).Text.ShouldNotContain("localhost");
    }

    [Fact]
    public async Task Only_pages_of_listed_origins_may_call()
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
        // A page must be able to read a refusal.
        (await gateway.Get("/api/users/me", headers: ("Origin", Page))).Header("Access-Control-Allow-Origin").ShouldBe(Page);
        (await gateway.Get("/api/users/me", gateway.ClientToken(5), headers: ("Origin", "https://evil.example")))
            .Header("Access-Control-Allow-Origin").ShouldBeNull();
    }

    [Fact]
    public async Task No_origin_is_allowed_by_default_in_production()
    {
        await using var gateway = await production.Start(keys, ("Proxies", "none"));

        (await Preflight(gateway, Page)).Header("Access-Control-Allow-Origin").ShouldBeNull();
        (await Preflight(gateway, "http://localhost:3000")).Header("Access-Control-Allow-Origin").ShouldBeNull();
    }

    private static Task<Answer> Preflight(GatewayUnderTest gateway, string origin) =>
        gateway.Send(HttpMethod.Options, "/orders/", token: null, body: null, from: null,
            ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type,idempotency-key"));
}
