using System.Net;
using System.Security.Cryptography;

namespace Platform.Users.Tests.SignIn;

public sealed class SignInByBotTests(SharedUsersApp app)
{
    [Fact]
    public async Task Somebody_unknown_gets_a_guests_token_for_ten_minutes()
    {
        var telegramId = UsersApp.NewTelegramId();

        var signIn = await app.SignInByBot(telegramId);

        signIn.Status.ShouldBe(HttpStatusCode.OK);
        signIn.Json("tokenType").ShouldBe("Bearer");
        signIn.Json("expiresIn").ShouldBe(600);
        signIn.Header("Cache-Control").ShouldBe("no-store");
        var me = await app.Get("/api/auth/me", signIn.AccessToken);
        me.Json("role").ShouldBe("guest");
        me.Json("telegramId").ShouldBe(telegramId.Value);
        me.Json("userId").ShouldBeNull();
        me.Json("actor").ShouldBe("barista-bot");
    }

    [Fact]
    public async Task Somebody_registered_gets_a_clients_token()
    {
        var person = await app.GivenPerson();

        var me = await app.Get("/api/auth/me", await app.TokenByBot(person.TelegramId));

        me.Json("role").ShouldBe("client");
        me.Json("userId").ShouldBe(person.UserId.Value);
    }

    [Fact]
    public async Task A_member_of_the_staff_gets_a_staff_token_registered_or_not()
    {
        var stranger = UsersApp.NewTelegramId();
        var person = await app.GivenPerson();
        await app.GivenStaff(stranger);
        await app.GivenStaff(person.TelegramId);

        var asStranger = await app.Get("/api/auth/me", await app.TokenByBot(stranger));
        var asPerson = await app.Get("/api/auth/me", await app.TokenByBot(person.TelegramId));

        asStranger.Json("role").ShouldBe("staff");
        asStranger.Json("staffId").ShouldNotBeNull();
        asStranger.Json("userId").ShouldBeNull();
        asPerson.Json("role").ShouldBe("staff");
        asPerson.Json("staffId").ShouldNotBeNull();
        asPerson.Json("userId").ShouldBe(person.UserId.Value);
        asPerson.Json("telegramId").ShouldBe(person.TelegramId.Value);
    }

    [Fact]
    public async Task The_client_bots_key_gives_nobody_more_than_a_clients_rights()
    {
        var stranger = UsersApp.NewTelegramId();
        var person = await app.GivenPerson();
        await app.GivenStaff(stranger);
        await app.GivenStaff(person.TelegramId);

        var asStranger = await app.Get("/api/auth/me", (await app.SignInByBot(stranger, UsersApp.ClientBotKey)).AccessToken);
        var asPerson = await app.Get("/api/auth/me", (await app.SignInByBot(person.TelegramId, UsersApp.ClientBotKey)).AccessToken);

        asStranger.Json("role").ShouldBe("guest");
        asStranger.Json("staffId").ShouldBeNull();
        asPerson.Json("role").ShouldBe("client");
        asPerson.Json("staffId").ShouldBeNull();
        asPerson.Json("actor").ShouldBe("client-bot");
    }

    [Fact]
    public async Task An_admin_is_no_more_than_staff_through_a_bot()
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.GivenStaff(telegramId);
        await app.Execute($"update staff set role = 'admin' where telegram_id = {telegramId}");

        (await app.Get("/api/auth/me", await app.TokenByBot(telegramId))).Json("role").ShouldBe("staff");
    }

    [Fact]
    public async Task Every_one_of_many_keys_works_under_its_own_name_and_a_revoked_one_does_not()
    {
        var keys = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            keys.Add(await app.GivenBotKey("staff", $"bot-{i}"));
        }

        for (var i = 0; i < 20; i++)
        {
            var token = (await app.SignInByBot(UsersApp.NewTelegramId(), keys[i])).AccessToken;
            (await app.Get("/api/auth/me", token)).Json("actor").ShouldBe($"bot-{i}");
        }

        var signIn = await app.SignInByBot(UsersApp.NewTelegramId(), keys[7]);
        await app.Execute("update bot_keys set revoked_at = created_at where name = 'bot-7'");
        (await app.SignInByBot(UsersApp.NewTelegramId(), keys[7])).ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_api_key");
        (await app.Refresh(signIn.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Without_a_right_key_there_is_no_token(string? key)
    {
        var refused = key is null
            ? await app.Post("/api/auth/bot", new { telegramId = UsersApp.NewTelegramId() })
            : await app.SignInByBot(UsersApp.NewTelegramId(), key);

        refused.ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_api_key");
    }

    [Fact]
    public async Task The_key_is_kept_as_a_hash()
    {
        var hash = Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(UsersApp.BaristaBotKey))).ToLowerInvariant();

        (await app.Count($"select count(*) from bot_keys where encode(key_hash, 'hex') = '{hash}'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"telegramId":0}""")]
    [InlineData("""{"telegramId":-1}""")]
    [InlineData("""{"telegramId":"1001"}""")]
    [InlineData("""{"telegramId":1.5}""")]
    [InlineData("""{"telegramId":null}""")]
    [InlineData("""{"telegramId":1001,"role":"admin"}""")]
    public async Task A_body_that_names_no_Telegram_user_is_400(string body)
    {
        (await app.PostRaw("/api/auth/bot", body, apiKey: UsersApp.BaristaBotKey)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }
}
