using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Operations;

/// <summary>Moves the clock.</summary>
public sealed class OperationsTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_barista_sees_their_orders_and_refunds_newest_first_with_totals()
    {
        var (staff, guest) = (await app.GivenStaff(), await app.GivenGuest());
        var first = await app.GivenOrder(guest, staff, 1000);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await app.GivenOrder(guest, staff, 500, spendPoints: 4);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.Refund(staff, second, 248);
        await app.GivenOrder(guest, await app.GivenStaff(), 300);

        var page = await Of(staff);

        Items(page).Select(item => ((string?)item["kind"], (decimal?)item["amount"], (long?)item["points"], (long?)item["pointsSpent"])).ShouldBe(
            [("refund", 248, -2, -2), ("order", 500, 4, 4), ("order", 1000, 10, 0)]);
        ((long)Items(page)[2]["id"]!, (long)Items(page)[2]["user"]!["userId"]!, (string?)Items(page)[2]["user"]!["name"])
            .ShouldBe((first.Value, guest.Value, "Анна П."));
        (page.Json("totals.orders"), page.Json("totals.revenue"), page.Json("totals.pointsEarned"), page.Json("totals.pointsSpent"))
            .ShouldBe((2L, 1248m, 12L, 2L));
        (page.Json("totals.giftsIssued"), page.Json("totals.giftsRedeemed")).ShouldBe((0L, 0L));
        page.Json("next").ShouldBeNull();
    }

    [Fact]
    public async Task Gifts_and_adjustments_are_listed_among_the_orders()
    {
        var (staff, guest) = (await app.GivenStaff(), await app.GivenGuest());
        var gift = await app.Post(app.Staff(staff), "/api/loyalty/gifts", new { userId = guest.Value, title = "Круассан" });
        gift.Status.ShouldBe(HttpStatusCode.Created, gift.Body);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        (await app.Post(app.Staff(staff), $"/api/loyalty/gifts/{gift.Json("giftId")}/redeem", new { })).Status.ShouldBe(HttpStatusCode.OK);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        (await app.Post(app.Staff(staff), $"/api/loyalty/accounts/{guest}/adjust", new { points = 50, reason = "Долго ждали" })).Status.ShouldBe(HttpStatusCode.OK);

        var page = await Of(staff);

        Items(page).Select(item => ((string?)item["kind"], (string?)item["title"], (long?)item["points"])).ShouldBe(
            [("adjustment", null, 50), ("giftRedeemed", "Круассан", null), ("giftIssued", "Круассан", null)]);
        (page.Json("totals.giftsIssued"), page.Json("totals.giftsRedeemed"), page.Json("totals.orders")).ShouldBe((1L, 1L, 0L));
    }

    [Fact]
    public async Task Pages_hold_everything_once_when_all_of_it_happened_in_one_instant()
    {
        var (staff, guest) = (await app.GivenStaff(), await app.GivenGuest());
        for (var i = 0; i < 3; i++)
        {
            await app.Refund(staff, await app.GivenOrder(guest, staff, 100 + i));
        }

        var (seen, next, pages) = (new List<string>(), "", 0);
        do
        {
            var page = await Of(staff, $"?limit=1{next}");
            page.Json("totals.orders").ShouldBe(3L);
            seen.AddRange(Items(page).Select(item => $"{item["kind"]} {item["id"]}"));
            next = page.Json("next") is { } last ? $"&after={last}" : "";
            pages++;
        }
        while (next != "" && pages < 20);

        seen.Count.ShouldBe(6);
        seen.Distinct().Count().ShouldBe(6);
        (await app.Call(app.Staff(staff), "/api/loyalty/operations?limit=1&format=csv")).Body
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(7);
    }

    [Fact]
    public async Task A_period_limits_the_list_and_the_totals_to_days_of_the_business()
    {
        var (staff, guest) = (await app.GivenStaff(), await app.GivenGuest());
        await app.GivenOrder(guest, staff, 100);
        await app.GivenOrder(guest, staff, 200);
        // 23:59 and 00:00 in Moscow.
        await app.Database.Execute(
            """
            update loyalty.orders set placed_at = case when amount = 100 then timestamptz '2026-01-31T20:59:59Z' else '2026-01-31T21:00:00Z' end
            where staff_id = $1
            """, Ct, staff.Value);

        var january = await Of(staff, "?from=2026-01-01&to=2026-01-31");
        var february = await Of(staff, "?from=2026-02-01&to=2026-02-28");

        Items(january).Select(item => (decimal)item["amount"]!).ShouldBe([100]);
        Items(february).Select(item => (decimal)item["amount"]!).ShouldBe([200]);
        (january.Json("totals.revenue"), february.Json("totals.revenue")).ShouldBe((100m, 200m));
    }

    [Fact]
    public async Task Baristas_see_their_own_operations_and_managers_everyones()
    {
        var (staff, other) = (await app.GivenStaff(), await app.GivenStaff());
        await app.GivenOrder(await app.GivenGuest(), staff, 100);

        (await app.Call(app.Staff(other), $"/api/loyalty/operations?staff={staff}")).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        Items(await app.Call(app.Staff(staff), $"/api/loyalty/operations?staff={staff}")).ShouldHaveSingleItem();
        Items(await app.Call(app.Staff(staff), "/api/loyalty/operations?staff=me")).ShouldHaveSingleItem();
        Items(await app.Call(app.Manager(), $"/api/loyalty/operations?staff={staff}")).ShouldHaveSingleItem();
        (await app.Call(app.Manager(), "/api/loyalty/operations?staff=all")).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    private Task<Answer> Of(StaffId staff, string query = "") => app.Call(app.Staff(staff), $"/api/loyalty/operations{query}");

    private static IReadOnlyList<JsonNode> Items(Answer page)
    {
        page.Status.ShouldBe(HttpStatusCode.OK, page.Body);
        return [.. JsonNode.Parse(page.Body)!["items"]!.AsArray().Select(item => item!)];
    }
}
