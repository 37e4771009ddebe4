using System.Net;
using Platform.Testing;

namespace Platform.Gateway.Tests.Limits;

public sealed class CallerLimitsTests(KeysInDatabase keys) : IClassFixture<KeysInDatabase>
{
    public static TheoryData<string, string, int> ShippedLimits => new()
    {
        { "POST", "/users/", 5 },
        { "POST", "/api/users", 5 },
        { "GET", "/users/1001", 30 },
        { "GET", "/api/users/by-telegram/1001", 30 },
        { "POST", "/api/auth/login", 10 },
        { "POST", "/orders/", 120 },
        { "GET", "/api/loyalty/accounts/me", 600 },
    };

    [Theory]
    [MemberData(nameof(ShippedLimits))]
    public async Task A_caller_over_the_shipped_limit_is_refused_with_Retry_After(string method, string path, int limit)
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        var token = gateway.ClientToken(5, 1001);

        var answers = await Many(limit, () => gateway.Send(new HttpMethod(method), path, token, body: null));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        var refused = await gateway.Send(new HttpMethod(method), path, token, body: null);
        refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        refused.RetryAfter.ShouldBeInRange(1, 60);
    }

    [Fact]
    public async Task The_old_and_the_current_path_of_a_call_share_one_limit()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("Gateway:Limits:ProfileReads", "2"));
        var token = gateway.ClientToken(5);

        (await gateway.Get("/users/1001/", token)).Status.ShouldBe(HttpStatusCode.OK);
        (await gateway.Get("/api/users/by-telegram/1001", token)).Status.ShouldBe(HttpStatusCode.OK);
        (await gateway.Get("/users/1002", token)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Reads_and_writes_have_separate_limits()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: [("Gateway:Limits:Reads", "1"), ("Gateway:Limits:Writes", "1")]);
        var token = gateway.ClientToken(5);

        (await gateway.Get("/api/loyalty/accounts/me", token)).Status.ShouldBe(HttpStatusCode.OK);
        (await gateway.Post("/codes/generate", token)).Status.ShouldBe(HttpStatusCode.OK);
        (await gateway.Get("/api/notifications/mine", token)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await gateway.Post("/orders", token)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task People_behind_one_bot_have_separate_limits_that_outlast_registration()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("Gateway:Limits:Reads", "1"));

        (await gateway.Get("/api/users/me", gateway.GuestToken(1001))).Status.ShouldBe(HttpStatusCode.OK);
        (await gateway.Get("/api/users/me", gateway.GuestToken(1002))).Status.ShouldBe(HttpStatusCode.OK);
        (await gateway.Get("/api/users/me", gateway.ClientToken(5, telegramId: 1001))).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await gateway.Get("/api/users/me", gateway.ClientToken(6))).Status.ShouldBe(HttpStatusCode.OK);
        (await gateway.Get("/api/users/me", gateway.StaffToken(6))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_caller_without_a_token_is_counted_by_address()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("Gateway:Limits:Logins", "1"));

        (await gateway.Post("/api/auth/login", from: "127.0.0.2")).Status.ShouldBe(HttpStatusCode.OK);
        (await gateway.Post("/api/auth/login", from: "127.0.0.2", headers: ("X-Forwarded-For", "8.8.8.8"))).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await gateway.Post("/api/auth/login", from: "127.0.0.3")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task IPv6_callers_are_counted_by_network_and_IPv4_mapped_addresses_as_IPv4()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: [("Proxies", "127.0.0.1"), ("Gateway:Limits:Logins", "3")]);

        Task<Answer> From(string address) => gateway.Post("/api/auth/login", headers: ("X-Forwarded-For", address));

        for (var number = 1; number <= 3; number++)
        {
            (await From($"2001:db8:1:2::{number}")).Status.ShouldBe(HttpStatusCode.OK);
        }

        (await From("2001:db8:1:2:ffff::4")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await From("2001:db8:1:3::1")).Status.ShouldBe(HttpStatusCode.OK);
        (await From("::ffff:203.0.113.4")).Status.ShouldBe(HttpStatusCode.OK);
        (await From("203.0.113.4")).Status.ShouldBe(HttpStatusCode.OK);
        (await From("203.0.113.4")).Status.ShouldBe(HttpStatusCode.OK);
        (await From("::ffff:203.0.113.4")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await From("203.0.113.5")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Wrong_bot_keys_are_counted_by_IPv6_network()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: [("Proxies", "127.0.0.1"), ("Gateway:Limits:WrongBotKeys", "1")]);
        gateway.Users.Answer = context =>
        {
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        };

        Task<Answer> From(string address) =>
            gateway.Post("/api/auth/bot", body: new { telegramId = 1 }, headers: [("X-Forwarded-For", address), ("X-Api-Key", address)]);

        (await From("2001:db8:1:2::1")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await From("2001:db8:1:2::2")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await From("2001:db8:1:3::1")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Each_gateway_allows_its_share_except_for_limits_that_users_counts()
    {
        await using var gateway = await GatewayUnderTest.Start(
            keys, settings: [("Gateway:Replicas", "3"), ("Gateway:Limits:ProfileReads", "7"),
                ("Gateway:Limits:Registrations", "3"), ("Gateway:Limits:Writes", "4")]);
        var token = gateway.ClientToken(5);

        (await Many(7, () => gateway.Get("/users/1001", token))).Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(2);
        (await Many(7, () => gateway.Post("/users", token))).Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(3);
        (await Many(3, () => gateway.Post("/orders", token))).Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_caller_is_served_again_after_the_window()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: [("Gateway:Limits:Reads", "1"), ("Gateway:Limits:Window", "00:00:01")]);
        var token = gateway.ClientToken(5);

        var ct = TestContext.Current.CancellationToken;
        await Eventually.IsTrue(async () => (await gateway.Get("/api/users/me", token)).Status == HttpStatusCode.TooManyRequests, ct);
        await Eventually.IsTrue(async () => (await gateway.Get("/api/users/me", token)).Status == HttpStatusCode.OK, ct);
    }

    [Theory]
    [InlineData("Gateway:Replicas", "0")]
    [InlineData("Gateway:Limits:Logins", "0")]
    [InlineData("Gateway:UpstreamTimeout", "00:00:00")]
    [InlineData("Gateway:Replicas", "31")]
    [InlineData("Proxies", "the-proxy")]
    [InlineData("Proxies", "10.0.0.0/33")]
    [InlineData("Proxies", "0.0.0.0/0")]
    public async Task The_gateway_does_not_start_with_an_invalid_setting_and_names_it(string key, string value)
    {
        var refused = await Should.ThrowAsync<Exception>(() => GatewayUnderTest.Start(keys, settings: (key, value)));

        refused.ToString().ShouldContain(key[(key.LastIndexOf(':') + 1)..]);
    }

    private static async Task<IReadOnlyList<Answer>> Many(int count, Func<Task<Answer>> call)
    {
        var answers = new List<Answer>();
        foreach (var batch in Enumerable.Range(0, count).Chunk(20))
        {
            answers.AddRange(await Task.WhenAll(batch.Select(_ => call())));
        }

        return answers;
    }
}
