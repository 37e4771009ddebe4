using System.Net;

namespace Platform.Users.Tests.SignIn;

public sealed class RefreshTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task A_refresh_token_is_exchanged_for_a_new_pair()
    {
        var telegramId = UsersApp.NewTelegramId();
        var signIn = await app.SignInByBot(telegramId);

        var refreshed = await app.Refresh(signIn.RefreshToken);

        refreshed.Status.ShouldBe(HttpStatusCode.OK);
        refreshed.Json("tokenType").ShouldBe("Bearer");
        refreshed.Json("expiresIn").ShouldBe(600);
        refreshed.Header("Cache-Control").ShouldBe("no-store");
        refreshed.RefreshToken.ShouldNotBe(signIn.RefreshToken);
        var me = await app.Get("/api/auth/me", refreshed.AccessToken);
        me.Json("telegramId").ShouldBe(telegramId.Value);
        me.Json("actor").ShouldBe("barista-bot");
    }

    [Fact]
    public async Task Roles_are_looked_up_at_each_refresh()
    {
        var telegramId = UsersApp.NewTelegramId();
        var signIn = await app.SignInByBot(telegramId);
        await app.Register(signIn.AccessToken, UsersApp.ProfileDetails());

        var asClient = await app.Refresh(signIn.RefreshToken);
        await app.GivenStaff(telegramId);
        var asStaff = await app.Refresh(asClient.RefreshToken);

        (await app.Get("/api/auth/me", asClient.AccessToken)).Json("role").ShouldBe("client");
        (await app.Get("/api/auth/me", asStaff.AccessToken)).Json("role").ShouldBe("staff");
    }

    [Fact]
    public async Task The_admin_can_refresh()
    {
        var signIn = await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword);

        var refreshed = await app.Refresh(signIn.RefreshToken);

        (await app.Get("/api/auth/me", refreshed.AccessToken)).Json("role").ShouldBe("admin");
    }

    [Fact]
    public async Task A_refresh_token_lives_for_30_days()
    {
        var early = await app.SignInByBot(UsersApp.NewTelegramId());
        var late = await app.SignInByBot(UsersApp.NewTelegramId());

        app.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        var refreshed = await app.Refresh(early.RefreshToken);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var tooLate = await app.Refresh(late.RefreshToken);
        app.Clock.Advance(TimeSpan.FromDays(29));
        var again = await app.Refresh(refreshed.RefreshToken);

        refreshed.Status.ShouldBe(HttpStatusCode.OK);
        tooLate.ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");
        again.Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_reused_refresh_token_revokes_only_its_own_family()
    {
        var telegramId = UsersApp.NewTelegramId();
        var stolen = await app.SignInByBot(telegramId);
        var elsewhere = await app.SignInByBot(telegramId);
        var second = await app.Refresh(stolen.RefreshToken);
        var third = await app.Refresh(second.RefreshToken);

        (await app.Refresh(stolen.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");

        (await app.Refresh(third.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");
        (await app.Refresh(elsewhere.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_of_20_concurrent_exchanges_succeeds_and_no_live_token_is_left()
    {
        await using var replica = await app.AnotherReplica();
        var telegramId = UsersApp.NewTelegramId();
        var signIn = await app.SignInByBot(telegramId);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => i % 2 == 0 ? app.Refresh(signIn.RefreshToken) : replica.Api.Refresh(signIn.RefreshToken)));

        var winner = answers.Where(answer => answer.Status == HttpStatusCode.OK).ShouldHaveSingleItem();
        answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized).ShouldBe(19);
        (await app.Refresh(winner.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");
        (await app.Count($"select count(*) from token_families where telegram_id = {telegramId} and revoked_at is null")).ShouldBe(0);
    }

    [Fact]
    public async Task A_concurrent_theft_and_exchange_always_revoke_the_family()
    {
        for (var i = 0; i < 10; i++)
        {
            var first = await app.SignInByBot(UsersApp.NewTelegramId());
            var second = await app.Refresh(first.RefreshToken);

            var answers = await Task.WhenAll(app.Refresh(first.RefreshToken), app.Refresh(second.RefreshToken));

            answers[0].ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");
            if (answers[1].Status == HttpStatusCode.OK)
            {
                (await app.Refresh(answers[1].RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");
            }
        }
    }

    [Fact]
    public async Task The_database_stores_only_hashes_of_refresh_tokens()
    {
        var signIn = await app.SignInByBot(UsersApp.NewTelegramId());

        (await app.Count($"select count(*) from refresh_tokens where hash = sha256('{signIn.RefreshToken}'::bytea)")).ShouldBe(1);
        signIn.RefreshToken.Length.ShouldBe(43);
    }

    [Theory]
    [InlineData("""{"refreshToken":"nobody knows it"}""", HttpStatusCode.Unauthorized)]
    [InlineData("""{"refreshToken":""}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"refreshToken":null}""", HttpStatusCode.BadRequest)]
    [InlineData("""{}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"refreshToken":"x","scope":"all"}""", HttpStatusCode.BadRequest)]
    public async Task An_invalid_refresh_token_is_refused(string body, HttpStatusCode status)
    {
        (await app.PostRaw("/api/auth/refresh", body)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task Too_long_a_refresh_token_is_refused()
    {
        (await app.Refresh(new string('a', 101))).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }
}
