using System.Net;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Tests.Orders;

public sealed class RefundOrderTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_whole_refund_takes_back_earned_points_returns_spent_ones_and_publishes_an_event()
    {
        var (guest, staff) = (await app.GivenGuest(points: 60), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 1040, spendPoints: 50);

        var refund = await app.Refund(staff, order);

        refund.Status.ShouldBe(HttpStatusCode.OK, refund.Body);
        refund.Json("orderId").ShouldBe(order.Value);
        refund.Json("refunded").ShouldBe(990.00m);
        refund.Json("refundedTotal").ShouldBe(990.00m);
        refund.Json("pointsTakenBack").ShouldBe(9L);
        refund.Json("pointsReturned").ShouldBe(50L);
        refund.Json("balance").ShouldBe(60L);
        refund.Json("debt").ShouldBe(0L);
        refund.Json("level").ShouldBe("standard");
        (await app.BalanceOf(guest)).ShouldBe((60, 0));

        var published = await app.Published<OrderRefunded>(happened => happened.OrderId == order);
        (published.UserId, published.Amount, published.RefundedTotal).ShouldBe((guest, new Money(990), new Money(990)));
        (published.PointsTakenBack, published.PointsReturned, published.Balance, published.Debt)
            .ShouldBe((new Points(9), new Points(50), new Points(60), Points.Zero));
        published.Level.ShouldBe("standard");
        published.RefundedAt.ShouldBe(app.Clock.GetUtcNow());
        published.Version.ShouldBe(4);
    }

    [Fact]
    public async Task Partial_refunds_round_points_down_and_the_last_one_takes_the_rest()
    {
        var (guest, staff) = (await app.GivenGuest(points: 100), await app.GivenStaff());
        // 990 roubles paid; 9 points earned times 1.05, rounded down: 9.
        var order = await app.GivenOrder(guest, staff, 1040, spendPoints: 50);

        var parts = new List<(object?, object?, object?)>();
        foreach (var part in new decimal?[] { 330, 0.01m, 329.99m, null })
        {
            var refund = await app.Refund(staff, order, part);
            refund.Status.ShouldBe(HttpStatusCode.OK, refund.Body);
            parts.Add((refund.Json("refunded"), refund.Json("pointsTakenBack"), refund.Json("pointsReturned")));
        }

        parts.ShouldBe([(330.00m, 3L, 16L), (0.01m, 0L, 0L), (329.99m, 3L, 17L), (330.00m, 3L, 17L)]);
        (await app.BalanceOf(guest)).ShouldBe((100, 0));
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Refunded_points_already_spent_become_a_debt_that_the_next_earnings_pay_first()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var earning = await app.GivenOrder(guest, staff, 5000);
        await app.GivenOrder(guest, staff, 150, spendPoints: 45);   // pays 105, earns 1

        var refund = await app.Refund(staff, earning);
        var first = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 3000 });
        var second = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 2000 });

        refund.Json("pointsTakenBack").ShouldBe(50L);
        refund.Json("balance").ShouldBe(0L);
        refund.Json("debt").ShouldBe(44L);
        (first.Json("pointsEarned"), first.Json("debtPaid"), first.Json("balance")).ShouldBe((30L, 30L, 0L));
        (second.Json("pointsEarned"), second.Json("debtPaid"), second.Json("balance")).ShouldBe((20L, 14L, 6L));
        (await app.BalanceOf(guest)).ShouldBe((6, 0));
        (await app.Published<OrderPlaced>(placed => placed.UserId == guest && placed.Amount == new Money(2000))).DebtPaid.ShouldBe(new Points(14));
        (await app.Published<OrderPlaced>(placed => placed.UserId == guest && placed.Amount == new Money(5000))).DebtPaid.ShouldBeNull();
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task The_ledger_shows_which_earned_points_were_credited_and_which_paid_the_debt()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var earning = await app.GivenOrder(guest, staff, 5000);
        await app.GivenOrder(guest, staff, 150, spendPoints: 45);
        await app.Refund(staff, earning);
        await app.GivenOrder(guest, staff, 3000);

        var entries = await app.EntriesOf(guest);

        entries.ShouldBe(["earn 50 0 50", "spend -45 0 5", "earn 1 0 6", "take_back -6 44 0", "earn 0 -30 0"]);
    }

    [Fact]
    public async Task Points_returned_by_a_refund_pay_the_debt_first()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var earning = await app.GivenOrder(guest, staff, 5000);
        var spending = await app.GivenOrder(guest, staff, 150, spendPoints: 45);
        await app.Refund(staff, earning);

        var refund = await app.Refund(staff, spending);

        refund.Json("pointsReturned").ShouldBe(45L);
        refund.Json("balance").ShouldBe(0L);
        refund.Json("debt").ShouldBe(0L);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task A_refund_lowers_the_level_at_once_and_the_next_order_earns_at_the_lower_level()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var lifting = await app.GivenOrder(guest, staff, 10_000);
        (await app.Account(guest)).Level.ShouldBe("silver");

        var refund = await app.Refund(staff, lifting, 100);
        var next = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 2000 });

        refund.Json("level").ShouldBe("standard");
        next.Json("pointsEarned").ShouldBe(20L);
        next.Json("levelUp").ShouldBe(true);
        (await app.Published<OrderRefunded>(happened => happened.OrderId == lifting)).Level.ShouldBe("standard");
    }

    [Fact]
    public async Task A_refund_takes_back_the_points_actually_earned_even_if_the_rules_have_changed()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 1000);
        await app.Database.Execute("update loyalty.levels set earn_multiplier = 2 where key = 'standard'", Ct);
        try
        {
            (await app.Refund(staff, order)).Json("pointsTakenBack").ShouldBe(10L);
        }
        finally
        {
            await app.Database.Execute("update loyalty.levels set earn_multiplier = 1 where key = 'standard'", Ct);
        }
    }

    [Fact]
    public async Task A_refund_that_lowers_the_level_corrects_later_orders_in_a_separate_entry()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var lifting = await app.GivenOrder(guest, staff, 100_000);
        var later = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 1250.50m });
        later.Json("pointsEarned").ShouldBe(13L);

        var refund = await app.Refund(staff, lifting);

        refund.Json("pointsTakenBack").ShouldBe(1000L);
        refund.Json("pointsCorrected").ShouldBe(1L);
        refund.Json("balance").ShouldBe(12L);
        refund.Json("level").ShouldBe("standard");
        (await app.BalanceOf(guest)).ShouldBe((12, 0));
        (await app.EntriesOf(guest)).ShouldBe(["earn 1000 0 1000", "earn 13 0 1013", "take_back -1000 0 13", "correction -1 0 12"]);
        (await app.Published<OrderRefunded>(happened => happened.OrderId == lifting)).PointsCorrected.ShouldBe(new Points(1));
        (await app.RowsThatDiffer()).ShouldBe(0);

        // Refunding the later order takes back only what is left of its points.
        var rest = await app.Refund(staff, new OrderId((long)later.Json("orderId")!));
        rest.Json("pointsTakenBack").ShouldBe(12L);
        rest.Json("pointsCorrected").ShouldBe(0L);
        (await app.BalanceOf(guest)).ShouldBe((0, 0));
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task A_refund_that_does_not_lower_the_level_corrects_nothing()
    {
        var (guest, staff) = (await app.GivenGuest(points: 200), await app.GivenStaff());
        var undone = await app.GivenOrder(guest, staff, 5000);
        await app.GivenOrder(guest, staff, 2000);

        var refund = await app.Refund(staff, undone);

        refund.Json("pointsCorrected").ShouldBe(0L);
        refund.Json("balance").ShouldBe(221L);
        (await app.Published<OrderRefunded>(happened => happened.OrderId == undone)).PointsCorrected.ShouldBeNull();
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task A_correction_applies_to_the_part_of_a_later_order_that_was_not_refunded()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var lifting = await app.GivenOrder(guest, staff, 10_000);
        var later = await app.GivenOrder(guest, staff, 10_000);
        // 52 of 105 points are taken back and 53 stay.
        (await app.Refund(staff, later, 5000)).Json("pointsTakenBack").ShouldBe(52L);

        // At the standard level the order earns 100, of which half stays.
        (await app.Refund(staff, lifting)).Json("pointsCorrected").ShouldBe(3L);
        (await app.BalanceOf(guest)).ShouldBe((50, 0));
        (await app.RowsThatDiffer()).ShouldBe(0);

        (await app.Refund(staff, later, 2500)).Json("pointsTakenBack").ShouldBe(25L);
        (await app.Refund(staff, later)).Json("pointsTakenBack").ShouldBe(25L);
        (await app.BalanceOf(guest)).ShouldBe((0, 0));
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task A_repeated_key_returns_the_same_correction()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var lifting = await app.GivenOrder(guest, staff, 10_000);
        await app.GivenOrder(guest, staff, 2000);
        var first = await app.Refund(staff, lifting, key: "corrected");

        var again = await app.Refund(staff, lifting, key: "corrected");

        again.Json("pointsCorrected").ShouldBe(1L);
        again.Body.ShouldBe(first.Body);
        (await app.BalanceOf(guest)).ShouldBe((20, 0));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"amount":null}""")]
    [InlineData("""{"whole":false}""")]
    [InlineData("""{"amount":10,"whole":true}""")]
    public async Task A_refund_needs_exactly_one_of_amount_and_whole(string body)
    {
        var staff = await app.GivenStaff();
        var order = await app.GivenOrder(await app.GivenGuest(), staff, 100);

        var refused = await app.Refund(app.Staff(staff), order, System.Text.Json.Nodes.JsonNode.Parse(body)!);

        refused.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        refused.Body.ShouldContain("\"whole\"");
        (await app.RefundsOf(order)).ShouldBe(0);
    }

    [Fact]
    public async Task An_order_of_an_erased_guest_cannot_be_refunded()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 1000);
        await app.Erase(guest);

        (await app.Refund(staff, order)).ShouldBeProblem(HttpStatusCode.Conflict, "guest_erased");
        (await app.RefundAsAdmin(order, 1)).ShouldBeProblem(HttpStatusCode.Conflict, "guest_erased");
        (await app.RefundsOf(order)).ShouldBe(0);
    }

    [Fact]
    public async Task An_order_can_be_refunded_in_full_only_once()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 1000);
        await app.Refund(staff, order);

        (await app.Refund(staff, order)).ShouldBeProblem(HttpStatusCode.Conflict, "order_refunded");
        (await app.Refund(staff, order, 1)).ShouldBeProblem(HttpStatusCode.Conflict, "order_refunded");
        (await app.RefundAsAdmin(order)).ShouldBeProblem(HttpStatusCode.Conflict, "order_refunded");
        (await app.BalanceOf(guest)).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_refund_above_the_amount_left_is_refused_with_the_amount_left_in_the_answer()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 1000);
        await app.Refund(staff, order, 250.50m);

        var refused = await app.Refund(staff, order, 749.51m);

        refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refund_too_large");
        refused.Json("left").ShouldBe(749.50m);
        (await app.Refund(staff, order, 749.50m)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Staff_refund_their_own_orders_within_five_minutes_and_admins_any_order_at_any_time()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 1000);

        (await app.Refund(await app.GivenStaff(), order)).ShouldBeProblem(HttpStatusCode.NotFound, "order_not_found");
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        (await app.Refund(staff, order, 100)).Status.ShouldBe(HttpStatusCode.OK);
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await app.Refund(staff, order)).ShouldBeProblem(HttpStatusCode.Conflict, "undo_window_over");
        app.Clock.Advance(TimeSpan.FromDays(400));
        (await app.RefundAsAdmin(order)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_manager_refunds_any_order_of_the_same_business_day_and_an_owner_at_any_time()
    {
        // 12:30 in Moscow.
        app.Clock.Advance(app.Clock.GetUtcNow().Date.AddDays(1).AddHours(9.5) - app.Clock.GetUtcNow().UtcDateTime);
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var (today, other) = (await app.GivenOrder(guest, staff, 1000), await app.GivenOrder(guest, staff, 2000));
        app.Clock.Advance(TimeSpan.FromHours(11));
        (await Refusal(StaffRole.Barista, today)).ShouldBe("order_not_found");
        (await Refusal(StaffRole.Manager, today)).ShouldBeNull();

        // 00:30 in Moscow, while it is still the same day in UTC.
        app.Clock.Advance(TimeSpan.FromHours(1));
        (await Refusal(StaffRole.Manager, other)).ShouldBe("undo_window_over");
        (await NoRefundBecause(StaffRole.Manager, other)).ShouldBe("undo_window_over");
        (await NoRefundBecause(StaffRole.Owner, other)).ShouldBeNull();
        (await Refusal(StaffRole.Owner, other)).ShouldBeNull();

        async Task<object?> Refusal(StaffRole role, OrderId order) =>
            (await app.Refund(await Caller(role), order, new { whole = true })).Json("code");

        async Task<object?> NoRefundBecause(StaffRole role, OrderId order) => (await app.GetOrder(await Caller(role), order)).Json("noRefundBecause");

        async Task<HttpClient> Caller(StaffRole role) => app.Client(new TokenSubject(Role.Staff, StaffId: await app.GivenStaff(), StaffRole: role));
    }

    [Fact]
    public async Task A_manager_refunds_their_own_order_of_yesterday_for_five_minutes()
    {
        var midnight = app.Clock.GetUtcNow().Date.AddDays(2).AddHours(-3);
        app.Clock.Advance(midnight.AddMinutes(-1) - app.Clock.GetUtcNow().UtcDateTime);
        var staff = await app.GivenStaff();
        var order = await app.GivenOrder(await app.GivenGuest(), staff, 1000);
        app.Clock.Advance(TimeSpan.FromMinutes(4));

        var refund = await app.Refund(app.Client(new TokenSubject(Role.Staff, StaffId: staff, StaffRole: StaffRole.Manager)), order, new { amount = 100 });

        refund.Status.ShouldBe(HttpStatusCode.OK, refund.Body);
    }

    [Fact]
    public async Task A_manager_cannot_refund_an_order_of_their_own_account()
    {
        var guest = await app.GivenGuest();
        var order = await app.GivenOrder(guest, await app.GivenStaff(), 1000);
        using var manager = app.Client(new TokenSubject(Role.Staff, guest, StaffId: await app.GivenStaff(), StaffRole: StaffRole.Manager));

        (await app.Refund(manager, order, new { whole = true })).ShouldBeProblem(HttpStatusCode.Forbidden, "gift_own");
        (await app.GetOrder(manager, order)).Json("noRefundBecause").ShouldBe("gift_own");
        (await app.RefundsOf(order)).ShouldBe(0);
    }

    [Fact]
    public async Task A_refund_of_an_unknown_order_is_not_found()
    {
        (await app.Refund(await app.GivenStaff(), new OrderId(999_999))).ShouldBeProblem(HttpStatusCode.NotFound, "order_not_found");
        (await app.RefundAsAdmin(new OrderId(999_999))).ShouldBeProblem(HttpStatusCode.NotFound, "order_not_found");
    }

    [Fact]
    public async Task Guests_cannot_refund_orders()
    {
        var guest = await app.GivenGuest();
        var order = await app.GivenOrder(guest, await app.GivenStaff(), 100);

        (await app.Refund(app.Client(guest), order, new { whole = true })).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        (await app.Refund(app.Anonymous, order, new { whole = true })).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await app.RefundsOf(order)).ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_000_000.01)]
    public async Task A_refund_amount_outside_its_limits_is_refused(double amount)
    {
        var staff = await app.GivenStaff();
        var order = await app.GivenOrder(await app.GivenGuest(), staff, 100);

        (await app.Refund(staff, order, (decimal)amount)).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task Fractions_of_a_kopeck_and_unknown_fields_are_400()
    {
        var staff = await app.GivenStaff();
        var order = await app.GivenOrder(await app.GivenGuest(), staff, 100);

        (await app.Refund(staff, order, 10.005m)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await app.Refund(app.Staff(staff), order, new { points = 5 })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await app.Refund(staff, order, key: "with space")).ShouldBeProblem(HttpStatusCode.BadRequest, "idempotency_key_invalid");
    }

    [Fact]
    public async Task The_audit_records_who_refunded_what()
    {
        var staff = await app.GivenStaff();
        var order = await app.GivenOrder(await app.GivenGuest(), staff, 1000);

        await app.Refund(app.Client(new TokenSubject(Role.Staff, StaffId: staff, Actor: "barista-bot")), order, new { amount = 400 });
        await app.RefundAsAdmin(order);

        var rows = await app.Database.Column<string>(
            """
            select format('%s %s %s %s %s %s', subject, role, actor, action, (details ->> 'amount')::numeric(10, 2), at = $2) from loyalty.audit
            where target = $1 and address is not null and trace_id ~ '^[0-9a-f]{32}$' order by id
            """,
            Ct, $"order:{order}", app.Clock.GetUtcNow());
        rows.ShouldBe([$"staff:{staff} staff barista-bot order.refund 400.00 t", "staff:1 admin  order.refund 600.00 t"]);
    }

    [Fact]
    public async Task Fifty_concurrent_refunds_with_one_key_are_one_refund_and_one_answer()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 1250);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.Refund(staff, order, 500, key: "undo-1")));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        answers.Select(answer => answer.Body).Distinct().Count().ShouldBe(1);
        (await app.RefundsOf(order)).ShouldBe(1);
        (await app.BalanceOf(guest)).ShouldBe((8, 0));
    }

    [Fact]
    public async Task A_repeated_key_returns_its_refund_even_after_the_undo_window()
    {
        var staff = await app.GivenStaff();
        var order = await app.GivenOrder(await app.GivenGuest(), staff, 1250);
        var first = await app.Refund(staff, order, key: "undo-2");
        app.Clock.Advance(TimeSpan.FromHours(1));

        var again = await app.Refund(staff, order, key: "undo-2");

        again.Status.ShouldBe(HttpStatusCode.OK);
        again.Body.ShouldBe(first.Body);
    }

    [Fact]
    public async Task A_key_is_bound_to_one_order_and_amount_once_a_refund_succeeds()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var (order, other) = (await app.GivenOrder(guest, staff, 1250), await app.GivenOrder(guest, staff, 1250));

        (await app.Refund(staff, order, 2000, key: "undo-3")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refund_too_large");
        (await app.Refund(staff, order, 100, key: "undo-3")).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Refund(staff, order, 101, key: "undo-3")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await app.Refund(staff, other, 100, key: "undo-3")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [Fact]
    public async Task One_of_two_concurrent_whole_refunds_succeeds()
    {
        for (var i = 0; i < 10; i++)
        {
            var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
            var order = await app.GivenOrder(guest, staff, 1250);

            var answers = await Task.WhenAll(app.Refund(staff, order), app.RefundAsAdmin(order));

            answers.Select(answer => answer.Status).ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict], ignoreOrder: true);
            (await app.BalanceOf(guest)).ShouldBe((0, 0));
        }
    }

    [Fact]
    public async Task Concurrent_partial_refunds_succeed_until_the_order_is_used_up()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 1250);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? app.Refund(staff, order, 100) : app.RefundAsAdmin(order, 100)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(12);
        answers.Where(answer => answer.Status != HttpStatusCode.OK).ShouldAllBe(answer => (string)answer.Json("code")! == "refund_too_large");
        (await app.BalanceOf(guest)).ShouldBe((12 - 11, 0));
        (await app.RefundAsAdmin(order)).Json("refunded").ShouldBe(50.00m);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Concurrent_orders_and_refunds_of_one_guest_do_not_deadlock_and_add_up()
    {
        var guest = await app.GivenGuest(points: 90);
        var staff = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => app.GivenStaff()));

        await Task.WhenAll(staff.Select(async barista =>
        {
            for (var i = 0; i < 15; i++)
            {
                var code = await app.GivenCode(guest);
                var order = await app.PlaceOrder(barista, new { code, amount = 1000 + i, spendPoints = i });
                ((int)order.Status).ShouldBeLessThan(500, order.Body);
                if (order.Status == HttpStatusCode.Created)
                {
                    var refund = await app.Refund(barista, new OrderId((long)order.Json("orderId")!), i % 2 == 0 ? null : 500);
                    refund.Status.ShouldBe(HttpStatusCode.OK, refund.Body);
                }
            }
        }));

        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task A_refund_repeated_after_the_service_was_killed_is_done_once()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        // The process's clock starts at the test's time, so that the token and the order are of the same day.
        var offset = app.Clock.GetUtcNow() - TimeProvider.System.GetUtcNow();
        await using var replica = await app.StartProcess(Ct, new KeyValuePair<string, string>("Time:Offset", $"{offset:c}"));
        using var barista = replica.Client(app.Token(new TokenSubject(Role.Staff, StaffId: staff), TimeSpan.FromDays(1)));
        for (var i = 0; i < 3; i++)
        {
            var order = await app.GivenOrder(guest, staff, 1000);
            var key = $"killed-{i}";
            // The kill may hit them at any point.
            var lost = Enumerable.Range(0, 4).Select(_ => app.Refund(barista, order, new { whole = true }, key)).ToList();
            await replica.Kill();
            await Task.WhenAll(lost.Select(call => call.ContinueWith(_ => { }, TaskScheduler.Default)));

            await replica.Restart(Ct);
            var again = await app.Refund(barista, order, new { whole = true }, key);

            again.Status.ShouldBe(HttpStatusCode.OK, again.Body);
            (await app.RefundsOf(order)).ShouldBe(1);
            (await app.Published<OrderRefunded>(happened => happened.OrderId == order)).PointsTakenBack.ShouldBe(new Points(10));
        }

        (await app.BalanceOf(guest)).ShouldBe((0, 0));
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Theory]
    [InlineData("update loyalty.orders set refunded_amount = refunded_amount - $2 where id = $1")]
    [InlineData("update loyalty.orders set points_taken_back = points_taken_back - $2 where id = $1")]
    [InlineData("update loyalty.refunds set points_taken_back = points_taken_back - $2 where order_id = $1")]
    [InlineData("update loyalty.accounts set debt = debt + $2 where user_id = (select user_id from loyalty.orders where id = $1)")]
    [InlineData("update loyalty.accounts set lifetime_points = lifetime_points + $2 where user_id = (select user_id from loyalty.orders where id = $1)")]
    [InlineData("update loyalty.accounts set lifetime_spend = lifetime_spend + $2 where user_id = (select user_id from loyalty.orders where id = $1)")]
    [InlineData("update loyalty.refunds set points_corrected = points_corrected + $2 where order_id = $1")]
    public async Task Verify_reports_an_edited_refund(string edit)
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 1000);
        // Spends all points, so that a debt is possible.
        await app.GivenOrder(guest, staff, 99, spendPoints: 10);
        await app.Refund(staff, order, 500);

        await app.Database.Execute(edit, Ct, order.Value, 1L);
        var differ = await app.RowsThatDiffer();
        await app.Database.Execute(edit, Ct, order.Value, -1L);

        differ.ShouldBeGreaterThan(0);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }
}
