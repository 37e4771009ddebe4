using System.Net;
using Platform.Contracts;

namespace Platform.Loyalty.Tests.Orders;

public sealed class PreviewOrderTests(SharedLoyaltyApp app)
{
    [Theory]
    [InlineData(0, 1250, 0)]
    [InlineData(0, 99, 0)]
    [InlineData(120, 1999, 0)]
    [InlineData(120, 1000, 120)]
    [InlineData(600, 1040, 312)]
    [InlineData(1500, 100_000, 7)]
    public async Task A_preview_matches_the_order_that_is_then_placed(long points, int amount, long spendPoints)
    {
        var guest = await app.GivenGuest(points);
        var staff = await app.GivenStaff();
        var body = new { code = await app.GivenCode(guest), amount, spendPoints };

        var preview = await app.Preview(staff, body);
        var order = await app.PlaceOrder(staff, body);

        preview.Status.ShouldBe(HttpStatusCode.OK, preview.Body);
        preview.Json("user.userId").ShouldBe(guest.Value);
        preview.Json("user.name").ShouldBe("Анна П.");
        foreach (var field in new[] { "pointsEarned", "pointsSpent", "toPay" })
        {
            preview.Json(field).ShouldBe(order.Json(field));
        }
    }

    [Fact]
    public async Task A_preview_shows_the_guests_balance_and_level_and_the_rule_that_applies()
    {
        var guest = await app.GivenGuest(points: 120);

        var preview = await app.Preview(await app.GivenStaff(), new { code = await app.GivenCode(guest), amount = 2000 });

        preview.Json("balance").ShouldBe(120L);
        preview.Json("level").ShouldBe("silver");
        preview.Json("pointsEarned").ShouldBe(21L);
        preview.Json("why.rule").ShouldBe("earn");
        preview.Json("why.per").ShouldBe(100.00m);
        preview.Json("why.multiplier").ShouldBe(1.05m);
    }

    [Theory]
    [InlineData(500, 1000, 300)]
    [InlineData(500, 1009.99, 302)]
    [InlineData(120, 1000, 120)]
    [InlineData(0, 1000, 0)]
    [InlineData(500, 3.33, 0)]
    public async Task The_most_points_a_guest_may_spend_is_their_balance_or_30_percent_of_the_order(long points, double amount, long maxPoints)
    {
        var guest = await app.GivenGuest(points);
        var staff = await app.GivenStaff();
        var code = await app.GivenCode(guest);

        (await app.Preview(staff, new { code, amount })).Json("maxPoints").ShouldBe(maxPoints);
        (await app.Preview(staff, new { code, amount, spendPoints = maxPoints })).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Preview(staff, new { code, amount, spendPoints = maxPoints + 1 }))
            .Status.ShouldBeOneOf(HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_preview_refuses_what_an_order_would_refuse()
    {
        var staff = await app.GivenStaff();
        var guest = await app.GivenGuest(points: 10);
        var used = await app.GivenCode(guest);
        await app.PlaceOrder(staff, new { code = used, amount = 10 });
        var replaced = await app.GivenCode(guest);
        var code = await app.GivenCode(guest);

        (await app.Preview(staff, new { code = used, amount = 100 })).ShouldBeProblem(HttpStatusCode.Conflict, "code_used");
        (await app.Preview(staff, new { code = replaced, amount = 100 })).ShouldBeProblem(HttpStatusCode.Gone, "code_replaced");
        (await app.Preview(staff, new { code = await app.FreeCode(), amount = 100 })).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
        var tooMany = await app.Preview(staff, new { code, amount = 30, spendPoints = 10 });
        tooMany.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "too_many_points_for_order");
        tooMany.Json("maxPoints").ShouldBe(9L);
        var notEnough = await app.Preview(staff, new { code, amount = 1000, spendPoints = 11 });
        notEnough.ShouldBeProblem(HttpStatusCode.Conflict, "not_enough_points");
        notEnough.Json("balance").ShouldBe(10L);
    }

    [Theory]
    [InlineData(10_000, false)]
    [InlineData(10_000.01, true)]
    [InlineData(100_000, true)]
    public async Task An_amount_above_10_000_needs_confirmation(double amount, bool needed)
    {
        var code = await app.GivenCode(await app.GivenGuest());

        var preview = await app.Preview(await app.GivenStaff(), new { code, amount });

        preview.Json("needsConfirmation").ShouldBe(needed);
    }

    [Fact]
    public async Task An_amount_above_the_largest_is_refused_with_the_largest_in_the_answer()
    {
        var code = await app.GivenCode(await app.GivenGuest());

        var refused = await app.Preview(await app.GivenStaff(), new { code, amount = 100_000.01m });

        refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "amount_too_large");
        refused.Json("max").ShouldBe(100_000.00m);
    }

    [Fact]
    public async Task Repeated_previews_change_nothing()
    {
        var guest = await app.GivenGuest(points: 50);
        var staff = await app.GivenStaff();
        var code = await app.GivenCode(guest);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => app.Preview(staff, new { code, amount = 1000, spendPoints = 20 })));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        (await app.Account(guest)).Points.ShouldBe(new Points(50));
        (await app.OrdersOf(guest)).ShouldBe(1);
        (await app.GetCode(guest, code)).Json("status").ShouldBe("live");
    }

    [Fact]
    public async Task A_preview_with_input_outside_its_limits_is_refused()
    {
        var staff = await app.GivenStaff();

        (await app.Preview(staff, new { code = "12345", amount = 100 })).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await app.Preview(staff, new { code = "123456", amount = 0 })).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await app.Preview(staff, new { code = "123456", amount = 100, spendPoints = -1 })).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }
}
