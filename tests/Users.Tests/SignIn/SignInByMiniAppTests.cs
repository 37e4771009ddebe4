using System.Globalization;
using System.Net;
using Platform.Testing;
using Platform.Users.SignIn;

namespace Platform.Users.Tests.SignIn;

public sealed class SignInByMiniAppTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task Somebody_unknown_gets_a_guests_token_and_registers_with_it()
    {
        var telegramId = UsersApp.NewTelegramId();

        var signIn = await SignIn(Opened(telegramId).InitData);

        signIn.Status.ShouldBe(HttpStatusCode.OK, signIn.Body);
        signIn.Header("Cache-Control").ShouldBe("no-store");
        var me = await app.Get("/api/auth/me", signIn.AccessToken);
        (me.Json("role"), me.Json("telegramId"), me.Json("actor")).ShouldBe(("guest", telegramId.Value, null));
        var registered = await app.Register(signIn.AccessToken, UsersApp.Particulars());
        registered.Status.ShouldBe(HttpStatusCode.Created);
        (await app.Row($"select consent_through from users where id = {registered.Json("id")}"))["consent_through"].ShouldBe("api");
        (await app.Get("/api/auth/me", (await app.Refresh(signIn.RefreshToken)).AccessToken)).Json("role").ShouldBe("client");
    }

    [Fact]
    public async Task A_person_is_a_client_and_a_member_of_the_staff_no_more_than_that()
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
    public async Task A_blocked_person_does_not_get_in_and_what_he_had_dies()
    {
        var person = await app.GivenPerson();
        var before = await SignIn(Opened(person.TelegramId).InitData);
        await app.Block(person.UserId);

        (await SignIn(Opened(person.TelegramId).InitData)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
        (await app.Refresh(before.RefreshToken)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
    }

    [Fact]
    public async Task The_same_is_taken_once_also_with_its_hash_in_capitals_or_its_fields_in_another_order()
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
    public async Task Of_20_who_come_with_it_at_once_on_two_replicas_one_gets_in()
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
    public async Task It_is_good_for_five_minutes_and_not_from_the_future(int seconds, string? refusal)
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
    public async Task Whatever_is_changed_in_it_is_refused()
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
            // Its own fields twice, so that one program would see these and another the others.
            $"user=%7B%22id%22%3A{anothers.TelegramId}%7D&" + opened.InitData,
            opened.InitData + $"&user=%7B%22id%22%3A{anothers.TelegramId}%7D",
            opened.InitData + "&hash=" + opened.InitData[^64..],
            // An old one is no less a forgery for being old.
            new MiniApp(anothers.TelegramId, app.Clock.GetUtcNow().AddDays(-1)).SignedBy("1000001:another-secret"),
        ];

        foreach (var initData in forged)
        {
            (await SignIn(initData)).ShouldBeProblem(HttpStatusCode.Unauthorized, "init_data_refused");
        }

        // Nothing of it has used up the right one.
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
    public async Task What_Telegram_would_not_sign_is_refused_even_signed(string field, string? value)
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
    public async Task What_is_no_init_data_is_refused(string initData) =>
        (await SignIn(initData)).ShouldBeProblem(HttpStatusCode.Unauthorized, "init_data_refused");

    [Theory]
    [InlineData(4096, HttpStatusCode.OK)]
    [InlineData(4097, HttpStatusCode.BadRequest)]
    public async Task It_has_4096_characters_at_most(int length, HttpStatusCode status)
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
    public void It_is_read_alike_in_every_culture(string culture)
    {
        var telegramId = UsersApp.NewTelegramId();
        var initData = Opened(telegramId).InitData;
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);

            InitData.Read(initData, MiniApp.BotToken).ShouldNotBeNull().TelegramId.ShouldBe(telegramId);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task Without_the_bots_token_it_says_so()
    {
        await using var without = await app.AnotherReplica(("TELEGRAM_TOKEN_CLIENT", ""));

        (await without.Api.Post("/api/auth/telegram", new { initData = Opened(UsersApp.NewTelegramId()).InitData }))
            .ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "mini_app_unavailable");
    }

    [Fact]
    public async Task What_was_used_long_ago_is_forgotten_and_still_refused()
    {
        var opened = Opened(UsersApp.NewTelegramId());
        await SignIn(opened.InitData);
        app.Clock.Advance(ForgetOldSignIns.FailuresKeptFor + TimeSpan.FromSeconds(1));

        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ForgetOldSignIns>().Run(TestContext.Current.CancellationToken);

        (await app.Count($"select count(*) from used_init_data where encode(hash, 'hex') = '{opened.InitData[^64..]}'")).ShouldBe(0);
        (await SignIn(opened.InitData)).ShouldBeProblem(HttpStatusCode.Unauthorized, "init_data_expired");
    }

    private MiniApp Opened(Contracts.TelegramId telegramId) => new(telegramId, app.Clock.GetUtcNow());

    private Task<Answer> SignIn(string initData) => app.Post("/api/auth/telegram", new { initData });
}
