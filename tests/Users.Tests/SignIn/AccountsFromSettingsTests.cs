using System.Net;
using Platform.Testing;

namespace Platform.Users.Tests.SignIn;

public sealed class AccountsFromSettingsTests(UsersApp app) : IClassFixture<UsersApp>
{
    private const string NewPassword = "another password altogether";

    [Fact]
    public async Task A_changed_password_works_from_the_next_start_and_the_old_one_and_its_sign_ins_no_more()
    {
        await using (await app.AnotherReplica())
        {
            var before = await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword);

            await using var restarted = await app.AnotherReplica(("ADMIN_PASSWORD", NewPassword));

            (await restarted.Api.Login(UsersApp.AdminLogin, NewPassword)).Status.ShouldBe(HttpStatusCode.OK);
            (await restarted.Api.Login(UsersApp.AdminLogin, UsersApp.AdminPassword)).ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_credentials");
            (await restarted.Api.Refresh(before.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");
            await Eventually.Passes(
                async () => (await app.Get("/api/auth/me", before.AccessToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated"),
                TestContext.Current.CancellationToken);
            (await app.Count("select count(*) from credentials")).ShouldBe(1);
            (await app.Count("select count(*) from staff where role = 'admin'")).ShouldBe(1);
        }

        await using var back = await AsItWas();
        (await back.Api.Login(UsersApp.AdminLogin, UsersApp.AdminPassword)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_changed_login_is_the_same_admin_under_another_name()
    {
        var before = await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword);
        var admin = (await app.Get("/api/auth/me", before.AccessToken)).Json("staffId");
        await using (var renamed = await app.AnotherReplica(("ADMIN_LOGIN", "Boss")))
        {
            var signIn = await renamed.Api.Login("boss", UsersApp.AdminPassword);

            (await renamed.Api.Get("/api/auth/me", signIn.AccessToken)).Json("staffId").ShouldBe(admin);
            (await renamed.Api.Login(UsersApp.AdminLogin, UsersApp.AdminPassword)).ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_credentials");
        }

        await using var back = await AsItWas();
    }

    [Fact]
    public async Task A_replica_that_restarts_with_replaced_settings_brings_nothing_back()
    {
        const string newKey = "another-key-for-the-barista-bot-of-these-tests";
        await using var changed = await app.AnotherReplica(("ADMIN_LOGIN", "Boss"), ("ADMIN_PASSWORD", NewPassword), ("BOT_API_KEY_BARISTA", newKey));
        var signIn = await changed.Api.Login("Boss", NewPassword);

        await using var late = await app.AnotherReplica();

        (await late.Api.Login("Boss", NewPassword)).Status.ShouldBe(HttpStatusCode.OK);
        (await late.Api.Login(UsersApp.AdminLogin, UsersApp.AdminPassword)).ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_credentials");
        (await late.Api.SignInByBot(UsersApp.NewTelegramId(), newKey)).Status.ShouldBe(HttpStatusCode.OK);
        (await late.Api.SignInByBot(UsersApp.NewTelegramId(), UsersApp.BaristaBotKey)).ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_api_key");
        (await late.Api.Get("/api/auth/me", signIn.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await late.Api.Refresh(signIn.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
        await using var back = await AsItWas();
    }

    [Fact]
    public async Task A_higher_version_of_the_settings_goes_back_to_a_replaced_password_and_a_lower_one_changes_nothing()
    {
        await using (await app.AnotherReplica(("ADMIN_PASSWORD", NewPassword)))
        {
        }

        await using var back = await app.AnotherReplica(("Users:AccountsVersion", "1"));
        await using var late = await app.AnotherReplica(("ADMIN_PASSWORD", "a password that nobody has had yet"));

        (await late.Api.Login(UsersApp.AdminLogin, UsersApp.AdminPassword)).Status.ShouldBe(HttpStatusCode.OK);
        await app.Execute("update credentials set settings_version = 0");
        await using var again = await AsItWas();
    }

    [Fact]
    public async Task A_start_with_the_same_settings_ends_no_sign_in()
    {
        var signIn = await app.Login(UsersApp.AdminLogin, UsersApp.AdminPassword);

        await using var restarted = await app.AnotherReplica();

        (await restarted.Api.Refresh(signIn.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("BOT_API_KEY_CLIENT", UsersApp.ClientBotKey)]
    [InlineData("BOT_API_KEY_BARISTA", UsersApp.BaristaBotKey)]
    public async Task A_changed_bot_key_works_and_the_old_one_no_more(string setting, string before)
    {
        var key = before + "-new";
        await using (var restarted = await app.AnotherReplica((setting, key)))
        {
            (await restarted.Api.SignInByBot(UsersApp.NewTelegramId(), key)).Status.ShouldBe(HttpStatusCode.OK);
            (await restarted.Api.SignInByBot(UsersApp.NewTelegramId(), before)).ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_api_key");
        }

        await using var back = await AsItWas();
        (await back.Api.SignInByBot(UsersApp.NewTelegramId(), before)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Keys_that_were_exchanged_are_the_other_bots_from_the_next_start()
    {
        await using (var restarted = await app.AnotherReplica(("BOT_API_KEY_CLIENT", UsersApp.BaristaBotKey), ("BOT_API_KEY_BARISTA", UsersApp.ClientBotKey)))
        {
            var token = (await restarted.Api.SignInByBot(UsersApp.NewTelegramId(), UsersApp.ClientBotKey)).AccessToken;
            (await restarted.Api.Get("/api/auth/me", token)).Json("actor").ShouldBe("barista-bot");
        }

        await using var back = await AsItWas();
        var again = (await back.Api.SignInByBot(UsersApp.NewTelegramId(), UsersApp.ClientBotKey)).AccessToken;
        (await back.Api.Get("/api/auth/me", again)).Json("actor").ShouldBe("client-bot");
    }

    [Fact]
    public async Task Replicas_that_start_at_once_make_one_admin_and_one_key_a_bot()
    {
        await app.Execute("delete from refresh_tokens");
        await app.Execute("delete from token_families");
        await app.Execute("delete from credentials");
        await app.Execute("delete from bot_keys");
        await app.Execute("delete from staff");

        var replicas = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.AnotherReplica()));

        foreach (var replica in replicas)
        {
            (await replica.Api.Login(UsersApp.AdminLogin, UsersApp.AdminPassword)).Status.ShouldBe(HttpStatusCode.OK);
            (await replica.Api.SignInByBot(UsersApp.NewTelegramId(), UsersApp.BaristaBotKey)).Status.ShouldBe(HttpStatusCode.OK);
            (await replica.Api.SignInByBot(UsersApp.NewTelegramId(), UsersApp.ClientBotKey)).Status.ShouldBe(HttpStatusCode.OK);
            await replica.DisposeAsync();
        }

        (await app.Count("select count(*) from credentials")).ShouldBe(1);
        (await app.Count("select count(*) from staff")).ShouldBe(1);
        (await app.Count("select count(*) from bot_keys")).ShouldBe(2);
    }

    [Theory]
    [InlineData("ADMIN_LOGIN", "")]
    [InlineData("ADMIN_PASSWORD", "")]
    [InlineData("ADMIN_PASSWORD", "too short")]
    [InlineData("BOT_API_KEY_CLIENT", "")]
    [InlineData("BOT_API_KEY_CLIENT", "less than 32 characters")]
    [InlineData("BOT_API_KEY_CLIENT", UsersApp.BaristaBotKey)]
    [InlineData("BOT_API_KEY_BARISTA", "")]
    [InlineData("BOT_API_KEY_BARISTA", "less than 32 characters")]
    [InlineData("CARD_SECRET", "")]
    [InlineData("CARD_SECRET", "less than 32 characters")]
    [InlineData("Users:ConsentText", "1999-01")]
    [InlineData("TIME_ZONE", "Mars/Phobos")]
    public async Task A_missing_or_weak_setting_stops_the_start_and_is_named(string setting, string value)
    {
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings:database"] = app.Database.Service("users"),
            ["ConnectionStrings:rabbitmq"] = app.Broker.Address.ToString(),
            ["ADMIN_LOGIN"] = UsersApp.AdminLogin,
            ["ADMIN_PASSWORD"] = UsersApp.AdminPassword,
            ["BOT_API_KEY_CLIENT"] = UsersApp.ClientBotKey,
            ["BOT_API_KEY_BARISTA"] = UsersApp.BaristaBotKey,
            ["CARD_SECRET"] = UsersApp.CardSecret,
            [setting] = value,
        };

        var outcome = await ServiceProcess.Run(Repository.Program("Users"), [], settings, TimeSpan.FromMinutes(1));

        outcome.ExitCode.ShouldNotBe(0);
        outcome.Output.ShouldContain(setting);
        if (value.Length > 0)
        {
            outcome.Output.ShouldNotContain(value);
        }
    }

    /// <summary>The settings of all tests are in force again, as if no others had ever been.</summary>
    private async Task<UsersReplica> AsItWas()
    {
        await app.Execute("delete from replaced_settings");
        var replica = await app.AnotherReplica();
        // This start has replaced the test's settings, and another test may want the same ones.
        await app.Execute("delete from replaced_settings");
        return replica;
    }
}
