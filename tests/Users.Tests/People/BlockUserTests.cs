using System.Net;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Users.Tests.People;

public sealed class BlockUserTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blocked_person_is_refused_with_every_token_and_the_block_is_published()
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

        var published = await app.Published<UserBlocked>(happened => happened.UserId == person.UserId);
        published.BlockedAt.ShouldBe(app.Clock.GetUtcNow());
        published.Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_block_ends_all_sign_ins_of_that_person_only()
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
    public async Task A_blocked_member_of_the_staff_is_refused_too()
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
    public async Task A_blocked_person_can_still_export_and_erase_their_data()
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
    public async Task A_token_issued_before_the_block_cannot_erase_the_person()
    {
        var person = await app.GivenPerson();
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.Block(person.UserId);
        await Eventually.Passes(async () => (await app.Get("/api/users/me", person.Token)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked"), Ct);

        (await app.Delete("/api/users/me", person.Token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task An_unblocked_person_signs_in_again_and_old_tokens_stay_refused()
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
                // No longer blocked: they can sign in again.
                (await app.Get("/api/users/me", person.Token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
            },
            Ct);
        (await app.Refresh(before.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");

        var published = await app.Published<UserUnblocked>(happened => happened.UserId == person.UserId);
        published.UnblockedAt.ShouldBe(app.Clock.GetUtcNow() - TimeSpan.FromSeconds(1));
        published.Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_block_and_an_unblock_are_audited()
    {
        var person = await app.GivenPerson();

        await app.Block(person.UserId, "Buys with stolen cards");
        await app.Unblock(person.UserId, "It was someone else");

        var rows = await app.Audit($"user:{person.UserId}");
        rows.Select(row => row.Action).ShouldBe(["user.block", "user.unblock"]);
        rows.ShouldAllBe(row => row.Subject == app.AdminSubject && row.Role == "admin" && row.At == app.Clock.GetUtcNow());
        rows[0].Details.ShouldContain("Buys with stolen cards");
        rows[1].Details.ShouldContain("It was someone else");
    }

    [Fact]
    public async Task Blocking_or_unblocking_twice_changes_nothing()
    {
        var person = await app.GivenPerson();

        (await app.Unblock(person.UserId)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await app.Block(person.UserId)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await app.Block(person.UserId)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await app.Audit($"user:{person.UserId}")).Count.ShouldBe(1);
        (await app.Count($"select version from users where id = {person.UserId}")).ShouldBe(2);
    }

    [Fact]
    public async Task Twenty_concurrent_blocks_and_unblocks_get_different_versions()
    {
        var person = await app.GivenPerson();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? app.Block(person.UserId) : app.Unblock(person.UserId)));

        var changes = (await app.Audit($"user:{person.UserId}")).Count;
        (await app.Count($"select version from users where id = {person.UserId}")).ShouldBe(1 + changes);
    }

    [Fact]
    public async Task No_sign_in_concurrent_with_a_block_survives_it()
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
            // A sign-in after the block gets no refresh token.
            foreach (var answer in answers.Where(answer => answer.Status == HttpStatusCode.OK && answer.Json("refreshToken") is not null))
            {
                (await app.Refresh(answer.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");
            }
        }
    }

    [Fact]
    public async Task Blocking_an_unknown_person_is_not_found()
    {
        (await app.Block(new(999_999_999))).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
        (await app.Unblock(new(999_999_999))).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("line\nbreak")]
    [InlineData(null)]
    public async Task A_block_or_unblock_without_a_reason_is_refused(string? reason)
    {
        var person = await app.GivenPerson();

        foreach (var what in new[] { "block", "unblock" })
        {
            (await app.Post($"/api/users/{person.UserId}/{what}", new { reason }, await app.Admin())).Status.ShouldBe(HttpStatusCode.BadRequest);
        }

        (await app.Count($"select version from users where id = {person.UserId}")).ShouldBe(1);
    }

    [Fact]
    public async Task A_block_reason_is_limited_to_500_characters()
    {
        var person = await app.GivenPerson();

        (await app.Block(person.UserId, new string('я', 501))).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await app.Unblock(person.UserId, new string('я', 501))).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await app.Block(person.UserId, new string('я', 500))).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_retry_with_the_same_key_does_not_block_a_person_unblocked_since()
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
