using System.Net;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Users.Tests.People;

public sealed class ChangeMyEmailTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task A_proven_address_becomes_the_persons_address()
    {
        var person = await app.GivenPerson();
        var email = SandboxMail.NewAddress();

        var changed = await app.ChangeEmail(person, email.ToUpperInvariant());

        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Body);
        changed.Json("email").ShouldBe(email);
        (await app.Get("/api/users/me", person.Token)).Json("email").ShouldBe(email);
        (await app.Row($"select version from users where id = {person.UserId}"))["version"].ShouldBe(2L);
        (await app.Audit($"user:{person.UserId}")).ShouldHaveSingleItem().Action.ShouldBe("user.change_email");
    }

    [Fact]
    public async Task Setting_the_same_address_again_changes_nothing()
    {
        var email = SandboxMail.NewAddress();
        var person = await app.GivenPersonWith(email);
        var signIn = await app.SignInByEmail(email);

        (await app.ChangeEmail(person, email)).Status.ShouldBe(HttpStatusCode.OK);

        (await app.Row($"select version from users where id = {person.UserId}"))["version"].ShouldBe(2L);
        (await app.Refresh(signIn.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_previous_address_no_longer_signs_in_and_its_data_is_deleted()
    {
        var (before, after) = (SandboxMail.NewAddress(), SandboxMail.NewAddress());
        var person = await app.GivenPersonWith(before);
        var signIn = await app.SignInByEmail(before);

        await app.ChangeEmail(person, after);

        (await app.Refresh(signIn.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");
        (await app.Count($"select count(*) from token_families where email = '{before}'")).ShouldBe(0);
        (await app.Get("/api/auth/me", (await app.SignInByEmail(before)).AccessToken)).Json("role").ShouldBe("guest");
        (await app.Get("/api/auth/me", (await app.SignInByEmail(after)).AccessToken)).Json("userId").ShouldBe(person.UserId.Value);
    }

    [Fact]
    public async Task Sign_ins_by_the_previous_address_end_and_the_person_continues_with_a_new_token()
    {
        var before = SandboxMail.NewAddress();
        var person = await app.GivenPersonWith(before);
        var signIn = await app.SignInByEmail(before);

        (await app.ChangeEmail(person, SandboxMail.NewAddress())).Status.ShouldBe(HttpStatusCode.OK);

        await Eventually.Passes(
            async () => (await app.Get("/api/users/me", signIn.AccessToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated"),
            TestContext.Current.CancellationToken);
        (await app.Get("/api/users/me", await app.TokenByBot(person.TelegramId))).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Published<UserTokensRevoked>(published => published.UserId == person.UserId)).FormerTelegramId.ShouldBeNull();
    }

    [Fact]
    public async Task Tries_with_codes_are_counted_across_all_routes()
    {
        await app.Execute("delete from rate_limits where limit_name = 'email_confirm'");
        await using var strict = await app.AnotherReplica(("Users:CodeTriesPerAddress", "2"));
        var (person, guest) = (await app.GivenPerson(), await app.TokenByBot(UsersApp.NewTelegramId()));
        var body = new { email = SandboxMail.NewAddress(), code = "123456" };

        foreach (var (attempt, wrong) in new (Func<Task<Answer>>, string)[]
        {
            (() => strict.Api.Put("/api/users/me/email", body, person.Token), "code_wrong"),
            (() => strict.Api.Post("/api/auth/recover", body, guest), "code_wrong"),
        })
        {
            (await attempt()).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, wrong);
            (await attempt()).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, wrong);
            (await attempt()).ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        }
    }

    [Fact]
    public async Task The_address_of_another_person_is_refused()
    {
        var email = SandboxMail.NewAddress();
        await app.GivenPersonWith(email);
        var thief = await app.GivenPerson();

        (await app.ChangeEmail(thief, email)).ShouldBeProblem(HttpStatusCode.Conflict, "email_taken");

        (await app.Get("/api/users/me", thief.Token)).Json("email").ShouldBeNull();
    }

    [Fact]
    public async Task One_of_ten_people_with_codes_for_one_mailbox_gets_the_address()
    {
        var email = SandboxMail.NewAddress();
        var people = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.GivenPerson()));
        var code = await app.CodeFor(email);

        var answers = await Task.WhenAll(people.Select(person => app.Put("/api/users/me/email", code.Body, person.Token)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        (await app.Count($"select count(*) from users where email = '{email}'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_concurrent_registration_and_change_leave_one_owner_of_the_address()
    {
        for (var i = 0; i < 5; i++)
        {
            var email = SandboxMail.NewAddress();
            var guest = await app.SignInByEmail(email);
            var person = await app.GivenPerson();
            var code = await app.CodeFor(email);

            var answers = await Task.WhenAll(
                app.Register(guest.AccessToken, UsersApp.ProfileDetails()), app.Put("/api/users/me/email", code.Body, person.Token));

            answers.Count(answer => answer.Status is HttpStatusCode.Created or HttpStatusCode.OK).ShouldBe(1);
            answers.Single(answer => answer.Status is not (HttpStatusCode.Created or HttpStatusCode.OK))
                .ShouldBeProblem(HttpStatusCode.Conflict, "email_taken");
        }
    }

    [Fact]
    public async Task A_wrong_code_for_an_address_is_refused_and_counted()
    {
        var person = await app.GivenPerson();
        var email = SandboxMail.NewAddress();
        var code = await app.CodeFor(email);

        for (var i = 1; i <= 5; i++)
        {
            (await app.Put("/api/users/me/email", code.Guess(i).Body, person.Token))
                .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
        }

        (await app.Put("/api/users/me/email", code.Body, person.Token)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "code_wrong");
    }

    [Fact]
    public async Task Erasure_leaves_no_address_anywhere()
    {
        var email = SandboxMail.NewAddress();
        var guest = await app.SignInByEmail(email);
        var id = (await app.Register(guest.AccessToken, UsersApp.ProfileDetails(), key: "once")).Json("id");
        var signIn = await app.SignInByEmail(email);
        await app.CodeFor(email);
        var subject = ServiceDefaults.Web.Caller.SubjectOf(email);
        (await app.Count($"select count(*) from idempotency_keys where subject = '{subject}'")).ShouldBe(1);

        (await app.Delete("/api/users/me", signIn.AccessToken)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await app.Row($"select email, consent_by from users where id = {id}")).Values.ShouldAllBe(value => value == null);
        (await app.Count($"select count(*) from token_families where email = '{email}'")).ShouldBe(0);
        (await app.Count($"select count(*) from mailed_codes where email_hash = sha256('{email}')")).ShouldBe(0);
        (await app.Count($"select count(*) from idempotency_keys where subject = '{subject}'")).ShouldBe(0);
        // Counters stay for a day and do not identify anyone.
        (await app.Count($"select count(*) from rate_limits where subject like '%{subject}%'")).ShouldBe(0);
        (await app.Refresh(signIn.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");
        (await app.Get("/api/auth/me", (await app.SignInByEmail(email)).AccessToken)).Json("role").ShouldBe("guest");
    }

    [Fact]
    public async Task The_export_has_the_address_and_the_sign_ins_by_it()
    {
        var email = SandboxMail.NewAddress();
        var person = await app.GivenPersonWith(email);
        var signIn = await app.SignInByEmail(email);

        var export = await app.Get("/api/users/export", signIn.AccessToken);

        export.Json("profile.email").ShouldBe(email);
        var byBotTwice = await app.Count($"select count(*) from token_families where telegram_id = {person.TelegramId}");
        System.Text.Json.Nodes.JsonNode.Parse(export.Body)!["signIns"]!.AsArray().Count.ShouldBe((int)byBotTwice + 1);
    }

    [Fact]
    public async Task Staff_who_are_not_registered_cannot_set_an_address() => (await app.Put(
        "/api/users/me/email", new { email = SandboxMail.NewAddress(), code = "123456" }, await app.GivenStaff()))
            .ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");

    [Theory]
    [InlineData("anna", "123456", "email")]
    [InlineData("anna@example.com", "12345", "code")]
    [InlineData("anna@example.com", "1234567", "code")]
    public async Task An_invalid_address_or_code_is_refused(string email, string code, string field)
    {
        var refused = await app.Put("/api/users/me/email", new { email, code }, (await app.GivenPerson()).Token);

        refused.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json($"errors.{field}").ShouldNotBeNull();
    }
}
