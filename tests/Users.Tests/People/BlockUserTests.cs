using System.Net;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Users.Tests.People;

public sealed class BlockUserTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blocked_person_is_let_in_by_no_token_and_all_services_are_told()
    {
        var telegramId = UsersApp.NewTelegramId();
        var person = await app.GivenPerson(telegramId: telegramId);
        var signIn = await app.SignInByBot(telegramId);

        var blocked = await app.Block(person.UserId);

        blocked.Status.ShouldBe(HttpStatusCode.NoContent);
        (await app.Refresh(signIn.RefreshToken)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
        (await app.Get("/api/users/me", await app.TokenByBot(telegramId))).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
        await Eventually.Passes(async () => (await app.Get("/api/users/me", person.Token)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked"), Ct);
        (await app.Get($"/api/users/by-telegram/{telegramId}", await app.Admin())).Json("isActive").ShouldBe(false);

        var told = await app.Published<UserBlocked>(happened => happened.UserId == person.UserId);
        told.BlockedAt.ShouldBe(app.Clock.GetUtcNow());
        told.Version.ShouldBe(2);
    }

    [Fact]
    public async Task All_his_sign_ins_end_and_nobody_elses()
    {
        var person = await app.GivenPerson();
        var other = await app.GivenPerson();
        await app.SignInByBot(person.TelegramId);
        await app.SignInByBot(person.TelegramId);

        await app.Block(person.UserId);

        (await app.Count(
            $"select count(*) from token_families where telegram_id = {person.TelegramId} and revoked_because is distinct from 'blocked'")).ShouldBe(0);
        (await app.Count($"select count(*) from token_families where telegram_id = {other.TelegramId} and revoked_at is not null")).ShouldBe(0);
    }

    [Fact]
    public async Task Being_of_the_staff_does_not_help_a_blocked_person()
    {
        var person = await app.GivenPerson();
        await app.GivenStaff(person.TelegramId);

        await app.Block(person.UserId);

        foreach (var address in new[] { "/api/auth/me", $"/api/users/by-telegram/{UsersApp.NewTelegramId()}" })
        {
            (await app.Get(address, await app.TokenByBot(person.TelegramId))).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
        }
    }

    [Fact]
    public async Task A_blocked_person_still_gets_and_erases_their_own_data_and_is_not_kept_as_blocked()
    {
        var person = await app.GivenPerson();
        await app.Block(person.UserId);
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        var signedIn = await app.SignInByBot(person.TelegramId);
        var export = await app.Get("/api/users/export", signedIn.AccessToken);
        var erased = await app.Delete("/api/users/me", signedIn.AccessToken);

        signedIn.Json("refreshToken").ShouldBeNull();
        export.Json("profile.fullName").ShouldBe("Анна Смирнова");
        erased.Status.ShouldBe(HttpStatusCode.NoContent, erased.Body);
        (await app.Count($"select count(*) from users where id = {person.UserId} and full_name = '' and blocked_at is null")).ShouldBe(1);
        await app.AddsUp();
    }

    [Fact]
    public async Task A_token_from_before_the_block_does_not_erase_anybody()
    {
        var person = await app.GivenPerson();
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.Block(person.UserId);
        await Eventually.Passes(async () => (await app.Get("/api/users/me", person.Token)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked"), Ct);

        (await app.Delete("/api/users/me", person.Token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task An_unblocked_person_comes_back_with_a_new_token_and_the_old_ones_stay_refused()
    {
        var person = await app.GivenPerson();
        var before = await app.SignInByBot(person.TelegramId);
        await app.Block(person.UserId);
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        var unblocked = await app.Unblock(person.UserId);
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        unblocked.Status.ShouldBe(HttpStatusCode.NoContent);
        var after = await app.TokenByBot(person.TelegramId);
        await Eventually.Passes(
            async () =>
            {
                (await app.Get("/api/users/me", after)).Json("isActive").ShouldBe(true);
                // He is not blocked any more: he signs in again.
                (await app.Get("/api/users/me", person.Token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
            },
            Ct);
        (await app.Refresh(before.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");

        var told = await app.Published<UserUnblocked>(happened => happened.UserId == person.UserId);
        told.UnblockedAt.ShouldBe(app.Clock.GetUtcNow() - TimeSpan.FromSeconds(1));
        told.Version.ShouldBe(3);
    }

    [Fact]
    public async Task Both_leave_a_row_in_the_audit()
    {
        var person = await app.GivenPerson();

        await app.Block(person.UserId, "Buys with stolen cards");
        await app.Unblock(person.UserId, "It was his brother");

        var rows = await app.Audit($"user:{person.UserId}");
        rows.Select(row => row.Action).ShouldBe(["user.block", "user.unblock"]);
        rows.ShouldAllBe(row => row.Subject == app.AdminSubject && row.Role == "admin" && row.At == app.Clock.GetUtcNow());
        rows[0].Details.ShouldContain("Buys with stolen cards");
        rows[1].Details.ShouldContain("It was his brother");
    }

    [Fact]
    public async Task To_block_the_blocked_and_to_unblock_the_unblocked_changes_nothing()
    {
        var person = await app.GivenPerson();

        (await app.Unblock(person.UserId)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await app.Block(person.UserId)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await app.Block(person.UserId)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await app.Audit($"user:{person.UserId}")).Count.ShouldBe(1);
        (await app.Count($"select version from users where id = {person.UserId}")).ShouldBe(2);
    }

    [Fact]
    public async Task Of_20_blocks_and_unblocks_at_once_each_has_a_version_of_its_own()
    {
        var person = await app.GivenPerson();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? app.Block(person.UserId) : app.Unblock(person.UserId)));

        var changes = (await app.Audit($"user:{person.UserId}")).Count;
        (await app.Count($"select version from users where id = {person.UserId}")).ShouldBe(1 + changes);
    }

    [Fact]
    public async Task Of_sign_ins_that_meet_a_block_none_outlives_it()
    {
        for (var round = 0; round < 10; round++)
        {
            var email = SandboxMail.NewAddress();
            var person = await app.GivenPersonWith(email);
            var code = await app.CodeFor(email);
            var initData = new MiniApp(person.TelegramId, app.Clock.GetUtcNow()).InitData;

            List<Task<Answer>> signIns = [.. Enumerable.Range(0, 6).Select(_ => app.SignInByBot(person.TelegramId))];
            var blocked = app.Block(person.UserId);
            signIns.AddRange([app.Confirm(code), app.Post("/api/auth/telegram", new { initData })]);
            signIns.AddRange(Enumerable.Range(0, 6).Select(_ => app.SignInByBot(person.TelegramId)));
            var answers = await Task.WhenAll(signIns);

            (await blocked).Status.ShouldBe(HttpStatusCode.NoContent);
            await app.AddsUp();
            await app.Unblock(person.UserId);
            // Who signs in after the block gets no token that could be exchanged.
            foreach (var answer in answers.Where(answer => answer.Status == HttpStatusCode.OK && answer.Json("refreshToken") is not null))
            {
                (await app.Refresh(answer.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");
            }
        }
    }

    [Fact]
    public async Task Nobody_can_block_whoever_does_not_exist()
    {
        (await app.Block(new(999_999_999))).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
        (await app.Unblock(new(999_999_999))).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("line\nbreak")]
    [InlineData(null)]
    public async Task Without_a_reason_nobody_is_blocked_or_unblocked(string? reason)
    {
        var person = await app.GivenPerson();

        foreach (var what in new[] { "block", "unblock" })
        {
            (await app.Post($"/api/users/{person.UserId}/{what}", new { reason }, await app.Admin())).Status.ShouldBe(HttpStatusCode.BadRequest);
        }

        (await app.Count($"select version from users where id = {person.UserId}")).ShouldBe(1);
    }

    [Fact]
    public async Task A_reason_has_500_characters_at_most()
    {
        var person = await app.GivenPerson();

        (await app.Block(person.UserId, new string('я', 501))).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await app.Unblock(person.UserId, new string('я', 501))).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await app.Block(person.UserId, new string('я', 500))).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_repetition_with_the_same_key_does_not_block_again_who_was_unblocked_meanwhile()
    {
        var person = await app.GivenPerson();
        var admin = await app.Admin();
        var body = new { reason = "Rude" };
        await app.Post($"/api/users/{person.UserId}/block", body, admin, key: "b1");
        await app.Unblock(person.UserId);

        var again = await app.Post($"/api/users/{person.UserId}/block", body, admin, key: "b1");

        again.Status.ShouldBe(HttpStatusCode.NoContent);
        (await app.Count($"select version from users where id = {person.UserId}")).ShouldBe(3);
    }
}
