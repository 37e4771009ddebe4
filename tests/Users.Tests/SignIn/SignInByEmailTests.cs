using System.Net;
using Platform.Contracts.Users;
using Platform.Testing;
using Platform.Users.SignIn;

namespace Platform.Users.Tests.SignIn;

public sealed class SignInByEmailTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task Somebody_unknown_gets_a_guests_token_that_proves_his_address_and_registers_with_it()
    {
        var email = SandboxMail.NewAddress();

        var signIn = await app.SignInByEmail(email);

        signIn.Status.ShouldBe(HttpStatusCode.OK);
        signIn.Header("Cache-Control").ShouldBe("no-store");
        var me = await app.Get("/api/auth/me", signIn.AccessToken);
        (me.Json("role"), me.Json("email"), me.Json("userId"), me.Json("telegramId")).ShouldBe(("guest", email, null, null));
        // He has not consented to anything being kept.
        signIn.Json("refreshToken").ShouldBeNull();
        (await app.Count($"select count(*) from token_families where email = '{email}'")).ShouldBe(0);

        var registered = await app.Register(signIn.AccessToken, UsersApp.Particulars());
        registered.Status.ShouldBe(HttpStatusCode.Created, registered.Body);
        registered.Location.ShouldBe("/api/users/me");
        (registered.Json("email"), registered.Json("telegramId")).ShouldBe((email, null));
        var id = (long)registered.Json("id")!;
        var told = await app.Published<UserRegistered>(event_ => event_.UserId.Value == id);
        told.TelegramId.ShouldBeNull();
        told.PhoneVerified.ShouldBeFalse();
        var row = await app.Row($"select consent_by, consent_through from users where id = {id}");
        row["consent_through"].ShouldBe("api");
        ((string)row["consent_by"]!).ShouldMatch("^email:[0-9a-f]{24}$");

        // From the next code on he is a client, also by refresh.
        var again = await app.SignInByEmail(email);
        foreach (var token in new[] { again.AccessToken, (await app.Refresh(again.RefreshToken)).AccessToken })
        {
            var client = await app.Get("/api/auth/me", token);
            (client.Json("role"), client.Json("userId"), client.Json("email")).ShouldBe(("client", id, null));
        }
    }

    [Fact]
    public async Task A_person_who_has_the_address_gets_a_clients_token_however_he_writes_it()
    {
        var email = SandboxMail.NewAddress();
        var person = await app.GivenPersonWith(email);

        var code = await app.CodeFor(email);
        var me = await app.Get("/api/auth/me", (await app.Confirm(code with { Email = email.ToUpperInvariant() })).AccessToken);

        (me.Json("role"), me.Json("userId"), me.Json("telegramId")).ShouldBe(("client", person.UserId.Value, person.TelegramId.Value));
    }

    [Fact]
    public async Task By_e_mail_nobody_is_staff()
    {
        var email = SandboxMail.NewAddress();
        var person = await app.GivenPersonWith(email);
        await app.GivenStaff(person.TelegramId);

        var me = await app.Get("/api/auth/me", (await app.SignInByEmail(email)).AccessToken);

        (me.Json("role"), me.Json("staffId")).ShouldBe(("client", null));
    }

    [Fact]
    public async Task A_blocked_person_does_not_get_in_and_what_he_had_dies()
    {
        var email = SandboxMail.NewAddress();
        var person = await app.GivenPersonWith(email);
        var before = await app.SignInByEmail(email);
        await app.Block(person.UserId);

        var own = await app.SignInByEmail(email);
        own.Json("refreshToken").ShouldBeNull();
        (await app.Get("/api/users/me", own.AccessToken)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
        (await app.Get("/api/users/export", own.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);

        (await app.Refresh(before.RefreshToken)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
        (await app.Count($"select count(*) from token_families where email = '{email}' and revoked_at is null")).ShouldBe(0);
        await app.AddsUp();
    }

    [Fact]
    public async Task A_code_works_once()
    {
        var email = SandboxMail.NewAddress();
        var code = await app.CodeFor(email);

        (await app.Confirm(code)).Status.ShouldBe(HttpStatusCode.OK);

        (await app.Confirm(code)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
    }

    [Fact]
    public async Task Of_20_who_come_with_it_at_once_on_two_replicas_one_gets_in()
    {
        await using var replica = await app.AnotherReplica();
        var email = SandboxMail.NewAddress();
        await app.GivenPersonWith(email);
        var code = await app.CodeFor(email);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => i % 2 == 0 ? app.Confirm(code) : replica.Api.Post("/api/auth/email/confirm", code.Body)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.UnprocessableEntity).ShouldBe(19);
        (await app.Count($"select count(*) from token_families where email = '{email}'")).ShouldBe(1);
    }

    [Fact]
    public async Task After_five_wrong_tries_the_right_code_is_refused_too()
    {
        var email = SandboxMail.NewAddress();
        var code = await app.CodeFor(email);

        for (var i = 1; i <= 5; i++)
        {
            (await app.Confirm(code.Guess(i))).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        }

        (await app.Confirm(code)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        (await app.SignInByEmail(email)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task After_four_it_still_works()
    {
        var email = SandboxMail.NewAddress();
        var code = await app.CodeFor(email);
        for (var i = 1; i <= 4; i++)
        {
            await app.Confirm(code.Guess(i));
        }

        (await app.Confirm(code)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Fifty_guesses_at_once_count_as_five_and_no_more_are_looked_at()
    {
        await using var replica = await app.AnotherReplica();
        var email = SandboxMail.NewAddress();
        var code = await app.CodeFor(email);

        var answers = await Task.WhenAll(Enumerable.Range(1, 50).Select(
            i => i % 2 == 0 ? app.Confirm(code.Guess(i)) : replica.Api.Post("/api/auth/email/confirm", code.Guess(i).Body)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.UnprocessableEntity);
        (await app.Count($"select tried from mailed_codes where email_hash = sha256('{email}')")).ShouldBe(5);
        (await app.Confirm(code)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
    }

    [Fact]
    public async Task From_one_network_address_twenty_codes_an_hour_are_tried_over_all_replicas_and_people_behind_a_bot_have_a_limit_of_their_own()
    {
        await app.Execute("delete from rate_limits where limit_name = 'email_confirm'");
        await using var one = await app.AnotherReplica(("Users:CodeTriesPerAddress", "20"));
        await using var two = await app.AnotherReplica(("Users:CodeTriesPerAddress", "20"));
        var byBot = await app.TokenByBot(UsersApp.NewTelegramId());

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Try(i % 2 == 0 ? one : two, token: null)));

        answers.Count(answer => answer.Status == HttpStatusCode.UnprocessableEntity).ShouldBe(20);
        foreach (var refused in answers.Where(answer => answer.Status != HttpStatusCode.UnprocessableEntity))
        {
            refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
            refused.RetryAfter.ShouldBe(3600);
        }

        (await Try(one, byBot)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        app.Clock.Advance(TimeSpan.FromHours(1));
        (await Try(two, token: null)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");

        static Task<Answer> Try(UsersReplica replica, string? token) =>
            replica.Api.Post("/api/auth/email/confirm", new { email = SandboxMail.NewAddress(), code = "123456" }, token);
    }

    [Fact]
    public async Task None_of_five_guesses_at_once_goes_uncounted()
    {
        await using var replica = await app.AnotherReplica();
        for (var round = 0; round < 5; round++)
        {
            var email = SandboxMail.NewAddress();
            var code = await app.CodeFor(email);

            await Task.WhenAll(Enumerable.Range(1, 5).Select(
                i => i % 2 == 0 ? app.Confirm(code.Guess(i)) : replica.Api.Post("/api/auth/email/confirm", code.Guess(i).Body)));

            (await app.Confirm(code)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        }
    }

    [Fact]
    public async Task A_code_is_good_for_ten_minutes_and_who_knows_it_is_told_that_it_was()
    {
        var (early, late, guessed) = (SandboxMail.NewAddress(), SandboxMail.NewAddress(), SandboxMail.NewAddress());
        var (early_, late_, guessed_) = (await app.CodeFor(early), await app.CodeFor(late), await app.CodeFor(guessed));

        app.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        (await app.Confirm(early_)).Status.ShouldBe(HttpStatusCode.OK);
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        (await app.Confirm(late_)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_expired");
        (await app.Confirm(late_)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        (await app.Confirm(guessed_.Guess())).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
    }

    [Fact]
    public async Task A_code_is_good_for_the_request_that_it_was_sent_for_alone()
    {
        var email = SandboxMail.NewAddress();
        var first = await app.CodeFor(email);
        var second = await app.CodeFor(email);

        (await app.Confirm(first with { RequestId = second.RequestId, Code = first.Guess().Code })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        (await app.Post("/api/auth/email/confirm", new { email, code = first.Code })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        (await app.Confirm(first)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Confirm(second)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_stranger_who_asks_for_codes_and_guesses_at_them_takes_nothing_off_the_code_of_somebody_else()
    {
        var email = SandboxMail.NewAddress();
        var mine = await app.CodeFor(email);
        var strangers = await app.CodeFor(email);
        var stranger = await app.GivenPerson();
        await app.CodeFor(email, stranger.Token);

        for (var i = 1; i <= 5; i++)
        {
            (await app.Confirm(strangers.Guess(i))).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
            (await app.Confirm(mine.Guess(i) with { RequestId = $"guess-{i}" })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
            (await app.Put("/api/users/me/email", new { email, code = mine.Guess(i).Code }, stranger.Token))
                .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        }

        (await app.Confirm(mine)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_person_behind_a_bot_needs_no_id_of_the_request_and_a_new_code_ends_the_one_before()
    {
        var email = SandboxMail.NewAddress();
        var token = await app.TokenByBot(UsersApp.NewTelegramId());
        var first = await app.CodeFor(email, token);
        var second = await app.CodeFor(email, token);

        // One in a million: they are the same.
        if (first.Code != second.Code)
        {
            (await Confirm(first)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        }

        (await Confirm(second)).Status.ShouldBe(HttpStatusCode.OK);

        Task<Answer> Confirm(MailedCode sent) => app.Post("/api/auth/email/confirm", new { email, code = sent.Code }, token);
    }

    [Fact]
    public async Task A_code_is_good_for_its_own_address_alone()
    {
        var (mine, anothers) = (SandboxMail.NewAddress(), SandboxMail.NewAddress());
        var code = await app.CodeFor(mine);
        await app.CodeFor(anothers);

        (await app.Confirm(code with { Email = SandboxMail.NewAddress() })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        (await app.Confirm(code)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_address_is_registered_once_however_many_come_with_its_proof()
    {
        var email = SandboxMail.NewAddress();
        var (first, second) = (await app.SignInByEmail(email), await app.SignInByEmail(email));

        var answers = await Task.WhenAll(
            app.Register(first.AccessToken, UsersApp.Particulars()), app.Register(second.AccessToken, UsersApp.Particulars()),
            app.Register(first.AccessToken, UsersApp.Particulars()), app.Register(second.AccessToken, UsersApp.Particulars()));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in answers.Where(answer => answer.Status != HttpStatusCode.Created))
        {
            refused.ShouldBeProblem(HttpStatusCode.Conflict, "email_taken");
        }
    }

    [Fact]
    public async Task Only_the_address_of_the_token_is_registered_and_none_without_one()
    {
        var email = SandboxMail.NewAddress();
        var proved = await app.SignInByEmail(email);
        var byBot = await app.TokenByBot(UsersApp.NewTelegramId());

        foreach (var (token, field, value) in new (string, string, object)[]
        {
            (proved.AccessToken, "email", SandboxMail.NewAddress()), (proved.AccessToken, "telegramId", UsersApp.NewTelegramId().Value), (byBot, "email", email),
        })
        {
            var body = UsersApp.ParticularsAsFields();
            body[field] = value;
            (await app.Register(token, body)).ShouldBeProblem(HttpStatusCode.Unauthorized, "proof_required");
        }

        var mine = UsersApp.ParticularsAsFields();
        mine["email"] = email.ToUpperInvariant();
        (await app.Register(proved.AccessToken, mine)).Json("email").ShouldBe(email);
    }

    [Fact]
    public async Task Who_registers_by_e_mail_has_five_attempts_a_minute_over_all_of_his_sign_ins()
    {
        var email = SandboxMail.NewAddress();
        var tokens = new[] { (await app.SignInByEmail(email)).AccessToken, (await app.SignInByEmail(email)).AccessToken };

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 6; i++)
        {
            answers.Add((await app.Register(tokens[i % 2], new { fullName = "Анна", phone = "+79991234567" })).Status);
        }

        answers.Count(status => status == HttpStatusCode.TooManyRequests).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"email":"anna@example.com"}""")]
    [InlineData("""{"email":"anna@example.com","code":null}""")]
    [InlineData("""{"email":"anna@example.com","code":""}""")]
    [InlineData("""{"email":"anna@example.com","code":"12345"}""")]
    [InlineData("""{"email":"anna@example.com","code":"1234567"}""")]
    [InlineData("""{"email":"anna@example.com","code":"12345a"}""")]
    [InlineData("""{"email":"anna@example.com","code":"١٢٣٤٥٦"}""")]
    [InlineData("""{"email":"anna@example.com","code":"123456\n"}""")]
    [InlineData("""{"email":"anna@example.com","code":123456}""")]
    [InlineData("""{"code":"123456"}""")]
    [InlineData("""{"email":"anna","code":"123456"}""")]
    public async Task What_cannot_be_a_code_and_its_address_is_400(string body) =>
        (await app.PostRaw("/api/auth/email/confirm", body)).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Nothing_secret_is_in_any_log()
    {
        var email = SandboxMail.NewAddress();
        var code = await app.CodeFor(email);
        await app.Confirm(code.Guess());
        var signIn = await app.Confirm(code);
        await app.Register(signIn.AccessToken, UsersApp.Particulars());
        var again = await app.SignInByEmail(email);

        var lines = app.First.Log.Lines.Select(line => line.ToString()).ToList();

        lines.ShouldNotContain(line => line.Contains(email, StringComparison.OrdinalIgnoreCase));
        lines.ShouldNotContain(line => line.Contains(code.Code) && line.Contains("code", StringComparison.OrdinalIgnoreCase));
        lines.ShouldNotContain(line => line.Contains(signIn.AccessToken) || line.Contains(again.RefreshToken));
    }

    [Fact]
    public async Task Codes_of_yesterday_are_forgotten()
    {
        var email = SandboxMail.NewAddress();
        await app.CodeFor(email);

        app.Clock.Advance(ForgetOldSignIns.FailuresKeptFor + EmailCode.Lifetime + TimeSpan.FromSeconds(1));
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ForgetOldSignIns>().Run(TestContext.Current.CancellationToken);

        (await app.Count("select count(*) from mailed_codes")).ShouldBe(0);
    }
}
