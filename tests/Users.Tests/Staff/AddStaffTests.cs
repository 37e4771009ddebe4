using System.Net;

namespace Platform.Users.Tests.Staff;

public sealed class AddStaffTests(SharedUsersApp app)
{
    [Fact]
    public async Task An_added_member_has_the_staff_role_from_their_next_token_on()
    {
        var telegramId = UsersApp.NewTelegramId();
        var before = await app.TokenByBot(telegramId);

        var added = await app.AddStaff(telegramId, " Борис Котов ");

        added.Status.ShouldBe(HttpStatusCode.Created);
        added.Json("telegramId").ShouldBe(telegramId.Value);
        added.Json("fullName").ShouldBe("Борис Котов");
        (await app.Get("/api/auth/me", before)).Json("role").ShouldBe("guest");
        var me = await app.Get("/api/auth/me", await app.TokenByBot(telegramId));
        me.Json("role").ShouldBe("staff");
        me.Json("staffId").ShouldBe(added.Json("staffId"));
    }

    [Fact]
    public async Task Adding_staff_is_audited()
    {
        var telegramId = UsersApp.NewTelegramId();
        var added = await app.AddStaff(telegramId, "Борис Котов");

        var row = (await app.Audit($"staff:{added.Json("staffId")}")).ShouldHaveSingleItem();

        (row.Action, row.Subject, row.Role).ShouldBe(("staff.add", app.AdminSubject, "admin"));
        row.At.ShouldBe(app.Clock.GetUtcNow());
        row.Details.ShouldContain($"{telegramId}");
        row.Details.ShouldNotContain("Борис");
        row.Details.ShouldContain($"{telegramId}");
    }

    [Fact]
    public async Task A_second_addition_is_refused_even_when_concurrent()
    {
        var telegramId = UsersApp.NewTelegramId();
        var admin = await app.Admin();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => app.Post("/api/users/staff", new { telegramId, fullName = "Борис Котов" }, admin)));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.Created).ShouldAllBe(answer => (string)answer.Json("code")! == "staff_exists");
        (await app.Audit($"staff:{answers.Single(answer => answer.Status == HttpStatusCode.Created).Json("staffId")}")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_member_who_returns_keeps_their_staff_id()
    {
        var telegramId = UsersApp.NewTelegramId();
        var first = await app.AddStaff(telegramId, "Борис Котов");
        await app.RemoveStaff(telegramId);

        var again = await app.AddStaff(telegramId, "Борис Б. Котов");

        again.Status.ShouldBe(HttpStatusCode.Created);
        again.Json("staffId").ShouldBe(first.Json("staffId"));
        again.Json("fullName").ShouldBe("Борис Б. Котов");
        (await app.Get("/api/auth/me", await app.TokenByBot(telegramId))).Json("role").ShouldBe("staff");
    }

    [Fact]
    public async Task A_retry_with_the_same_key_and_body_returns_the_recorded_response()
    {
        var body = new { telegramId = UsersApp.NewTelegramId(), fullName = "Борис Котов" };
        var admin = await app.Admin();

        var first = await app.Post("/api/users/staff", body, admin, key: "s1");
        var again = await app.Post("/api/users/staff", body, admin, key: "s1");

        again.Status.ShouldBe(HttpStatusCode.Created);
        again.Body.ShouldBe(first.Body);
    }

    [Theory]
    [InlineData("""{"fullName":"Борис"}""")]
    [InlineData("""{"telegramId":1}""")]
    [InlineData("""{"telegramId":0,"fullName":"Борис"}""")]
    [InlineData("""{"telegramId":"1","fullName":"Борис"}""")]
    [InlineData("""{"telegramId":1,"fullName":""}""")]
    [InlineData("""{"telegramId":1,"fullName":"  "}""")]
    [InlineData("""{"telegramId":1,"fullName":"a\tb"}""")]
    [InlineData("""{"telegramId":1,"fullName":"Борис","role":"admin"}""")]
    public async Task A_request_without_a_Telegram_id_or_name_is_400(string body)
    {
        (await app.PostRaw("/api/users/staff", body, await app.Admin())).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_staff_name_is_limited_to_255_characters()
    {
        (await app.AddStaff(UsersApp.NewTelegramId(), new string('я', 256))).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await app.AddStaff(UsersApp.NewTelegramId(), new string('я', 255))).Status.ShouldBe(HttpStatusCode.Created);
    }
}
