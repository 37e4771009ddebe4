using System.Net;
using System.Security.Cryptography;

namespace Platform.Users.Tests.SignIn;

public sealed class SignInByBotTests(SharedUsersApp app)
{
    [Fact]
    public async Task An_unregistered_person_gets_a_guest_token_for_ten_minutes()
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
    public async Task A_registered_person_gets_a_client_token()
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
    public async Task The_client_bots_key_never_gives_more_than_the_client_role()
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
    public async Task An_admin_acts_as_staff_through_a_bot()
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.GivenStaff(telegramId);
        await app.Execute($"update staff set role = 'admin' where telegram_id = {telegramId}");

        (await app.Get("/api/auth/me", await app.TokenByBot(telegramId))).Json("role").ShouldBe("staff");
    }

    [Fact]
    public async Task Each_bot_key_works_under_its_own_name_unless_revoked()
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
    public async Task A_missing_or_wrong_key_gives_no_token(string? key)
    {
        var refused = key is null
            ? await app.Post("/api/auth/bot", new { telegramId = UsersApp.NewTelegramId() })
            : await app.SignInByBot(UsersApp.NewTelegramId(), key);

        refused.ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_api_key");
    }

    [Fact]
    public async Task Bot_keys_are_stored_as_hashes()
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
    public async Task A_request_without_a_valid_Telegram_id_is_400(string body)
    {
        (await app.PostRaw("/api/auth/bot", body, apiKey: UsersApp.BaristaBotKey)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }
}
