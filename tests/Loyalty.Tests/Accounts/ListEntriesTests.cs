using System.Net;
using System.Text.Json.Nodes;

namespace Platform.Loyalty.Tests.Accounts;

public sealed class ListEntriesTests(SharedLoyaltyApp app)
{
    private const string Mine = "/api/loyalty/accounts/me/entries";

    [Fact]
    public async Task Entries_are_listed_newest_first_with_the_balance_after_each()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 1000);
        var second = await app.GivenOrder(guest, staff, 100, spendPoints: 10);
        await app.Refund(staff, order);

        var items = Items((await app.Client(guest).Read(Mine)).Body);

        items.Select(item => ((string)item!["reason"]!, (long)item["delta"]!, (long)item["debtDelta"]!, (long)item["balanceAfter"]!))
            .ShouldBe([("takeBack", 0, 10, 0), ("spend", -10, 0, 0), ("earn", 10, 0, 10)]);
        items.Select(item => (string)item!["source"]!).Skip(1).ShouldBe([$"order:{second}", $"order:{order}"]);
    }

    [Fact]
    public async Task Points_that_are_left_say_when_they_expire()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.GivenOrder(guest, staff, 1000);
        await app.GivenOrder(guest, staff, 100, spendPoints: 10);
        await app.GivenOrder(guest, staff, 500);

        var items = Items((await app.Client(guest).Read(Mine)).Body);

        var inAYear = app.Clock.GetUtcNow().AddMonths(12).UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        items.Select(item => ((string?)item!["expiresAt"])?[..10]).ShouldBe([inAYear, null, null]);
    }

    [Fact]
    public async Task Pages_together_contain_each_entry_once()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        foreach (var points in Enumerable.Range(1, 7))
        {
            await app.Owner(staff).Post($"/api/loyalty/accounts/{guest}/adjust", new { points, reason = "Страница" });
        }

        List<long> deltas = [];
        for (string? next = ""; next is not null;)
        {
            var page = JsonNode.Parse((await app.Client(guest).Read($"{Mine}?limit=3{next}")).Body)!;
            deltas.AddRange(page["items"]!.AsArray().Select(item => (long)item!["delta"]!));
            next = page["next"] is { } last ? $"&after={last}" : null;
        }

        deltas.ShouldBe([7, 6, 5, 4, 3, 2, 1]);
    }

    [Fact]
    public async Task Entries_can_be_filtered_by_reason_and_period()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.GivenOrder(guest, staff, 1000);
        await app.GivenOrder(guest, staff, 100, spendPoints: 10);
        var client = app.Client(guest);

        Items((await client.Read($"{Mine}?reason=spend")).Body).Count.ShouldBe(1);
        // The business is in Moscow, three hours ahead.
        var today = app.Clock.GetUtcNow().AddHours(3);
        Items((await client.Read($"{Mine}?from={today:yyyy-MM-dd}&to={today:yyyy-MM-dd}")).Body).Count.ShouldBe(2);
        Items((await client.Read($"{Mine}?to={today.AddDays(-1):yyyy-MM-dd}")).Body).ShouldBeEmpty();
        Items((await client.Read($"{Mine}?from={today.AddDays(1):yyyy-MM-dd}")).Body).ShouldBeEmpty();
        (await client.Read($"{Mine}?reason=gift")).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await client.Read($"{Mine}?from=yesterday")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_whole_filtered_list_can_be_read_as_a_file()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.GivenOrder(guest, staff, 1000);
        await app.GivenOrder(guest, staff, 100, spendPoints: 10);

        var file = await app.Client(guest).Read($"{Mine}?format=csv&limit=1&reason=spend");

        file.Status.ShouldBe(HttpStatusCode.OK, file.Body);
        var lines = file.Body.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("\"id\",\"delta\",\"debtDelta\",\"reason\",\"source\",\"balanceAfter\",\"createdAt\",\"expiresAt\"");
        lines.Length.ShouldBe(2);
        lines[1].ShouldContain("\"-10\",\"0\",\"spend\"");
        (await app.Client(guest).Read($"{Mine}?format=csv")).Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Entries_are_visible_to_staff_but_not_to_other_guests()
    {
        var (guest, staff) = (await app.GivenGuest(points: 10), await app.GivenStaff());
        var address = $"/api/loyalty/accounts/{guest}/entries";

        Items((await app.Staff(staff).Read(address)).Body).Count.ShouldBe(1);
        Items((await app.Client(guest).Read(address)).Body).Count.ShouldBe(1);
        (await app.Client(await app.GivenGuest()).Read(address)).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
        (await app.Staff(staff).Read("/api/loyalty/accounts/7000000001/entries")).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
        Items((await app.Staff(staff).Read(Mine)).Body).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_account_says_which_points_expire_first()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        (await app.GetMyAccount(guest)).Json("pointsExpiring").ShouldBeNull();
        await app.GivenOrder(guest, staff, 3000);
        await app.Database.Execute(
            "update loyalty.point_lots set expires_at = $2 where user_id = $1",
            TestContext.Current.CancellationToken, guest.Value, new DateTimeOffset(2026, 5, 31, 21, 30, 0, TimeSpan.Zero));
        await app.GivenOrder(guest, staff, 500);

        var account = await app.GetMyAccount(guest);

        (account.Json("pointsExpiring.points"), account.Json("pointsExpiring.on")).ShouldBe((30L, "2026-06-01"));
    }

    private static JsonArray Items(string body) => JsonNode.Parse(body)!["items"]!.AsArray();
}
