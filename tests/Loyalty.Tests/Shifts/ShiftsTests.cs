using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Shifts;

/// <summary>Moves the clock.</summary>
public sealed class ShiftsTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shift_is_opened_in_a_shop_and_closed_with_the_totals_of_its_orders()
    {
        var (staff, shop, guest) = (await app.GivenStaff(), await app.GivenShop("Мира, 5"), await app.GivenGuest());
        await app.GivenOrder(guest, staff, 700);
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        var opened = await Open(staff, shop);
        await app.GivenOrder(guest, staff, 1000);
        var undone = await app.GivenOrder(guest, staff, 500, spendPoints: 5);
        await app.GivenOrder(guest, await app.GivenStaff(), 900);
        (await app.Refund(staff, undone)).Status.ShouldBe(HttpStatusCode.OK);
        app.Clock.Advance(TimeSpan.FromHours(8));
        var closed = await Close(staff, opened);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.GivenOrder(guest, staff, 800);

        opened.Status.ShouldBe(HttpStatusCode.Created, opened.Body);
        (opened.Json("shopId"), opened.Json("shopName")).ShouldBe((shop, "Мира, 5"));
        closed.Status.ShouldBe(HttpStatusCode.OK, closed.Body);
        (closed.Json("orders"), closed.Json("revenue"), closed.Json("pointsEarned"), closed.Json("pointsSpent")).ShouldBe((2L, 1000m, 10L, 0L));
        (closed.Json("shiftId"), closed.Json("staffId")).ShouldBe((opened.Json("shiftId"), staff.Value));
        closed.Json("closedAt").ShouldNotBeNull();
        Json(await ListOf(staff)).ShouldBe(Json([JsonNode.Parse(closed.Body)!]));
    }

    [Fact]
    public async Task A_second_shift_is_refused_while_one_is_open_even_when_concurrent()
    {
        var (staff, shop) = (await app.GivenStaff(), await app.GivenShop());

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Open(staff, shop)));

        var opened = answers.Single(answer => answer.Status == HttpStatusCode.Created);
        foreach (var refused in answers.Where(answer => answer != opened))
        {
            refused.ShouldBeProblem(HttpStatusCode.Conflict, "shift_open");
            (refused.Json("shiftId"), refused.Json("shopId")).ShouldBe((opened.Json("shiftId"), shop));
        }
    }

    [Fact]
    public async Task A_shift_can_be_closed_once_even_when_concurrent()
    {
        var (staff, shop) = (await app.GivenStaff(), await app.GivenShop());
        var opened = await Open(staff, shop);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Close(staff, opened)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.OK).ShouldAllBe(answer => (string)answer.Json("code")! == "shift_closed");
        (await app.Database.Column<string>("select action from loyalty.audit where target = $1 order by id", Ct, $"shift:{opened.Json("shiftId")}"))
            .ShouldBe(["shift.open", "shift.close"]);
    }

    [Fact]
    public async Task The_current_shift_shows_its_totals_so_far_until_it_is_closed()
    {
        var (staff, shop) = (await app.GivenStaff(), await app.GivenShop());
        (await Current(staff)).ShouldBeProblem(HttpStatusCode.NotFound, "shift_not_found");
        var opened = await Open(staff, shop);
        await app.GivenOrder(await app.GivenGuest(), staff, 300);

        var current = await Current(staff);

        (current.Json("shiftId"), current.Json("orders"), current.Json("revenue"), current.Json("closedAt"))
            .ShouldBe((opened.Json("shiftId"), 1L, 300m, null));
        await Close(staff, opened);
        (await Current(staff)).ShouldBeProblem(HttpStatusCode.NotFound, "shift_not_found");
    }

    [Fact]
    public async Task Orders_without_a_shop_belong_to_the_shop_of_the_open_shift()
    {
        var (staff, shop, other, guest) = (await app.GivenStaff(), await app.GivenShop(), await app.GivenShop(), await app.GivenGuest());
        var opened = await Open(staff, shop);

        var without = await app.GivenOrder(guest, staff, 300);
        var named = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 300, shopId = other });
        await Close(staff, opened);
        var afterwards = await app.GivenOrder(guest, staff, 300);

        named.Status.ShouldBe(HttpStatusCode.Created, named.Body);
        (await app.GetOrder(staff, without)).Json("shopId").ShouldBe(shop);
        (await app.GetOrder(staff, new OrderId((long)named.Json("orderId")!))).Json("shopId").ShouldBe(other);
        (await app.GetOrder(staff, afterwards)).Json("shopId").ShouldBeNull();
    }

    [Fact]
    public async Task A_shift_needs_a_shop_that_exists_and_is_active()
    {
        var (staff, shop) = (await app.GivenStaff(), await app.GivenShop());
        await app.Put(app.Owner(), $"/api/loyalty/shops/{shop}", new { name = "Мира, 5", active = false });

        (await Open(staff, "nowhere")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "shop_unknown");
        (await Open(staff, shop)).ShouldBeProblem(HttpStatusCode.Conflict, "shop_inactive");
    }

    [Fact]
    public async Task A_colleagues_shift_can_be_closed_by_a_manager_only()
    {
        var staff = await app.GivenStaff();
        var opened = await Open(staff, await app.GivenShop());
        var address = $"/api/loyalty/shifts/{opened.Json("shiftId")}/close";

        (await app.Post(app.Staff(await app.GivenStaff()), address, body: null)).ShouldBeProblem(HttpStatusCode.NotFound, "shift_not_found");
        (await app.Post(app.Manager(), address, body: null)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Baristas_list_their_own_shifts_and_managers_all_of_a_shop()
    {
        var shop = await app.GivenShop();
        var (first, second) = (await app.GivenStaff(), await app.GivenStaff());
        await Close(first, await Open(first, shop));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await Open(second, shop);

        Items(await app.Call(app.Staff(first), $"/api/loyalty/shifts?shopId={shop}")).Select(Staff).ShouldBe([first.Value]);
        Items(await app.Call(app.Staff(first), $"/api/loyalty/shifts?staffId={second}")).ShouldBeEmpty();
        Items(await app.Call(app.Manager(), $"/api/loyalty/shifts?shopId={shop}")).Select(Staff).ShouldBe([second.Value, first.Value]);
        Items(await app.Call(app.Manager(), $"/api/loyalty/shifts?staffId={first}")).Select(Staff).ShouldBe([first.Value]);
        Items(await app.Call(app.Manager(), $"/api/loyalty/shifts?shopId={shop}&to=2001-01-01")).ShouldBeEmpty();
        var page = await app.Call(app.Manager(), $"/api/loyalty/shifts?shopId={shop}&limit=1");
        Items(await app.Call(app.Manager(), $"/api/loyalty/shifts?shopId={shop}&limit=1&after={page.Json("next")}")).Select(Staff).ShouldBe([first.Value]);
        (await app.Call(app.Manager(), $"/api/loyalty/shifts?shopId={shop}&limit=1&format=csv")).Body
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);

        static long Staff(JsonNode shift) => (long)shift["staffId"]!;
    }

    [Fact]
    public async Task An_order_without_a_shop_belongs_to_that_of_the_shift_in_which_it_was_placed()
    {
        var (staff, guest) = (await app.GivenStaff(), await app.GivenGuest());
        var (shop, other) = (await app.GivenShop(), await app.GivenShop());
        var before = await app.GivenOrder(guest, staff, 100);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var opened = await Open(staff, shop);

        var within = await app.GivenOrder(guest, staff, 100);
        var elsewhere = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 100, shopId = other });
        await Close(staff, opened);
        var after = await app.GivenOrder(guest, staff, 100);

        (await ShopOf(before.Value)).ShouldBeNull();
        (await ShopOf(within.Value)).ShouldBe(shop);
        (await ShopOf((long)elsewhere.Json("orderId")!)).ShouldBe(other);
        (await ShopOf(after.Value)).ShouldBeNull();

        Task<string?> ShopOf(long order) => app.Database.Scalar<string?>("select shop_id from loyalty.orders where id = $1", Ct, order);
    }

    [Fact]
    public async Task An_order_in_an_unknown_shop_is_refused_once_there_are_shops()
    {
        await app.GivenShop();

        (await app.PlaceOrder(await app.GivenStaff(), new { code = await app.GivenCode(await app.GivenGuest()), amount = 100, shopId = "nowhere" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "shop_unknown");
    }

    private Task<Answer> Open(StaffId staff, string shopId) => app.Post(app.Staff(staff), "/api/loyalty/shifts", new { shopId });

    private Task<Answer> Close(StaffId staff, Answer opened) =>
        app.Post(app.Staff(staff), $"/api/loyalty/shifts/{opened.Json("shiftId")}/close", body: null);

    private Task<Answer> Current(StaffId staff) => app.Call(app.Staff(staff), "/api/loyalty/shifts/current");

    private async Task<IReadOnlyList<JsonNode>> ListOf(StaffId staff) => Items(await app.Call(app.Staff(staff), "/api/loyalty/shifts"));

    private static IEnumerable<string> Json(IEnumerable<JsonNode> items) => items.Select(item => item.ToJsonString());

    private static IReadOnlyList<JsonNode> Items(Answer page)
    {
        page.Status.ShouldBe(HttpStatusCode.OK, page.Body);
        return [.. JsonNode.Parse(page.Body)!["items"]!.AsArray().Select(item => item!)];
    }
}
