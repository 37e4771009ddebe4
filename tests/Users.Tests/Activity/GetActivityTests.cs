using System.Net;
using System.Text.Json.Nodes;

namespace Platform.Users.Tests.Activity;

public sealed class GetActivityTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task Activity_lists_people_and_counts_by_day_and_kind()
    {
        var (one, other, back) = (await app.GivenPerson(), await app.GivenPerson(), await app.GivenPerson());
        await app.Execute(
            $"""
            insert into activity_days (user_id, day, kind, count, spent) values
                ({one.UserId}, '2026-03-10', 'order', 2, 450.50), ({other.UserId}, '2026-03-10', 'order', 1, 70), ({back.UserId}, '2026-03-10', 'order', 0, -100),
                ({one.UserId}, '2026-03-10', 'bot', 1, 0), ({one.UserId}, '2026-03-12', 'lesson', 3, 0),
                ({one.UserId}, '2026-03-09', 'lesson', 3, 0), ({one.UserId}, '2026-03-13', 'lesson', 3, 0)
            """);

        var answer = await app.Get("/api/users/activity?from=2026-03-10&to=2026-03-12", await app.Admin());

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        JsonNode.Parse(answer.Body)!["items"]!.ToJsonString().ShouldBe(
            """
            [{"day":"2026-03-10","kind":"bot","people":1,"count":1,"spent":0.00},{"day":"2026-03-10","kind":"order","people":2,"count":3,"spent":420.50},{"day":"2026-03-12","kind":"lesson","people":1,"count":3,"spent":0.00}]
            """);
    }

    [Theory]
    [InlineData("?from=2026-03-11&to=2026-03-10")]
    [InlineData("?from=2026-01-01&to=2026-04-03")]
    [InlineData("?from=0001-01-01&to=9999-12-31")]
    public async Task Activity_for_more_than_92_days_or_a_reversed_period_is_refused(string query) =>
        (await app.Get($"/api/users/activity{query}", await app.Admin())).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "period_invalid");

    [Theory]
    [InlineData("?from=2026-01-01&to=2026-04-02", "2026-01-01", "2026-04-02")]
    [InlineData("?from=2026-03-10&to=2026-03-10", "2026-03-10", "2026-03-10")]
    [InlineData("?to=2026-03-30", "2026-03-01", "2026-03-30")]
    [InlineData("?to=0001-01-02", "0001-01-01", "0001-01-02")]
    [InlineData("?from=9999-12-31&to=9999-12-31", "9999-12-31", "9999-12-31")]
    public async Task Activity_covers_30_days_by_default_and_up_to_92(string query, string first, string last)
    {
        var answer = await app.Get($"/api/users/activity{query}", await app.Admin());

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        ((string?)answer.Json("from"), (string?)answer.Json("to")).ShouldBe((first, last));
    }
}
