using System.Net;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Users.Tests.SignIn;

public sealed class RecoverAccountTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recovery_by_e_mail_moves_the_person_to_the_new_Telegram_account()
    {
        var email = SandboxMail.NewAddress();
        var person = await app.GivenPersonWith(email);
        var (byBot, byEmail) = (await app.SignInByBot(person.TelegramId), await app.SignInByEmail(email));
        var newId = UsersApp.NewTelegramId();
        var guest = await app.TokenByBot(newId);
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        var recovered = await Recover(guest, (await app.CodeFor(email)).Body);

        recovered.Status.ShouldBe(HttpStatusCode.OK, recovered.Body);
        recovered.Header("Cache-Control").ShouldBe("no-store");
        var me = await app.Get("/api/auth/me", recovered.AccessToken);
        (me.Json("role"), me.Json("userId"), me.Json("telegramId"), me.Json("actor")).ShouldBe(("client", person.UserId.Value, newId.Value, "barista-bot"));
        (await app.Get("/api/users/me", recovered.AccessToken)).Json("telegramId").ShouldBe(newId.Value);
        (await app.Get("/api/auth/me", await app.TokenByBot(newId))).Json("userId").ShouldBe(person.UserId.Value);
        (await app.Get("/api/auth/me", await app.TokenByBot(person.TelegramId))).Json("role").ShouldBe("guest");

        foreach (var before in new[] { byBot, byEmail })
        {
            (await app.Refresh(before.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");
            await Eventually.Passes(async () =>
                (await app.Get("/api/users/me", before.AccessToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated"), Ct);
        }

        (await app.Get("/api/users/me", recovered.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Refresh(recovered.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
        // A token that the former Telegram account gets later is not the person's.
        (await app.Count($"select count(*) from token_families where telegram_id = {person.TelegramId}")).ShouldBe(1);
        (await app.Row($"select distinct revoked_because from token_families where email = '{email}'"))["revoked_because"].ShouldBe("recovered");
        var published = await app.Published<UserTokensRevoked>(revoked => revoked.UserId == person.UserId);
        (published.Version, published.RevokedAt, published.FormerTelegramId).ShouldBe((3, app.Clock.GetUtcNow(), person.TelegramId));
        var audit = (await app.Audit($"user:{person.UserId}"))[^1];
        (audit.Action, audit.Subject, audit.Details).ShouldBe(("user.recover", $"user:{person.UserId}", """{"by": "email"}"""));
        await app.AddsUp();
    }

    [Fact]
    public async Task Recovery_by_a_phone_that_a_bot_verified_restores_the_account()
    {
        var phone = UsersApp.NewPhone();
        var person = await app.GivenVerifiedPerson(phone);
        var newId = UsersApp.NewTelegramId();

        var recovered = await Recover(await app.TokenByBot(newId), new { phone = $"8{phone[2..]}", phoneVerified = true });

        recovered.Status.ShouldBe(HttpStatusCode.OK, recovered.Body);
        (await app.Get("/api/auth/me", recovered.AccessToken)).Json("userId").ShouldBe(person.UserId.Value);
        (await app.Audit($"user:{person.UserId}"))[^1].Details.ShouldBe("""{"by": "phone"}""");
    }

    [Fact]
    public async Task Recovery_by_phone_notifies_the_former_chat_and_the_mailbox()
    {
        var (phone, email) = (UsersApp.NewPhone(), SandboxMail.NewAddress());
        var person = await app.GivenVerifiedPerson(phone);
        (await app.ChangeEmail(person, email)).Status.ShouldBe(HttpStatusCode.OK);

        await Recover(await app.TokenByBot(UsersApp.NewTelegramId()), new { phone, phoneVerified = true });

        var published = await app.Published<AccountRecovered>(recovered => recovered.UserId == person.UserId);
        (published.FormerTelegramId, published.ByPhone, published.RecoveredAt).ShouldBe((person.TelegramId, true, app.Clock.GetUtcNow()));
        var mail = await SandboxMail.Shared();
        var letters = await Eventually.Get(() => mail.To(email), sent => sent.Count == 2, Ct);
        letters[^1].Subject.ShouldBe("Ваша карта перенесена в другой аккаунт Telegram");
        letters[^1].Text.ShouldNotContain(phone);
    }

    [Fact]
    public async Task A_token_issued_to_the_old_account_during_the_recovery_is_revoked_too()
    {
        var phone = UsersApp.NewPhone();
        var person = await app.GivenVerifiedPerson(phone);
        var before = await app.SignInByBot(person.TelegramId);
        var guest = await app.TokenByBot(UsersApp.NewTelegramId());
        await using var other = await app.Database.Open(app.Database.Superuser).OpenConnectionAsync(Ct);
        await using var holds = await other.BeginTransactionAsync(Ct);
        await using (var share = other.CreateCommand())
        {
            share.CommandText = $"select from users.users where id = {person.UserId} for share";
            await share.ExecuteNonQueryAsync(Ct);
        }

        var recovery = Recover(guest, new { phone, phoneVerified = true });
        await Eventually.IsTrue(
            async () => await app.Count(
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%phone_verified_at%for update%'") > 0, Ct);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var issuedMeanwhile = await app.Refresh(before.RefreshToken);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await holds.CommitAsync(Ct);

        (await recovery).Status.ShouldBe(HttpStatusCode.OK);
        issuedMeanwhile.Status.ShouldBe(HttpStatusCode.OK);
        await Eventually.Passes(
            async () => (await app.Get("/api/users/me", issuedMeanwhile.AccessToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated"), Ct);
    }

    [Fact]
    public async Task Recovery_by_e_mail_works_from_the_Mini_App()
    {
        var email = SandboxMail.NewAddress();
        var person = await app.GivenPersonWith(email);
        var newId = UsersApp.NewTelegramId();
        var guest = await app.Post("/api/auth/telegram", new { initData = new MiniApp(newId, app.Clock.GetUtcNow()).InitData });

        var recovered = await Recover(guest.AccessToken, (await app.CodeFor(email)).Body);

        var me = await app.Get("/api/auth/me", (await app.Refresh(recovered.RefreshToken)).AccessToken);
        (me.Json("userId"), me.Json("actor")).ShouldBe((person.UserId.Value, null));
    }

    [Fact]
    public async Task Recovery_adds_Telegram_to_a_person_who_registered_without_it()
    {
        var email = SandboxMail.NewAddress();
        var registered = await app.Register((await app.SignInByEmail(email)).AccessToken, UsersApp.ProfileDetails());
        var newId = UsersApp.NewTelegramId();

        var recovered = await Recover(await app.TokenByBot(newId), (await app.CodeFor(email)).Body);

        recovered.Status.ShouldBe(HttpStatusCode.OK, recovered.Body);
        (await app.Get("/api/auth/me", await app.TokenByBot(newId))).Json("userId").ShouldBe(registered.Json("id"));
    }

    [Fact]
    public async Task Recovery_trusts_a_phone_only_when_a_bot_verified_it()
    {
        var phone = UsersApp.NewPhone();
        await app.GivenVerifiedPerson(phone);
        var byBot = await app.TokenByBot(UsersApp.NewTelegramId());
        var byMiniApp = await app.Post("/api/auth/telegram", new { initData = new MiniApp(UsersApp.NewTelegramId(), app.Clock.GetUtcNow()).InitData });

        (await Recover(byBot, new { phone })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "recovery_unproven");
        (await Recover(byBot, new { phone, phoneVerified = false })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "recovery_unproven");
        (await Recover(byMiniApp.AccessToken, new { phone, phoneVerified = true })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "recovery_unproven");
    }

    [Fact]
    public async Task An_unproven_phone_recovers_nothing()
    {
        var phone = UsersApp.NewPhone();
        await app.GivenPerson(phone);

        var answer = await Recover(await app.TokenByBot(UsersApp.NewTelegramId()), new { phone, phoneVerified = true });

        answer.ShouldBeProblem(HttpStatusCode.NotFound, "nothing_to_recover");
    }

    [Fact]
    public async Task A_shared_phone_recovers_an_account_only_if_one_person_has_proven_it()
    {
        var (both, one) = (UsersApp.NewPhone(), UsersApp.NewPhone());
        await app.GivenVerifiedPerson(both);
        await app.GivenVerifiedPerson(both);
        var verified = await app.GivenVerifiedPerson(one);
        await app.GivenPerson(one);

        (await Recover(await app.TokenByBot(UsersApp.NewTelegramId()), new { phone = both, phoneVerified = true }))
            .ShouldBeProblem(HttpStatusCode.NotFound, "nothing_to_recover");
        var recovered = await Recover(await app.TokenByBot(UsersApp.NewTelegramId()), new { phone = one, phoneVerified = true });
        (await app.Get("/api/auth/me", recovered.AccessToken)).Json("userId").ShouldBe(verified.UserId.Value);
    }

    [Fact]
    public async Task A_blocked_person_cannot_recover_their_account()
    {
        var (email, phone) = (SandboxMail.NewAddress(), UsersApp.NewPhone());
        var person = await app.GivenVerifiedPerson(phone);
        await app.ChangeEmail(person, email);
        await app.Block(person.UserId);
        var guest = await app.TokenByBot(UsersApp.NewTelegramId());

        (await Recover(guest, new { phone, phoneVerified = true })).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
        (await Recover(guest, (await app.CodeFor(email)).Body)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");

        (await app.Row($"select telegram_id from users where id = {person.UserId}"))["telegram_id"].ShouldBe(person.TelegramId.Value);
    }

    [Fact]
    public async Task A_registered_person_cannot_take_over_an_account()
    {
        var email = SandboxMail.NewAddress();
        await app.GivenPersonWith(email);
        var code = await app.CodeFor(email);
        var registered = await app.GivenPerson();
        // Their token from before the registration says guest.
        var telegramId = UsersApp.NewTelegramId();
        var asGuest = await app.TokenByBot(telegramId);
        await app.Register(asGuest, UsersApp.ProfileDetails());

        (await Recover(registered.Token, code.Body)).ShouldBeProblem(HttpStatusCode.Conflict, "user_exists");
        (await Recover(asGuest, code.Body)).ShouldBeProblem(HttpStatusCode.Conflict, "user_exists");
    }

    [Fact]
    public async Task Recovery_needs_a_Telegram_account()
    {
        var email = SandboxMail.NewAddress();
        await app.GivenPersonWith(email);
        var other = (await app.SignInByEmail(SandboxMail.NewAddress())).AccessToken;

        (await Recover(other, (await app.CodeFor(email)).Body)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "recovery_unproven");
    }

    [Fact]
    public async Task An_unknown_address_recovers_nothing()
    {
        var email = SandboxMail.NewAddress();

        (await Recover(await app.TokenByBot(UsersApp.NewTelegramId()), (await app.CodeFor(email)).Body))
            .ShouldBeProblem(HttpStatusCode.NotFound, "nothing_to_recover");
    }

    [Fact]
    public async Task A_wrong_recovery_code_is_counted_and_does_not_reveal_whether_the_address_is_known()
    {
        var (known, unknown) = (SandboxMail.NewAddress(), SandboxMail.NewAddress());
        await app.GivenPersonWith(known);

        foreach (var email in new[] { known, unknown })
        {
            var code = await app.CodeFor(email);
            for (var i = 1; i <= 5; i++)
            {
                (await Recover(await app.TokenByBot(UsersApp.NewTelegramId()), code.Guess(i).Body))
                    .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
            }

            (await Recover(await app.TokenByBot(UsersApp.NewTelegramId()), code.Body)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        }
    }

    [Fact]
    public async Task Recovery_allows_five_tries_an_hour_per_Telegram_account_across_replicas()
    {
        await using var replica = await app.AnotherReplica();
        var guest = await app.TokenByBot(UsersApp.NewTelegramId());
        var body = new { phone = UsersApp.NewPhone(), phoneVerified = true };

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => i % 2 == 0 ? Recover(guest, body) : replica.Api.Post("/api/auth/recover", body, guest)));

        answers.Count(answer => answer.Status == HttpStatusCode.NotFound).ShouldBe(5);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).ShouldBe(15);
    }

    [Fact]
    public async Task Two_concurrent_recoveries_leave_one_owner_who_can_sign_in()
    {
        var phone = UsersApp.NewPhone();
        var person = await app.GivenVerifiedPerson(phone);
        var (one, two) = (UsersApp.NewTelegramId(), UsersApp.NewTelegramId());

        await Task.WhenAll(
            Recover(await app.TokenByBot(one), new { phone, phoneVerified = true }), Recover(await app.TokenByBot(two), new { phone, phoneVerified = true }));

        var owner = (long)(await app.Row($"select telegram_id from users where id = {person.UserId}"))["telegram_id"]!;
        new[] { one.Value, two.Value }.ShouldContain(owner);
        var other = owner == one.Value ? two : one;
        (await app.Get("/api/auth/me", await app.TokenByBot(other))).Json("role").ShouldBe("guest");
    }

    [Fact]
    public async Task A_code_used_on_three_routes_at_the_same_time_works_once_without_deadlock()
    {
        for (var i = 0; i < 10; i++)
        {
            var email = SandboxMail.NewAddress();
            var person = await app.GivenPersonWith(email);
            var code = await app.CodeFor(email);
            var guest = await app.TokenByBot(UsersApp.NewTelegramId());

            var answers = await Task.WhenAll(
                app.Confirm(code), Recover(guest, code.Body), app.Put("/api/users/me/email", code.Body, person.Token));

            answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
            foreach (var refused in answers.Where(answer => answer.Status != HttpStatusCode.OK))
            {
                refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
            }
        }
    }

    [Fact]
    public async Task A_concurrent_registration_and_recovery_leave_one_person_per_Telegram_account()
    {
        for (var i = 0; i < 5; i++)
        {
            var phone = UsersApp.NewPhone();
            await app.GivenVerifiedPerson(phone);
            var newId = UsersApp.NewTelegramId();
            var guest = await app.TokenByBot(newId);

            var answers = await Task.WhenAll(Recover(guest, new { phone, phoneVerified = true }), app.Register(guest, UsersApp.ProfileDetails()));

            answers.Count(answer => answer.Status is HttpStatusCode.OK or HttpStatusCode.Created).ShouldBe(1);
            answers.Single(answer => answer.Status is not (HttpStatusCode.OK or HttpStatusCode.Created))
                .ShouldBeProblem(HttpStatusCode.Conflict, "user_exists");
            (await app.Count($"select count(*) from users where telegram_id = {newId}")).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Recovery_deletes_responses_recorded_under_the_old_Telegram_id()
    {
        var (old, phone) = (UsersApp.NewTelegramId(), UsersApp.NewPhone());
        await app.Register(
            await app.TokenByBot(old), new { fullName = "Анна", phone, consentPersonalData = true, phoneVerified = true }, key: "register-once");

        (await Recover(await app.TokenByBot(UsersApp.NewTelegramId()), new { phone, phoneVerified = true })).Status.ShouldBe(HttpStatusCode.OK);

        (await app.Count($"select count(*) from idempotency_keys where subject = 'telegram:{old}'")).ShouldBe(0);
        (await app.Count($"select count(*) from token_families where telegram_id = {old}")).ShouldBe(0);
    }

    [Fact]
    public async Task Staff_rights_stay_with_the_old_Telegram_account()
    {
        var email = SandboxMail.NewAddress();
        var person = await app.GivenPersonWith(email);
        await app.GivenStaff(person.TelegramId);
        var newId = UsersApp.NewTelegramId();

        var recovered = await Recover(await app.TokenByBot(newId), (await app.CodeFor(email)).Body);

        (await app.Get("/api/auth/me", recovered.AccessToken)).Json("role").ShouldBe("client");
        var old = await app.Get("/api/auth/me", await app.TokenByBot(person.TelegramId));
        (old.Json("role"), old.Json("userId")).ShouldBe(("staff", null));
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"email":"anna@example.com"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"code":"123456"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"email":"anna@example.com","code":"123456","phone":"+79991234567","phoneVerified":true}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"phone":"nobody","phoneVerified":true}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"phone":"+7 999 123 45 67                  ","phoneVerified":true}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"email":"anna","code":"123456"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"email":"anna@example.com","code":"1234567"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"telegramId":5,"phone":"+79991234567","phoneVerified":true}""", HttpStatusCode.BadRequest)]
    public async Task A_recovery_without_proof_is_refused(string body, HttpStatusCode status) =>
        (await app.PostRaw("/api/auth/recover", body, await app.TokenByBot(UsersApp.NewTelegramId()))).Status.ShouldBe(status);

    private Task<Answer> Recover(string token, object body) => app.Post("/api/auth/recover", body, token);
}
