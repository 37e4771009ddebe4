using System.Net;

namespace Platform.Gateway.Tests.Routing;

public sealed class RoutesTests(KeysInDatabase keys) : IClassFixture<KeysInDatabase>
{
    public static TheoryData<string, string, string, string> Paths => new()
    {
        // Paths of the replaced systems.
        { "POST", "/users", "users", "/api/users" },
        { "GET", "/users/1001", "users", "/api/users/by-telegram/1001" },
        { "POST", "/codes/generate", "loyalty", "/api/loyalty/codes" },
        { "POST", "/orders", "loyalty", "/api/loyalty/orders" },
        { "POST", "/gifts", "loyalty", "/api/loyalty/gifts" },
        { "POST", "/feedback/review", "loyalty", "/api/loyalty/feedback/review" },
        { "POST", "/feedback/idea", "loyalty", "/api/loyalty/feedback/idea" },
        { "POST", "/feedback/message", "loyalty", "/api/loyalty/feedback/message" },
        { "POST", "/feedback/messages/7/reply", "loyalty", "/api/loyalty/feedback/7/reply" },
        { "GET", "/analytics/summary", "loyalty", "/api/loyalty/analytics/summary" },
        // Current paths.
        { "POST", "/api/users", "users", "/api/users" },
        { "GET", "/api/users/me", "users", "/api/users/me" },
        { "GET", "/api/users/by-telegram/1001", "users", "/api/users/by-telegram/1001" },
        { "POST", "/api/users/staff", "users", "/api/users/staff" },
        { "POST", "/api/auth/login", "users", "/api/auth/login" },
        { "POST", "/api/auth/bot", "users", "/api/auth/bot" },
        { "POST", "/api/auth/refresh", "users", "/api/auth/refresh" },
        { "GET", "/api/auth/me", "users", "/api/auth/me" },
        { "GET", "/api/loyalty/accounts/me", "loyalty", "/api/loyalty/accounts/me" },
        { "POST", "/api/loyalty/orders", "loyalty", "/api/loyalty/orders" },
        { "GET", "/api/notifications/mine", "notifications", "/api/notifications/mine" },
        { "GET", "/api/notifications", "notifications", "/api/notifications" },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_path_leads_to_its_service_with_and_without_a_trailing_slash(string method, string path, string service, string arrivesAs)
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        var upstream = service switch
        {
            "users" => gateway.Users,
            "loyalty" => gateway.Loyalty,
            _ => gateway.Notifications,
        };

        foreach (var spelled in new[] { path, path + "/", path + "?limit=5" })
        {
            var answer = await gateway.Send(new HttpMethod(method), spelled, gateway.ClientToken(5, 1001), body: null);
            answer.Status.ShouldBe(HttpStatusCode.OK, spelled);
        }

        upstream.Calls.Select(call => (call.Method, call.Path.TrimEnd('/'))).ShouldBe(Enumerable.Repeat((method, arrivesAs), 3));
        upstream.Calls.Last().Query.ShouldBe("?limit=5");
    }

    [Theory]
    [InlineData("/internal/users")]
    [InlineData("/api/internal")]
    [InlineData("/nothing/here")]
    [InlineData("/users/1001/secrets")]
    [InlineData("/codes")]
    public async Task An_unknown_path_is_not_found(string path)
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        (await gateway.Get(path, gateway.StaffToken(1))).ShouldBeProblem(HttpStatusCode.NotFound, "not_found");
        gateway.Users.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/users/../../internal/keys")]
    [InlineData("/api/users/%2e%2e/%2e%2e/internal/keys")]
    [InlineData("/api/loyalty/./../../internal/keys")]
    // A service would decode these a second time.
    [InlineData("/api/users/%252e%252e/%252e%252e/internal/keys")]
    [InlineData("/api/users/%2525252e%2525252e/internal/keys")]
    [InlineData("/api/users/..%2f..%2finternal/keys")]
    [InlineData("/api/users/..%252F..%252Finternal/keys")]
    [InlineData("/api/users/..%5c..%5cinternal/keys")]
    [InlineData("/api/users/..%255c..%255cinternal/keys")]
    [InlineData("/users/5%2Fcard")]
    [InlineData("/users/5%252Fcard")]
    [InlineData("/users/5%3Fdeep=1")]
    [InlineData("/users/5%253Fdeep=1")]
    [InlineData("/users/5%23top")]
    [InlineData("/users/5%0a")]
    [InlineData("/users/%zz")]
    public async Task Encoded_dots_and_slashes_in_a_path_do_not_reach_internal_routes(string path)
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        var answer = await gateway.Raw($"GET {path} HTTP/1.1", $"Authorization: Bearer {gateway.StaffToken(1)}");

