using System.Net;
using System.Text.Json.Nodes;

namespace Platform.Users.Tests.Staff;

public sealed class ListStaffTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task The_list_has_everyone_who_works_here_now_and_pages_by_cursor()
    {
        var (boris, olga, former) = (UsersApp.NewTelegramId(), UsersApp.NewTelegramId(), UsersApp.NewTelegramId());
        await app.AddStaff(boris, "Борис Котов");
        await app.AddStaff(former, "Пётр Зайцев");
        await app.Post("/api/users/staff", new { telegramId = olga, fullName = "Ольга Ким", role = "manager", broadcast = true }, await app.Admin());
        await app.RemoveStaff(former);

        var all = await List("");
        var first = await List("?limit=1");
        var second = await List($"?limit=1&after={first.Json("next")}");
        var managers = await List("?role=manager");

        Items(all).Select(item => (long)item["telegramId"]!).ShouldBe([boris.Value, olga.Value]);
        ((string?)Items(all)[0]["fullName"], (string?)Items(all)[0]["role"], (bool)Items(all)[0]["broadcast"]!).ShouldBe(("Борис Котов", "barista", false));
        ((string?)Items(all)[1]["role"], (bool)Items(all)[1]["broadcast"]!).ShouldBe(("manager", true));
        Items(all)[0]["addedAt"].ShouldNotBeNull();
        all.Json("next").ShouldBeNull();
        Items(first).ShouldHaveSingleItem()["telegramId"]!.GetValue<long>().ShouldBe(boris.Value);
        Items(second).ShouldHaveSingleItem()["telegramId"]!.GetValue<long>().ShouldBe(olga.Value);
        second.Json("next").ShouldBeNull();
        Items(managers).ShouldHaveSingleItem()["telegramId"]!.GetValue<long>().ShouldBe(olga.Value);
    }

    [Theory]
    [InlineData("?role=admin")]
    [InlineData("?limit=0")]
    [InlineData("?limit=101")]
    [InlineData("?after=x")]
    public async Task An_invalid_filter_is_400(string query) => (await List(query)).Status.ShouldBe(HttpStatusCode.BadRequest);

    private static IReadOnlyList<JsonNode> Items(Testing.Answer page) => [.. JsonNode.Parse(page.Body)!["items"]!.AsArray().Select(item => item!)];

    private async Task<Testing.Answer> List(string query) => await app.Get($"/api/users/staff{query}", await app.Admin());
}
