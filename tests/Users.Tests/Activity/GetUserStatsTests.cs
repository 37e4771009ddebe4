using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Users.Tests.Activity;

public sealed class GetUserStatsTests(SharedUsersApp app)
{
    [Fact]
    public async Task Stats_add_up_what_a_person_did()
    {
        var referrer = await app.GivenPerson();
        var telegramId = UsersApp.NewTelegramId();
        var registered = await app.Register(await app.TokenByBot(telegramId), new
        {
            fullName = "Вера Павлова", phone = UsersApp.NewPhone(), consentPersonalData = true, channel = "vk",
            referralCode = await app.ReferralCodeOf(referrer),
        });
        var id = (long)registered.Json("id")!;
        await app.Execute(
            $"""
            insert into activity_days (user_id, day, kind, count, spent) values
                ({id}, '2026-03-10', 'order', 2, 450.50), ({id}, '2026-03-12', 'order', 1, 70), ({id}, '2026-03-20', 'order', 0, -100),
                ({id}, '2026-03-11', 'lesson', 4, 0), ({id}, '2026-03-13', 'letter', 3, 0), ({id}, '2026-03-14', 'letter', 2, 0), ({id}, '2026-03-15', 'bot', 1, 0)
            """);

        var stats = await Of(new UserId(id));

        stats.ToJsonString().ShouldBe(
            $$"""
            {"userId":{{id}},"registeredAt":"{{(string)stats["registeredAt"]!}}","channel":"vk","referralUserId":{{referrer.UserId}},"lastActive":"2026-03-15","orders":3,"lessons":4,"letters":5,"spent":420.50}
            """);
    }

    [Fact]
    public async Task A_person_without_activity_has_zero_stats()
    {
        var person = await app.GivenPerson();

        var stats = await Of(person.UserId);

        stats["lastActive"].ShouldBeNull();
        ((string?)stats["channel"]).ShouldBe("unknown");
        ((long)stats["orders"]!, (long)stats["lessons"]!, (long)stats["letters"]!, (decimal)stats["spent"]!).ShouldBe((0, 0, 0, 0m));
    }

    [Fact]
    public async Task Stats_leave_out_erased_people_and_page_without_gaps()
    {
        var people = new List<Person>();
        for (var i = 0; i < 5; i++)
        {
            people.Add(await app.GivenPerson());
        }

        await app.Delete("/api/users/me", people[2].Token);
        var ids = new List<long>();
        object? after = people[0].UserId;
        while (after is not null)
        {
            var page = await app.Get($"/api/users/stats?after={after}&limit=2", await app.Admin());
            ids.AddRange(JsonNode.Parse(page.Body)!["items"]!.AsArray().Select(item => (long)item!["userId"]!));
            after = page.Json("next");
        }

        ids.ShouldBeInOrder();
        ids.Where(id => people.Any(person => person.UserId.Value == id))
            .ShouldBe(new[] { people[1], people[3], people[4] }.Select(person => person.UserId.Value));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("after=0")]
    [InlineData("after=x")]
    public async Task Stats_with_an_invalid_page_size_or_cursor_are_refused(string query) =>
        (await app.Get($"/api/users/stats?{query}", await app.Admin())).Status.ShouldBe(HttpStatusCode.BadRequest);

    private async Task<JsonNode> Of(UserId userId)
    {
        var after = userId.Value > 1 ? $"&after={userId.Value - 1}" : "";
        var page = await app.Get($"/api/users/stats?limit=1{after}", await app.Admin());
        page.Status.ShouldBe(HttpStatusCode.OK, page.Body);
        return JsonNode.Parse(page.Body)!["items"]!.AsArray().Single()!;
    }
}
