using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Loyalty.Tests.Orders;

/// <summary>Has its own service, since owners see all orders and the tests move the clock.</summary>
public sealed class ListOrdersTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private const string All = "/api/loyalty/orders";
    private const string Mine = "/api/loyalty/accounts/me/orders";

    [Fact]
    public async Task Baristas_see_their_own_orders_and_managers_and_owners_all()
    {
        var (guest, staff, colleague) = (await app.GivenGuest(), await app.GivenStaff(), await app.GivenStaff());
        var own = await app.GivenOrder(guest, staff, 100);
        var other = await app.GivenOrder(guest, colleague, 200);

        Ids(await Items(app.Staff(staff), All)).ShouldBe([own.Value]);
        Ids(await Items(app.Staff(staff), $"{All}?staffId={colleague}")).ShouldBeEmpty();
        foreach (var caller in new[] { app.Manager(staff), app.Owner(staff), app.Admin(staff) })
        {
            Ids(await Items(caller, $"{All}?userId={guest}")).ShouldBe([other.Value, own.Value]);
            Ids(await Items(caller, $"{All}?staffId={colleague}")).ShouldBe([other.Value]);
        }
    }

    [Fact]
    public async Task An_order_in_the_list_names_the_guest_and_shows_money_and_points()
    {
        var (guest, staff) = (await app.GivenGuest(points: 50), await app.GivenStaff());
        var placed = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 1000, spendPoints = 20, shopId = "main-street" });
        await app.Refund(staff, new OrderId((long)placed.Json("orderId")!), 98);

        var order = (await Items(app.Staff(staff), All)).Single()!;

        ((long)order["user"]!["userId"]!, (string?)order["user"]!["name"]).ShouldBe((guest.Value, "Анна П."));
        ((decimal)order["amount"]!, (decimal)order["paid"]!, (decimal)order["refundedAmount"]!).ShouldBe((1000m, 980m, 98m));
        ((long)order["pointsEarned"]!, (long)order["pointsSpent"]!, (string?)order["shopId"], (long)order["staffId"]!)
            .ShouldBe((9L, 20L, "main-street", staff.Value));
    }

    [Fact]
    public async Task Orders_can_be_filtered_by_shop_and_by_days_of_the_business()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        // 23:30 and, an hour later, 00:30 of the next day in Moscow.
        app.Clock.SetUtcNow(app.Clock.GetUtcNow().Date.AddDays(2).AddHours(20.5));
        var day = app.Clock.GetUtcNow();
        var evening = await Place("riverside");
        app.Clock.Advance(TimeSpan.FromHours(1));
        var night = await Place("station");

        await Finds($"from={day:yyyy-MM-dd}&to={day:yyyy-MM-dd}", evening);
        await Finds($"from={day.AddDays(1):yyyy-MM-dd}", night);
        await Finds($"from={day:yyyy-MM-ddTHH:mm:ss}Z&to={day.AddHours(1):yyyy-MM-ddTHH:mm:ss}Z", evening);
        await Finds("shopId=station", night);
        await Finds("shopId=nowhere");

        async Task Finds(string query, params long[] expected)
        {
            Ids(await Items(app.Staff(staff), $"{All}?{query}")).ShouldBe(expected.AsEnumerable(), customMessage: query);
            Ids(await Items(app.Client(guest), $"{Mine}?{query}")).ShouldBe(expected.AsEnumerable(), customMessage: query);
        }

        async Task<long> Place(string shopId)
        {
            var order = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 250, shopId });
            order.Status.ShouldBe(HttpStatusCode.Created, order.Body);
            return (long)order.Json("orderId")!;
        }
    }

    [Fact]
    public async Task Pages_together_contain_each_order_once()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        List<long> placed = [];
        for (var number = 1; number <= 5; number++)
        {
            placed.Insert(0, (await app.GivenOrder(guest, staff, 100 * number)).Value);
        }

        (await Pages(app.Staff(staff), All)).ShouldBe(placed);
        (await Pages(app.Client(guest), Mine)).ShouldBe(placed);

        static async Task<List<long>> Pages(HttpClient caller, string address)
        {
            List<long> found = [];
            for (string? next = ""; next is not null;)
            {
                var page = JsonNode.Parse((await caller.Read($"{address}?limit=2{next}")).Body)!;
                found.AddRange(Ids(page["items"]!.AsArray()));
                next = page["next"] is { } last ? $"&after={last}" : null;
            }

            return found;
        }
    }

    [Fact]
    public async Task Lists_of_orders_can_be_read_as_files()
    {
        var (guest, staff) = (await app.GivenGuest(fullName: "=HYPERLINK Петров"), await app.GivenStaff());
        await app.GivenOrder(guest, staff, 100);
        await app.GivenOrder(guest, staff, 200);

        var ofStaff = await Lines(app.Staff(staff), All);
        var ofGuest = await Lines(app.Client(guest), Mine);

        ofStaff[0].ShouldBe(
            "\"orderId\",\"placedAt\",\"userId\",\"name\",\"staffId\",\"shopId\",\"amount\",\"paid\",\"pointsEarned\",\"pointsSpent\",\"refundedAmount\"");
        (ofStaff.Length, ofGuest.Length).ShouldBe((3, 3));
        ofStaff[1].ShouldContain("\"'=HYPERLINK П.\"");
        ofGuest[0].ShouldBe("\"orderId\",\"shopId\",\"amount\",\"paid\",\"pointsEarned\",\"pointsSpent\",\"refundedAmount\",\"placedAt\"");

        static async Task<string[]> Lines(HttpClient caller, string address) =>
            (await caller.Read($"{address}?format=csv&limit=1")).Body.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task A_guests_orders_are_visible_to_the_guest_and_to_staff_but_not_to_other_guests()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 100);
        var address = $"/api/loyalty/accounts/{guest}/orders";

        Ids(await Items(app.Client(guest), address)).ShouldBe([order.Value]);
        Ids(await Items(app.Staff(await app.GivenStaff()), address)).ShouldBe([order.Value]);
        (await app.Client(await app.GivenGuest()).Read(address)).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
    }

    private static async Task<JsonArray> Items(HttpClient caller, string address)
    {
        var answer = await caller.Read(address);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        return JsonNode.Parse(answer.Body)!["items"]!.AsArray();
    }

    private static List<long> Ids(JsonArray orders) => [.. orders.Select(order => (long)order!["orderId"]!)];
}