        answer.ShouldBeProblem(HttpStatusCode.NotFound, "not_found");
        gateway.Users.Calls.Concat(gateway.Loyalty.Calls).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_route_has_an_authorization_and_a_rate_limit_policy()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        gateway.Routes.Count.ShouldBeGreaterThan(10);
        gateway.Routes.Where(route => route.AuthorizationPolicy is null || route.RateLimiterPolicy is null).ShouldBeEmpty();
        gateway.Routes.ShouldAllBe(route => !route.Match.Path!.Contains("internal"));
    }

    [Fact]
    public async Task A_wrong_method_is_refused_with_the_allowed_ones()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        var answer = await gateway.Get("/orders", gateway.StaffToken(1));

        answer.ShouldBeProblem(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        answer.Header("Allow").ShouldBe("POST");
    }

    [Theory]
    [InlineData("GET", "/users/1001")]
    [InlineData("POST", "/codes/generate")]
    [InlineData("POST", "/orders")]
    [InlineData("POST", "/gifts")]
    [InlineData("POST", "/feedback/review")]
    [InlineData("GET", "/analytics/summary")]
    [InlineData("GET", "/api/users/me")]
    [InlineData("GET", "/api/auth/me")]
    [InlineData("GET", "/api/loyalty/accounts/me")]
    [InlineData("GET", "/api/notifications/mine")]
    public async Task A_call_without_a_valid_token_is_refused_by_the_gateway(string method, string path)
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        foreach (var token in new[] { null, "no-token-of-ours" })
        {
            var answer = await gateway.Send(new HttpMethod(method), path, token, body: null);
            answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
            answer.Header("WWW-Authenticate").ShouldBe("Bearer");
        }

        gateway.Users.Calls.Concat(gateway.Loyalty.Calls).Concat(gateway.Notifications.Calls).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/users")]
    [InlineData("/api/users")]
    [InlineData("/api/auth/login")]
    [InlineData("/api/auth/bot")]
    [InlineData("/api/auth/refresh")]
    public async Task Sign_in_and_registration_need_no_token(string path)
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        (await gateway.Post(path)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Token_and_trace_headers_reach_the_service_and_forged_headers_do_not()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        var token = gateway.ClientToken(5);

        await gateway.Get("/api/loyalty/accounts/me", token, from: "127.0.0.9",
            ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            ("X-Forwarded-For", "8.8.8.8"),
            ("X-Forwarded-Host", "evil.example"),
            ("X-Forwarded-Proto", "https"),
            ("Forwarded", "for=8.8.8.8"),
            ("X-Real-IP", "8.8.8.8"),
            ("X-Api-Key", "stolen"),
            ("Idempotency-Key", "k-1"),
            ("Connection", "X-Hop"),
            ("Proxy-Authorization", "Basic abc"));

        var headers = gateway.Loyalty.Calls.ShouldHaveSingleItem().Headers;
        headers["Authorization"].ShouldBe($"Bearer {token}");
        headers["Idempotency-Key"].ShouldBe("k-1");
        headers["traceparent"].ShouldStartWith("00-0af7651916cd43dd8448eb211c80319c-");
        headers["X-Forwarded-For"].ShouldBe("127.0.0.9");
        headers["X-Forwarded-Host"].ShouldBe(gateway.Address.Authority);
        headers["X-Forwarded-Proto"].ShouldBe("http");
        headers.Keys.ShouldNotContain("Forwarded");
        headers.Keys.ShouldNotContain("X-Real-IP");
        headers.Keys.ShouldNotContain("X-Api-Key");
        headers.Keys.ShouldNotContain("Proxy-Authorization");
        headers.Keys.ShouldNotContain("X-Hop");
    }

    [Fact]
    public async Task The_bot_key_reaches_the_bot_sign_in_route()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        await gateway.Post("/api/auth/bot", body: new { telegramId = 1001 }, headers: ("X-Api-Key", "the-key"));

        gateway.Users.Calls.ShouldHaveSingleItem().Headers["X-Api-Key"].ShouldBe("the-key");
    }
}
