using System.Net;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Users.Tests.Staff;

public sealed class ChangeStaffRightsTests(SharedUsersApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_member_is_a_barista_without_the_right_to_broadcast()
    {
        var telegramId = UsersApp.NewTelegramId();

        var added = await app.AddStaff(telegramId, "Борис Котов");

        (added.Json("role"), added.Json("broadcast")).ShouldBe(("barista", false));
        await ShouldHave(telegramId, "barista", broadcast: false);
    }

    [Theory]
    [InlineData("manager", false)]
    [InlineData("owner", true)]
    public async Task A_member_can_be_added_with_a_role_and_the_right_to_broadcast(string role, bool broadcast)
    {
        var telegramId = UsersApp.NewTelegramId();

        var added = await app.Post("/api/users/staff", new { telegramId, fullName = "Ольга Ким", role, broadcast }, await app.Admin());

        added.Status.ShouldBe(HttpStatusCode.Created, added.Body);
        (added.Json("role"), added.Json("broadcast")).ShouldBe((role, broadcast));
        await ShouldHave(telegramId, role, broadcast);
    }

    [Fact]
    public async Task A_member_who_returns_does_not_get_their_former_rights_back()
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.Post("/api/users/staff", new { telegramId, fullName = "Ольга Ким", role = "owner", broadcast = true }, await app.Admin());
        await app.RemoveStaff(telegramId);

        await app.AddStaff(telegramId, "Ольга Ким");

        await ShouldHave(telegramId, "barista", broadcast: false);
    }

    [Fact]
    public async Task A_changed_role_ends_tokens_with_the_old_one_and_refreshed_tokens_carry_the_new_one()
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.AddStaff(telegramId, "Борис Котов");
        var signIn = await app.SignInByBot(telegramId);

        var changed = await Change(telegramId, new { role = "manager" });

        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Body);
        (changed.Json("role"), changed.Json("broadcast"), changed.Json("fullName")).ShouldBe(("manager", false, "Борис Котов"));
        await Eventually.Passes(
            async () => (await app.Get("/api/auth/me", signIn.AccessToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated"), Ct);
        (await app.Get("/api/auth/me", (await app.Refresh(signIn.RefreshToken)).AccessToken)).Json("staffRole").ShouldBe("manager");
        var id = (long)changed.Json("staffId")!;
        (await app.Published<StaffTokensRevoked>(published => published.StaffId.Value == id)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task Rights_left_out_of_a_change_stay_as_they_are()
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.AddStaff(telegramId, "Борис Котов");

        await Change(telegramId, new { broadcast = true });
        await Change(telegramId, new { role = "manager" });

        await ShouldHave(telegramId, "manager", broadcast: true);
        await Change(telegramId, new { broadcast = false });
        await ShouldHave(telegramId, "manager", broadcast: false);
    }

    [Fact]
    public async Task A_change_to_the_same_rights_ends_no_tokens_and_is_not_audited()
    {
        var telegramId = UsersApp.NewTelegramId();
        var added = await app.AddStaff(telegramId, "Борис Котов");

        (await Change(telegramId, new { role = "barista", broadcast = false })).Status.ShouldBe(HttpStatusCode.OK);
        (await Change(telegramId, new { })).Status.ShouldBe(HttpStatusCode.OK);

        (await app.Count($"select version from staff where telegram_id = {telegramId}")).ShouldBe(1);
        (await app.Audit($"staff:{added.Json("staffId")}")).Select(row => row.Action).ShouldBe(["staff.add"]);
    }

    [Fact]
    public async Task Changing_rights_is_audited_with_the_rights_before_and_after()
    {
        var telegramId = UsersApp.NewTelegramId();
        var added = await app.AddStaff(telegramId, "Борис Котов");

        await Change(telegramId, new { role = "owner", broadcast = true });

        var row = (await app.Audit($"staff:{added.Json("staffId")}"))[^1];
        (row.Action, row.Subject, row.Role).ShouldBe(("staff.change_rights", app.AdminSubject, "admin"));
        row.Details.ShouldContain("barista");
        row.Details.ShouldContain("owner");
        row.Details.ShouldNotContain("Борис");
    }

    [Fact]
    public async Task Rights_of_someone_who_does_not_work_here_are_not_found()
    {
        var removed = UsersApp.NewTelegramId();
        await app.AddStaff(removed, "Борис Котов");
        await app.RemoveStaff(removed);

        (await Change(removed, new { role = "manager" })).ShouldBeProblem(HttpStatusCode.NotFound, "staff_not_found");
        (await Change(UsersApp.NewTelegramId(), new { role = "manager" })).ShouldBeProblem(HttpStatusCode.NotFound, "staff_not_found");
    }

    [Theory]
    [InlineData("""{"role":"admin"}""")]
    [InlineData("""{"role":2}""")]
    [InlineData("""{"broadcast":"yes"}""")]
    [InlineData("""{"broadcastToAll":true}""")]
    public async Task An_unknown_role_or_right_is_400(string body)
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.AddStaff(telegramId, "Борис Котов");
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/users/staff/{telegramId}")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };

        using var response = await app.First.Client(await app.Admin()).SendAsync(request, Ct);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_owner_manages_the_staff_while_managers_and_baristas_may_not()
    {
        var colleague = UsersApp.NewTelegramId();
        await app.AddStaff(colleague, "Ольга Ким");

        foreach (var role in new[] { "barista", "manager" })
        {
            var token = await Staff(role);
            (await app.Get("/api/users/staff", token)).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
            (await app.Patch($"/api/users/staff/{colleague}", new { role = "owner" }, token)).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
            (await app.Delete($"/api/users/staff/{colleague}", token)).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        }

        var owner = await Staff("owner");
        (await app.Get("/api/users/staff", owner)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Patch($"/api/users/staff/{colleague}", new { role = "manager" }, owner)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Delete($"/api/users/staff/{colleague}", owner)).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Rights_do_not_reach_tokens_of_the_client_bot()
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.Post("/api/users/staff", new { telegramId, fullName = "Ольга Ким", role = "owner", broadcast = true }, await app.Admin());

        var me = await app.Get("/api/auth/me", (string)(await app.SignInByBot(telegramId, UsersApp.ClientBotKey)).Json("accessToken")!);

        (me.Json("role"), me.Json("staffRole"), me.Json("broadcast")).ShouldBe(("guest", null, false));
    }

    [Fact]
    public async Task The_admin_counts_as_an_owner_who_may_broadcast()
    {
        var me = await app.Get("/api/auth/me", await app.Admin());

        (me.Json("staffRole"), me.Json("broadcast")).ShouldBe(("owner", true));
    }

    private async Task<Answer> Change(TelegramId telegramId, object rights) =>
        await app.Patch($"/api/users/staff/{telegramId}", rights, await app.Admin());

    private async Task<string> Staff(string role)
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.Post("/api/users/staff", new { telegramId, fullName = "Борис Котов", role }, await app.Admin());
        return await app.TokenByBot(telegramId);
    }

    private async Task ShouldHave(TelegramId telegramId, string role, bool broadcast)
    {
        var me = await app.Get("/api/auth/me", await app.TokenByBot(telegramId));
        (me.Json("role"), me.Json("staffRole"), me.Json("broadcast")).ShouldBe(("staff", role, broadcast));
    }
}
