using System.Net;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Users.Tests.Staff;

public sealed class RemoveStaffTests(SharedUsersApp app)
{
    [Fact]
    public async Task A_removed_member_loses_the_staff_role_at_once_and_for_later_tokens()
    {
        var person = await app.GivenPerson();
        await app.GivenStaff(person.TelegramId);
        var signIn = await app.SignInByBot(person.TelegramId);

        var removed = await app.RemoveStaff(person.TelegramId);

        removed.Status.ShouldBe(HttpStatusCode.NoContent);
        var refreshed = await app.Refresh(signIn.RefreshToken);
        (await app.Get("/api/auth/me", refreshed.AccessToken)).Json("role").ShouldBe("client");
        (await app.Get("/api/auth/me", await app.TokenByBot(person.TelegramId))).Json("role").ShouldBe("client");
        await Eventually.Passes(
            async () => (await app.Get("/api/auth/me", signIn.AccessToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated"),
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_member_who_returns_needs_a_new_token_and_old_ones_stay_refused()
    {
        var telegramId = UsersApp.NewTelegramId();
        var before = await app.GivenStaff(telegramId);
        await app.RemoveStaff(telegramId);

        var again = await app.GivenStaff(telegramId);

        await Eventually.Passes(
            async () => (await app.Get("/api/auth/me", before)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated"),
            TestContext.Current.CancellationToken);
        (await app.Get("/api/auth/me", again)).Json("role").ShouldBe("staff");
        var id = (long)(await app.Get("/api/auth/me", again)).Json("staffId")!;
        (await app.Published<StaffTokensRevoked>(published => published.StaffId.Value == id)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task Removal_ends_sign_ins_by_password()
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.GivenStaff(telegramId);
        await app.Execute(
            $"""
            insert into credentials (login, password_hash, staff_id, from_settings, created_at, changed_at)
            select 'boris', password_hash, (select id from staff where telegram_id = {telegramId}), false, created_at, changed_at
            from credentials where from_settings
            """);
        var signIn = await app.Login("boris", UsersApp.AdminPassword);
        (await app.Get("/api/auth/me", signIn.AccessToken)).Json("role").ShouldBe("staff");

        await app.RemoveStaff(telegramId);
        var login = await app.Login("boris", UsersApp.AdminPassword);

        (await app.Refresh(signIn.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");
        login.ShouldBeProblem(HttpStatusCode.Unauthorized, "wrong_credentials");
    }

    [Fact]
    public async Task Removal_is_audited_and_keeps_the_members_name()
    {
        var telegramId = UsersApp.NewTelegramId();
        var added = await app.AddStaff(telegramId, "Борис Котов");

        await app.RemoveStaff(telegramId);

        var rows = await app.Audit($"staff:{added.Json("staffId")}");
        rows.Select(row => row.Action).ShouldBe(["staff.add", "staff.remove"]);
        rows[1].Details.ShouldContain($"{telegramId}");
        (await app.Count($"select count(*) from staff where id = {added.Json("staffId")} and full_name = 'Борис Котов' and removed_at is not null")).ShouldBe(1);
    }

    [Fact]
    public async Task Removing_someone_who_is_not_staff_is_not_found()
    {
        var person = await app.GivenPerson();
        var removed = UsersApp.NewTelegramId();
        await app.AddStaff(removed, "Борис Котов");
        await app.RemoveStaff(removed);

        (await app.RemoveStaff(person.TelegramId)).ShouldBeProblem(HttpStatusCode.NotFound, "staff_not_found");
        (await app.RemoveStaff(removed)).ShouldBeProblem(HttpStatusCode.NotFound, "staff_not_found");
    }

    [Fact]
    public async Task Ten_concurrent_removals_remove_a_member_of_staff_once()
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.AddStaff(telegramId, "Борис Котов");
        var admin = await app.Admin();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.Delete($"/api/users/staff/{telegramId}", admin)));

        answers.Count(answer => answer.Status == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.NotFound).ShouldBe(9);
    }
}
