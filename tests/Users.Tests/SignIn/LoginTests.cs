using System.Diagnostics;
using System.Net;
using Platform.Testing;

namespace Platform.Users.Tests.SignIn;

public sealed class LoginTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task The_admin_signs_in_with_the_configured_login_in_any_case()
    {
        foreach (var login in new[] { UsersApp.AdminLogin, UsersApp.AdminLogin.ToUpperInvariant() })
        {
            var signIn = await app.Login(login, UsersApp.AdminPassword);

            signIn.Status.ShouldBe(HttpStatusCode.OK);
            signIn.Json("tokenType").ShouldBe("Bearer");
            signIn.Json("expiresIn").ShouldBe(600);
            signIn.Header("Cache-Control").ShouldBe("no-store");
            (await app.Get("/api/auth/me", signIn.AccessToken)).Json("role").ShouldBe("admin");
        }
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_login_get_the_same_response()
    {
        var wrongPassword = await app.Login(UsersApp.AdminLogin, "not the password");
        var unknownLogin = await app.Login("nobody", UsersApp.AdminPassword);
        await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword);

        wrongPassword.ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_credentials");
        unknownLogin.ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_credentials");
        unknownLogin.WithoutTraceId().ShouldBe(wrongPassword.WithoutTraceId());
    }

    [Fact]
    public async Task An_unknown_login_takes_as_long_as_a_wrong_password()
    {
        var (known, unknown) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < 4; i++)
        {
            known = await Shorter(known, UsersApp.AdminLogin);
            unknown = await Shorter(unknown, "nobody at all");
        }

        await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword);

        // Hashing takes about fifteen times as long as the rest of the call.
        unknown.ShouldBeGreaterThan(known / 3);
        known.ShouldBeGreaterThan(unknown / 3);

        async Task<TimeSpan> Shorter(TimeSpan shortest, string login)
        {
            var started = Stopwatch.GetTimestamp();
            await app.Login(login, "not the password");
            return TimeSpan.FromTicks(Math.Min(shortest.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
        }
    }

    [Fact]
    public async Task Five_wrong_passwords_in_a_row_lock_the_login_for_five_minutes()
    {
        for (var i = 0; i < 5; i++)
        {
            (await app.Login(UsersApp.AdminLogin, $"guess {i}")).ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_credentials");
        }

        var locked = await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword);
        app.Clock.Advance(TimeSpan.FromSeconds(299));
        var stillLocked = await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var after = await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword);

        locked.ShouldBeProblem(HttpStatusCode.TooManyRequests, "locked_out");
        locked.RetryAfter.ShouldBe(300);
        stillLocked.RetryAfter.ShouldBe(1);
        after.Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Wrong_passwords_lock_out_only_the_network_they_come_from()
    {
        for (var network = 0; network < 3; network++)
        {
            for (var i = 0; i < 6; i++)
            {
                await app.Login(UsersApp.AdminLogin, $"guess {i}", $"203.0.113.{network}");
            }
        }

        (await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword, "203.0.113.1")).ShouldBeProblem(HttpStatusCode.TooManyRequests, "locked_out");
        (await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword, "198.51.100.1")).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_IPv6_network_is_locked_out_as_a_whole()
    {
        for (var i = 0; i < 5; i++)
        {
            await app.Login(UsersApp.AdminLogin, $"guess {i}", $"2001:db8:9:9::{i}");
        }

        (await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword, "2001:db8:9:9:aaaa::1")).ShouldBeProblem(HttpStatusCode.TooManyRequests, "locked_out");
        (await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword, "2001:db8:9:a::1")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_known_device_is_not_locked_out_by_others_in_its_network()
    {
        const string cafe = "203.0.113.200";
        var before = await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword, cafe);
        var refreshed = await app.Refresh(before.RefreshToken);
        for (var i = 0; i < 5; i++)
        {
            await app.Login(UsersApp.AdminLogin, $"guess {i}", cafe);
        }

        (await SignIn(UsersApp.AdminPassword, refreshToken: null)).ShouldBeProblem(HttpStatusCode.TooManyRequests, "locked_out");
        (await SignIn(UsersApp.AdminPassword, "of-nobody")).ShouldBeProblem(HttpStatusCode.TooManyRequests, "locked_out");
        foreach (var token in new[] { before.RefreshToken, refreshed.RefreshToken })
        {
            (await SignIn(UsersApp.AdminPassword, token)).Status.ShouldBe(HttpStatusCode.OK);
        }

        // A thief of the device gets five tries and uses up no one else's.
        for (var i = 0; i < 5; i++)
        {
            (await SignIn($"guess {i}", refreshed.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_credentials");
        }

        (await SignIn(UsersApp.AdminPassword, refreshed.RefreshToken)).ShouldBeProblem(HttpStatusCode.TooManyRequests, "locked_out");
        (await app.Refresh(refreshed.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);

        Task<Answer> SignIn(string password, string? refreshToken) =>
            app.Post("/api/auth/login", new { login = UsersApp.AdminLogin, password, refreshToken }, from: cafe);
    }

    [Fact]
    public async Task Guesses_from_many_networks_delay_unknown_networks_but_lock_no_one_out()
    {
        const string home = "198.51.100.77";
        (await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword, home)).Status.ShouldBe(HttpStatusCode.OK);
        await Task.WhenAll(Enumerable.Range(0, 52).Select(i => app.Login(UsersApp.AdminLogin, "guess", $"192.0.2.{i}")));

        var (strange, strangeTook) = await Timed("198.51.100.78");
        var (known, knownTook) = await Timed(home);

        (strange.Status, known.Status).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        strangeTook.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1.9));
        knownTook.ShouldBeLessThan(strangeTook);

        async Task<(Answer Answer, TimeSpan Took)> Timed(string from)
        {
            var started = Stopwatch.GetTimestamp();
            var answer = await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword, from);
            return (answer, Stopwatch.GetElapsedTime(started));
        }
    }

    [Fact]
    public async Task An_unknown_login_is_locked_out_like_a_known_one()
    {
        for (var i = 0; i < 5; i++)
        {
            (await app.Login("ghost", $"guess {i}")).ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_credentials");
        }

        var locked = await app.Login("Ghost", "guess");

        locked.ShouldBeProblem(HttpStatusCode.TooManyRequests, "locked_out");
        locked.RetryAfter.ShouldBe(300);
        (await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_lockout_is_followed_by_five_new_tries()
    {
        await Fail("phantom", times: 5);
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        await Fail("phantom", times: 5);

        (await app.Login("phantom", "guess")).ShouldBeProblem(HttpStatusCode.TooManyRequests, "locked_out");
    }

    [Fact]
    public async Task The_right_password_resets_the_count_of_wrong_ones()
    {
        for (var round = 0; round < 3; round++)
        {
            await Fail(UsersApp.AdminLogin, times: 4);
            (await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword)).Status.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Guessing_on_30_connections_of_two_replicas_gives_five_tries()
    {
        await using var replica = await app.AnotherReplica();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(
            i => i % 2 == 0 ? app.Login("hunted", $"guess {i}") : replica.Api.Login("hunted", $"guess {i}")));

        answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized).ShouldBe(5);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests && (string)answer.Json("code")! == "locked_out").ShouldBe(25);
    }

    [Fact]
    public async Task Concurrent_sign_ins_with_the_right_password_all_succeed()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Passwords_and_unknown_logins_are_not_stored_in_plain_text()
    {
        await app.Login("my-secret-typed-into-the-wrong-field", "x");

        (await app.Count($"select count(*) from credentials where password_hash like '%{UsersApp.AdminPassword}%'")).ShouldBe(0);
        (await app.Count("select count(*) from login_failures where encode(login_hash, 'escape') like '%secret%'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"login":"","password":"x"}""")]
    [InlineData("""{"login":"x","password":""}""")]
    [InlineData("""{"login":"x"}""")]
    [InlineData("""{"login":null,"password":"x"}""")]
    [InlineData("""{"login":"x","password":"x","remember":true}""")]
    [InlineData("""{"login":5,"password":"x"}""")]
    public async Task A_malformed_login_request_is_400(string body)
    {
        (await app.PostRaw("/api/auth/login", body)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Too_long_a_login_or_password_is_400()
    {
        (await app.Login(new string('a', 101), "x")).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await app.Login("x", new string('a', 201))).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    private async Task Fail(string login, int times)
    {
        for (var i = 0; i < times; i++)
        {
            (await app.Login(login, $"guess {i}")).ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_credentials");
        }
    }
}

/// <summary>Ten logins a minute per address; the other tests need more.</summary>
public sealed class LoginLimitTests(LoginLimitTests.LimitedApp app) : IClassFixture<LoginLimitTests.LimitedApp>
{
    [Fact]
    public async Task An_eleventh_login_from_an_address_in_a_minute_is_429_on_every_replica()
    {
        await using var replica = await app.AnotherReplica();
        // Skips the admin's sign-in at the start.
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(
            i => i % 2 == 0 ? app.Login($"stranger-{i}", "x") : replica.Api.Login($"stranger-{i}", "x")));
        var limited = await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var later = await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword);

        answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized).ShouldBe(10);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).ShouldBe(20);
        limited.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        limited.RetryAfter.ShouldBe(60);
        later.Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Addresses_of_one_IPv6_network_share_the_login_limit()
    {
        var answers = new List<HttpStatusCode>();
        for (var i = 1; i <= 11; i++)
        {
            answers.Add((await app.Login($"nobody-{i}", "x", $"2001:db8:1:2:{i}::{i}")).Status);
        }

        answers.ShouldBe([.. Enumerable.Repeat(HttpStatusCode.Unauthorized, 10), HttpStatusCode.TooManyRequests]);
        (await app.Login("nobody", "x", "2001:db8:1:3::1")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_IPv4_address_shares_the_login_limit_with_its_IPv6_form()
    {
        for (var i = 0; i < 10; i++)
        {
            (await app.Login($"nobody-{i}", "x", i % 2 == 0 ? "198.51.100.9" : "::ffff:198.51.100.9")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await app.Login("nobody", "x", "198.51.100.9")).ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        (await app.Login("nobody", "x", "198.51.100.10")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    public sealed class LimitedApp() : UsersApp("Users:LoginsPerMinute", "10");
}
