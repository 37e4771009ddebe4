using System.Net;

namespace Platform.Users.Tests.SignIn;

public sealed class WhoAmITests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task The_admin_sees_the_admin_role()
    {
        var me = await app.Get("/api/auth/me", await app.Admin());

        me.Status.ShouldBe(HttpStatusCode.OK);
        me.Json("role").ShouldBe("admin");
        $"staff:{me.Json("staffId")}".ShouldBe(app.AdminSubject);
        me.Json("actor").ShouldBeNull();
    }

    [Fact]
    public async Task An_access_token_is_valid_for_exactly_ten_minutes()
    {
        var token = await app.TokenByBot(UsersApp.NewTelegramId());

        app.Clock.Advance(TimeSpan.FromSeconds(599));
        (await app.Get("/api/auth/me", token)).Status.ShouldBe(HttpStatusCode.OK);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        (await app.Get("/api/auth/me", token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("CfDJ8NrAkS")]
    public async Task A_foreign_access_token_is_refused(string token)
    {
        (await app.Get("/api/auth/me", token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_tampered_access_token_is_refused()
    {
        var token = await app.TokenByBot(UsersApp.NewTelegramId());
        var middle = token.Length / 2;

        (await app.Get("/api/auth/me", token[..middle] + (token[middle] == 'A' ? 'B' : 'A') + token[(middle + 1)..]))
            .ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task An_access_token_of_one_replica_works_on_another()
    {
        await using var replica = await app.AnotherReplica();

        (await replica.Api.Get("/api/auth/me", await app.TokenByBot(UsersApp.NewTelegramId()))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_refresh_token_does_not_work_as_an_access_token()
    {
        var signIn = await app.SignInByBot(UsersApp.NewTelegramId());

        (await app.Get("/api/auth/me", signIn.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }
}
