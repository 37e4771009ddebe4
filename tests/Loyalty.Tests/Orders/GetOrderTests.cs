using System.Net;
using Platform.Contracts;

namespace Platform.Loyalty.Tests.Orders;

public sealed class GetOrderTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    [Fact]
    public async Task An_order_shows_the_barista_who_placed_it_the_full_receipt()
    {
        var (guest, staff) = (await app.GivenGuest(points: 95), await app.GivenStaff());
        var placed = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 1250, spendPoints = 50, shopId = "main-street" });

        var order = await app.GetOrder(staff, new OrderId((long)placed.Json("orderId")!));

        order.Status.ShouldBe(HttpStatusCode.OK, order.Body);
        string[] fields = ["orderId", "user.userId", "user.name", "toPay", "pointsEarned", "debtPaid", "pointsSpent", "balance", "level", "levelUp"];
        foreach (var field in fields)
        {
            order.Json(field).ShouldBe(placed.Json(field), field);
        }

        order.Json("levelUp").ShouldBe(true);
        order.Json("amount").ShouldBe(1250.00m);
        order.Json("shopId").ShouldBe("main-street");
        order.Json("refundedAmount").ShouldBe(0.00m);
        order.Json("noRefundBecause").ShouldBeNull();
    }

    [Fact]
    public async Task An_order_says_why_a_refund_by_the_caller_would_be_refused()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var late = await app.GivenOrder(guest, staff, 100);
        var refunded = await app.GivenOrder(guest, staff, 200);
        var ofErased = await app.GivenOrder(guest, staff, 300);
        await app.Refund(staff, refunded);
        (await Refusal(staff, refunded)).ShouldBe("order_refunded");
        (await Refusal(staff, late)).ShouldBeNull();

        app.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromMilliseconds(1));
        (await Refusal(staff, late)).ShouldBe("undo_window_over");
        (await app.Refund(staff, late)).ShouldBeProblem(HttpStatusCode.Conflict, "undo_window_over");
        (await app.GetOrderAsAdmin(late)).Json("noRefundBecause").ShouldBeNull();

        await app.Erase(guest);
        (await Refusal(staff, ofErased)).ShouldBe("guest_erased");
        (await app.GetOrderAsAdmin(ofErased)).Json("noRefundBecause").ShouldBe("guest_erased");
        (await app.GetOrderAsAdmin(ofErased)).Json("user.name").ShouldBeNull();
    }

    [Fact]
    public async Task An_order_placed_by_a_colleague_is_not_found()
    {
        var order = await app.GivenOrder(await app.GivenGuest(), await app.GivenStaff(), 100);

        (await app.GetOrder(await app.GivenStaff(), order)).ShouldBeProblem(HttpStatusCode.NotFound, "order_not_found");
    }

    private async Task<object?> Refusal(StaffId staff, OrderId order) => (await app.GetOrder(staff, order)).Json("noRefundBecause");
}
