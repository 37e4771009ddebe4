using System.Net;
using Platform.Contracts.Users;
using Platform.Testing;
using Platform.Users.SignIn;

namespace Platform.Users.Tests.SignIn;

public sealed class SignInByEmailTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task An_unregistered_person_gets_a_guest_token_that_registers_the_proven_address()
    {
        var email = SandboxMail.NewAddress();

        var signIn = await app.SignInByEmail(email);

        signIn.Status.ShouldBe(HttpStatusCode.OK);
        signIn.Header("Cache-Control").ShouldBe("no-store");
        var me = await app.Get("/api/auth/me", signIn.AccessToken);
        (me.Json("role"), me.Json("email"), me.Json("userId"), me.Json("telegramId")).ShouldBe(("guest", email, null, null));
        // They have not consented to anything being stored.
        signIn.Json("refreshToken").ShouldBeNull();
        (await app.Count($"select count(*) from token_families where email = '{email}'")).ShouldBe(0);

        var registered = await app.Register(signIn.AccessToken, UsersApp.ProfileDetails());
        registered.Status.ShouldBe(HttpStatusCode.Created, registered.Body);
        registered.Location.ShouldBe("/api/users/me");
        (registered.Json("email"), registered.Json("telegramId")).ShouldBe((email, null));
        var id = (long)registered.Json("id")!;
        var published = await app.Published<UserRegistered>(event_ => event_.UserId.Value == id);
        published.TelegramId.ShouldBeNull();
        published.PhoneVerified.ShouldBeFalse();
        var row = await app.Row($"select consent_by, consent_through from users where id = {id}");
        row["consent_through"].ShouldBe("api");
        ((string)row["consent_by"]!).ShouldMatch("^email:[0-9a-f]{24}$");

        // From the next code on they are a client, and stay one after a refresh.
        var again = await app.SignInByEmail(email);
        foreach (var token in new[] { again.AccessToken, (await app.Refresh(again.RefreshToken)).AccessToken })
        {
            var client = await app.Get("/api/auth/me", token);
            (client.Json("role"), client.Json("userId"), client.Json("email")).ShouldBe(("client", id, null));
        }
    }

    [Fact]
    public async Task The_owner_of_the_address_gets_a_client_token_in_any_spelling()
    {
        var email = SandboxMail.NewAddress();
        var person = await app.GivenPersonWith(email);

        var code = await app.CodeFor(email);
        var me = await app.Get("/api/auth/me", (await app.Confirm(code with { Email = email.ToUpperInvariant() })).AccessToken);

        (me.Json("role"), me.Json("userId"), me.Json("telegramId")).ShouldBe(("client", person.UserId.Value, person.TelegramId.Value));
    }

    [Fact]
    public async Task A_sign_in_by_e_mail_never_gives_the_staff_role()
    {
        var email = SandboxMail.NewAddress();
        var person = await app.GivenPersonWith(email);
        await app.GivenStaff(person.TelegramId);

        var me = await app.Get("/api/auth/me", (await app.SignInByEmail(email)).AccessToken);

        (me.Json("role"), me.Json("staffId")).ShouldBe(("client", null));
    }

    [Fact]
    public async Task A_blocked_person_cannot_sign_in_by_e_mail_and_earlier_tokens_are_revoked()
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
    public async Task An_e_mail_code_works_once()
    {
        var email = SandboxMail.NewAddress();
        var code = await app.CodeFor(email);

        (await app.Confirm(code)).Status.ShouldBe(HttpStatusCode.OK);

        (await app.Confirm(code)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
    }

    [Fact]
    public async Task One_of_20_concurrent_sign_ins_with_one_code_on_two_replicas_succeeds()
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
    public async Task Five_wrong_tries_make_the_right_code_useless()
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
    public async Task Four_wrong_tries_leave_the_right_code_working()
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
    public async Task Fifty_concurrent_guesses_still_get_only_five_tries()
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
    public async Task A_network_has_twenty_code_tries_an_hour_across_replicas_apart_from_people_behind_a_bot()
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
    public async Task Five_concurrent_guesses_are_all_counted()
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
    public async Task A_code_expires_after_ten_minutes_and_only_the_right_code_reports_it()
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
    public async Task A_code_works_only_with_the_request_it_was_sent_for()
    {
        var email = SandboxMail.NewAddress();
        var first = await app.CodeFor(email);
        var second = await app.CodeFor(email);

        (await app.Confirm(first with { RequestId = second.RequestId, Code = first.Guess().Code }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        (await app.Post("/api/auth/email/confirm", new { email, code = first.Code })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        (await app.Confirm(first)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Confirm(second)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Requests_and_guesses_by_strangers_do_not_affect_another_persons_code()
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
    public async Task A_person_behind_a_bot_needs_no_request_id_and_a_new_code_replaces_the_old_one()
    {
        var email = SandboxMail.NewAddress();
        var token = await app.TokenByBot(UsersApp.NewTelegramId());
        var first = await app.CodeFor(email, token);
        var second = await app.CodeFor(email, token);

        // One chance in a million that both codes are equal.
        if (first.Code != second.Code)
        {
            (await Confirm(first)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        }

        (await Confirm(second)).Status.ShouldBe(HttpStatusCode.OK);

        Task<Answer> Confirm(MailedCode sent) => app.Post("/api/auth/email/confirm", new { email, code = sent.Code }, token);
    }

    [Fact]
    public async Task A_code_works_only_for_its_own_address()
    {
        var (mine, anothers) = (SandboxMail.NewAddress(), SandboxMail.NewAddress());
        var code = await app.CodeFor(mine);
        await app.CodeFor(anothers);

        (await app.Confirm(code with { Email = SandboxMail.NewAddress() })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        (await app.Confirm(code)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Concurrent_registrations_with_one_proven_address_succeed_once()
    {
        var email = SandboxMail.NewAddress();
        var (first, second) = (await app.SignInByEmail(email), await app.SignInByEmail(email));

        var answers = await Task.WhenAll(
            app.Register(first.AccessToken, UsersApp.ProfileDetails()), app.Register(second.AccessToken, UsersApp.ProfileDetails()),
            app.Register(first.AccessToken, UsersApp.ProfileDetails()), app.Register(second.AccessToken, UsersApp.ProfileDetails()));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in answers.Where(answer => answer.Status != HttpStatusCode.Created))
        {
            refused.ShouldBeProblem(HttpStatusCode.Conflict, "email_taken");
        }
    }

    [Fact]
    public async Task Registration_accepts_only_the_address_that_the_token_proves()
    {
        var email = SandboxMail.NewAddress();
        var proved = await app.SignInByEmail(email);
        var byBot = await app.TokenByBot(UsersApp.NewTelegramId());

        foreach (var (token, field, value) in new (string, string, object)[]
        {
            (proved.AccessToken, "email", SandboxMail.NewAddress()), (proved.AccessToken, "telegramId", UsersApp.NewTelegramId().Value),
            (byBot, "email", email),
        })
        {
            var body = UsersApp.ProfileFields();
            body[field] = value;
            (await app.Register(token, body)).ShouldBeProblem(HttpStatusCode.Unauthorized, "proof_required");
        }

        var mine = UsersApp.ProfileFields();
        mine["email"] = email.ToUpperInvariant();
        (await app.Register(proved.AccessToken, mine)).Json("email").ShouldBe(email);
    }

    [Fact]
    public async Task Registration_by_e_mail_is_limited_to_five_tries_a_minute_across_sign_ins()
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
    public async Task A_malformed_code_or_address_is_400(string body) =>
        (await app.PostRaw("/api/auth/email/confirm", body)).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Codes_tokens_and_addresses_are_never_logged()
    {
        var email = SandboxMail.NewAddress();
        var code = await app.CodeFor(email);
        await app.Confirm(code.Guess());
        var signIn = await app.Confirm(code);
        await app.Register(signIn.AccessToken, UsersApp.ProfileDetails());
        var again = await app.SignInByEmail(email);

        var lines = app.First.Log.Lines.Select(line => line.ToString()).ToList();

        lines.ShouldNotContain(line => line.Contains(email, StringComparison.OrdinalIgnoreCase));
        lines.ShouldNotContain(line => line.Contains(code.Code) && line.Contains("code", StringComparison.OrdinalIgnoreCase));
        lines.ShouldNotContain(line => line.Contains(signIn.AccessToken) || line.Contains(again.RefreshToken));
    }

    [Fact]
    public async Task Expired_codes_are_deleted_after_a_day()
    {
        var email = SandboxMail.NewAddress();
        await app.CodeFor(email);

        app.Clock.Advance(PurgeExpiredSignIns.Retention + EmailCode.Lifetime + TimeSpan.FromSeconds(1));
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PurgeExpiredSignIns>().Run(TestContext.Current.CancellationToken);

        (await app.Count("select count(*) from mailed_codes")).ShouldBe(0);
    }
}
