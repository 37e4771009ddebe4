using System.Net;
using Platform.Users.SignIn;

namespace Platform.Users.Tests.SignIn;

public sealed class PurgeExpiredSignInsTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task Only_unusable_sign_ins_are_deleted()
    {
        var (old, alive) = (UsersApp.NewTelegramId(), UsersApp.NewTelegramId());
        await app.SignInByBot(old);
        var first = await app.SignInByBot(alive);
        await app.Login("nobody", "x");
        app.Clock.Advance(TimeSpan.FromDays(29));
        var second = await app.Refresh(first.RefreshToken);
        await app.Login("stranger", "x");
        app.Clock.Advance(TimeSpan.FromHours(25));

        await Forget();
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await Forget();

        (await app.Count($"select count(*) from token_families where telegram_id = {old}")).ShouldBe(0);
        (await app.Count($"select count(*) from token_families where telegram_id = {alive}")).ShouldBe(1);
        (await app.Count("select count(*) from login_failures")).ShouldBe(0);
        (await app.Refresh(second.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_lockout_in_force_is_not_deleted()
    {
        for (var i = 0; i < 5; i++)
        {
            await app.Login("ghost", "x");
        }

        await Forget();

        (await app.Login("ghost", "x")).ShouldBeProblem(HttpStatusCode.TooManyRequests, "locked_out");
    }

    private async Task Forget()
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PurgeExpiredSignIns>().Run(TestContext.Current.CancellationToken);
    }
}
