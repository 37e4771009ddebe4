using System.Globalization;
using System.Net;
using Platform.Testing;
using Platform.Users.SignIn;

namespace Platform.Users.Tests.SignIn;

public sealed class SignInByMiniAppTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task An_unregistered_person_gets_a_guest_token_and_registers_with_it()
    {
        var telegramId = UsersApp.NewTelegramId();

        var signIn = await SignIn(Opened(telegramId).InitData);

        signIn.Status.ShouldBe(HttpStatusCode.OK, signIn.Body);
        signIn.Header("Cache-Control").ShouldBe("no-store");
        var me = await app.Get("/api/auth/me", signIn.AccessToken);
        (me.Json("role"), me.Json("telegramId"), me.Json("actor")).ShouldBe(("guest", telegramId.Value, null));
        var registered = await app.Register(signIn.AccessToken, UsersApp.ProfileDetails());
        registered.Status.ShouldBe(HttpStatusCode.Created);
        (await app.Row($"select consent_through from users where id = {registered.Json("id")}"))["consent_through"].ShouldBe("api");
        (await app.Get("/api/auth/me", (await app.Refresh(signIn.RefreshToken)).AccessToken)).Json("role").ShouldBe("client");
    }

    [Fact]
    public async Task A_member_of_the_staff_gets_only_the_client_role_in_the_Mini_App()
    {
        var person = await app.GivenPerson();
        await app.GivenStaff(person.TelegramId);

        var signIn = await SignIn(Opened(person.TelegramId).InitData);

        foreach (var token in new[] { signIn.AccessToken, (await app.Refresh(signIn.RefreshToken)).AccessToken })
        {
            var me = await app.Get("/api/auth/me", token);
            (me.Json("role"), me.Json("userId"), me.Json("staffId")).ShouldBe(("client", person.UserId.Value, null));
        }
    }

    [Fact]
    public async Task A_blocked_person_cannot_sign_in_from_the_Mini_App()
    {
        var person = await app.GivenPerson();
        var before = await SignIn(Opened(person.TelegramId).InitData);
        await app.Block(person.UserId);

        (await SignIn(Opened(person.TelegramId).InitData)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
        (await app.Refresh(before.RefreshToken)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
    }

    [Fact]
    public async Task InitData_works_once_even_with_other_hash_case_or_field_order()
    {
        var opened = Opened(UsersApp.NewTelegramId());
        (await SignIn(opened.InitData)).Status.ShouldBe(HttpStatusCode.OK);

        var hash = opened.InitData[^64..];
        foreach (var replayed in new[] { opened.InitData, opened.InitData[..^64] + hash.ToUpperInvariant(), new MiniApp(opened.Fields.Reverse()).InitData })
        {
            (await SignIn(replayed)).ShouldBeProblem(HttpStatusCode.Unauthorized, "init_data_refused");
        }
    }

    [Fact]
    public async Task One_of_20_concurrent_sign_ins_with_one_initData_on_two_replicas_succeeds()
    {
        await using var replica = await app.AnotherReplica();
        var telegramId = UsersApp.NewTelegramId();
        var initData = Opened(telegramId).InitData;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => i % 2 == 0 ? SignIn(initData) : replica.Api.Post("/api/auth/telegram", new { initData })));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized).ShouldBe(19);
        (await app.Count($"select count(*) from token_families where telegram_id = {telegramId}")).ShouldBe(1);
    }

    [Theory]
    [InlineData(-300, null)]
    [InlineData(-301, "init_data_expired")]
    [InlineData(-86_400, "init_data_expired")]
    [InlineData(30, null)]
    [InlineData(31, "init_data_refused")]
    public async Task InitData_is_valid_for_five_minutes_and_not_in_the_future(int seconds, string? refusal)
    {
        var answer = await SignIn(new MiniApp(UsersApp.NewTelegramId(), app.Clock.GetUtcNow().AddSeconds(seconds)).InitData);

        if (refusal is null)
        {
            answer.Status.ShouldBe(HttpStatusCode.OK);
        }
        else
        {
            answer.ShouldBeProblem(HttpStatusCode.Unauthorized, refusal);
        }
    }

    [Fact]
    public async Task Any_change_to_initData_is_refused()
    {
        var opened = Opened(UsersApp.NewTelegramId());
        var anothers = await app.GivenPerson();
        string[] forged =
        [
            opened.Tampered("user", $$"""{"id":{{anothers.TelegramId}},"first_name":"Anna"}"""),
            opened.Tampered("auth_date", $"{app.Clock.GetUtcNow().AddSeconds(1).ToUnixTimeSeconds()}"),
            opened.Tampered("query_id", "AAother"),
            opened.Tampered("signature", "other"),
            opened.InitData + "&start_param=ref_1",
            "start_param=ref_1&" + opened.InitData,
            opened.Without("query_id").InitData[..^64] + opened.InitData[^64..],
            opened.SignedBy("1000001:another-secret"),
            opened.SignedBy("1000002:the-barista-bot"),
            opened.InitData[..^64] + new string('0', 64),
            opened.InitData[..^1],
            opened.InitData[..^64] + new string('z', 64),
            // Duplicate fields: one parser would see the first, another the last.
            $"user=%7B%22id%22%3A{anothers.TelegramId}%7D&" + opened.InitData,
            opened.InitData + $"&user=%7B%22id%22%3A{anothers.TelegramId}%7D",
            opened.InitData + "&hash=" + opened.InitData[^64..],
            // An old forgery is refused as a forgery.
            new MiniApp(anothers.TelegramId, app.Clock.GetUtcNow().AddDays(-1)).SignedBy("1000001:another-secret"),
        ];

        foreach (var initData in forged)
        {
            (await SignIn(initData)).ShouldBeProblem(HttpStatusCode.Unauthorized, "init_data_refused");
        }

        // None of these used up the genuine one.
        (await SignIn(opened.InitData)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("user", null)]
    [InlineData("user", "")]
    [InlineData("user", "[]")]
    [InlineData("user", "{}")]
    [InlineData("user", """{"id":0}""")]
    [InlineData("user", """{"id":-5}""")]
    [InlineData("user", """{"id":1.5}""")]
    [InlineData("user", """{"id":"5"}""")]
    [InlineData("user", """{"id":99999999999999999999}""")]
    [InlineData("user", """{"id":5""")]
    [InlineData("auth_date", null)]
    [InlineData("auth_date", "")]
    [InlineData("auth_date", "-1")]
    [InlineData("auth_date", "+1767225600")]
    [InlineData("auth_date", "1 767 225 600")]
    [InlineData("auth_date", "٣")]
    [InlineData("auth_date", "999999999999")]
    [InlineData("auth_date", "99999999999999999999")]
    public async Task Invalid_fields_are_refused_even_with_a_valid_signature(string field, string? value)
    {
        var opened = Opened(UsersApp.NewTelegramId());

        var answer = await SignIn((value is null ? opened.Without(field) : opened.With(field, value)).InitData);

        answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "init_data_refused");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("&")]
    [InlineData("=&=")]
    [InlineData("hash=")]
    [InlineData("user=%7B%22id%22%3A5%7D")]
    [InlineData("%zz=%zz&hash=%zz")]
    public async Task Malformed_initData_is_refused(string initData) =>
        (await SignIn(initData)).ShouldBeProblem(HttpStatusCode.Unauthorized, "init_data_refused");

    [Theory]
    [InlineData(4096, HttpStatusCode.OK)]
    [InlineData(4097, HttpStatusCode.BadRequest)]
    public async Task InitData_is_limited_to_4096_characters(int length, HttpStatusCode status)
    {
        var opened = Opened(UsersApp.NewTelegramId());
        var longer = opened.With("query_id", new string('q', length - opened.With("query_id", "").InitData.Length)).InitData;

        longer.Length.ShouldBe(length);
        (await SignIn(longer)).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    [InlineData("fa-IR")]
    public void InitData_is_parsed_alike_in_every_culture(string culture)
    {
        var telegramId = UsersApp.NewTelegramId();
        var initData = Opened(telegramId).InitData;
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);

            InitData.Parse(initData, MiniApp.BotToken).ShouldNotBeNull().TelegramId.ShouldBe(telegramId);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task A_Mini_App_sign_in_without_the_bot_token_setting_is_503()
    {
        await using var without = await app.AnotherReplica(("TELEGRAM_TOKEN_CLIENT", ""));

        (await without.Api.Post("/api/auth/telegram", new { initData = Opened(UsersApp.NewTelegramId()).InitData }))
            .ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "mini_app_unavailable");
    }

    [Fact]
    public async Task Old_used_initData_is_deleted_and_still_refused()
    {
        var opened = Opened(UsersApp.NewTelegramId());
        await SignIn(opened.InitData);
        app.Clock.Advance(PurgeExpiredSignIns.Retention + TimeSpan.FromSeconds(1));

        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PurgeExpiredSignIns>().Run(TestContext.Current.CancellationToken);

        (await app.Count($"select count(*) from used_init_data where encode(hash, 'hex') = '{opened.InitData[^64..]}'")).ShouldBe(0);
        (await SignIn(opened.InitData)).ShouldBeProblem(HttpStatusCode.Unauthorized, "init_data_expired");
    }

    private MiniApp Opened(Contracts.TelegramId telegramId) => new(telegramId, app.Clock.GetUtcNow());

    private Task<Answer> SignIn(string initData) => app.Post("/api/auth/telegram", new { initData });
}
