using System.Net;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Tests.Orders;

public sealed class PlaceOrderTests(SharedLoyaltyApp app)
{
    [Fact]
    public async Task An_order_of_1250_earns_12_points_and_publishes_an_event()
    {
        var guest = await app.GivenGuest();
        var code = await app.GivenCode(guest);

        var order = await app.PlaceOrder(await app.GivenStaff(), new { code, amount = 1250 });

        order.Status.ShouldBe(HttpStatusCode.Created);
        order.Json("pointsEarned").ShouldBe(12L);
        order.Json("pointsSpent").ShouldBe(0L);
        order.Json("toPay").ShouldBe(1250.00m);
        order.Json("balance").ShouldBe(12L);
        order.Json("user.userId").ShouldBe(guest.Value);
        order.Json("user.name").ShouldBe("Анна П.");
        order.Json("levelUp").ShouldBe(false);
        (await app.Account(guest)).Points.ShouldBe(new Points(12));

        var published = await app.Published<OrderPlaced>(placed => placed.UserId == guest);
        published.PointsEarned.ShouldBe(new Points(12));
        published.Amount.ShouldBe(new Money(1250));
        published.Balance.ShouldBe(new Points(12));
    }

    [Theory]
    [InlineData("0.01", 0)]
    [InlineData("99.99", 0)]
    [InlineData("100", 1)]
    [InlineData("1299.99", 12)]
    public async Task Only_whole_hundreds_of_roubles_earn(string amount, int points)
    {
        var guest = await app.GivenGuest();

        var order = await app.PlaceOrder(await app.GivenStaff(),
            new { code = await app.GivenCode(guest), amount = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture) });

        order.Json("pointsEarned").ShouldBe((long)points);
    }

    [Fact]
    public async Task The_hundredth_point_lifts_the_guest_to_silver_and_the_next_order_earns_5_percent_more()
    {
        var guest = await app.GivenGuest();
        var staff = await app.GivenStaff();

        var lifting = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 10_000 });
        var next = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 2_000 });

        lifting.Json("level").ShouldBe("silver");
        lifting.Json("levelUp").ShouldBe(true);
        lifting.Json("pointsEarned").ShouldBe(100L);
        next.Json("pointsEarned").ShouldBe(21L);
        next.Json("levelUp").ShouldBe(false);
        var published = await app.Published<LevelChanged>(changed => changed.UserId == guest);
        (published.From, published.To).ShouldBe(("standard", "silver"));
    }

    [Fact]
    public async Task Only_the_part_of_an_order_paid_in_money_earns_points()
    {
        var guest = await app.GivenGuest(points: 50);

        var order = await app.PlaceOrder(await app.GivenStaff(), new { code = await app.GivenCode(guest), amount = 1040, spendPoints = 50 });

        order.Json("toPay").ShouldBe(990.00m);
        order.Json("pointsSpent").ShouldBe(50L);
        order.Json("pointsEarned").ShouldBe(9L);
        order.Json("balance").ShouldBe(9L);
    }

    [Fact]
    public async Task The_level_multiplier_does_not_apply_to_the_part_paid_with_points()
    {
        var guest = await app.GivenGuest(points: 500);

        var order = await app.PlaceOrder(await app.GivenStaff(), new { code = await app.GivenCode(guest), amount = 1000, spendPoints = 300 });

        // 7 hundreds at 1.1, and not 10.
        order.Json("pointsEarned").ShouldBe(7L);
        order.Json("balance").ShouldBe(207L);
    }

    [Fact]
    public async Task An_order_a_kopeck_above_the_largest_amount_is_refused_and_leaves_the_code_valid()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var code = await app.GivenCode(guest);

        var refused = await app.PlaceOrder(staff, new { code, amount = 100_000.01m });
        var accepted = await app.PlaceOrder(staff, new { code, amount = 100_000 });

        refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "amount_too_large");
        refused.Json("max").ShouldBe(100_000.00m);
        accepted.Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_repeated_key_returns_its_order_even_after_the_largest_amount_was_lowered()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var body = new { code = await app.GivenCode(guest), amount = 900 };
        var first = await app.PlaceOrder(staff, body, key: "before-it-was-lowered");
        await using var stricter = await app.Start(new KeyValuePair<string, string>("Loyalty:MaxOrder", "500"));
        using var barista = stricter.Client(app.Token(new TokenSubject(Role.Staff, StaffId: staff)));

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/loyalty/orders")
        {
            Content = JsonContent.Create(body), Headers = { { Idempotency.Header, "before-it-was-lowered" } },
        };
        using var again = await barista.SendAsync(request, TestContext.Current.CancellationToken);

        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(first.Body);
    }

    [Fact]
    public async Task Spending_points_does_not_lower_the_level()
    {
        var guest = await app.GivenGuest(points: 100);
        var staff = await app.GivenStaff();

        await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 400, spendPoints = 100 });

        (await app.Account(guest)).Level.ShouldBe("silver");
    }

    [Fact]
    public async Task Spending_points_above_30_percent_is_refused_and_leaves_the_code_valid()
    {
        var guest = await app.GivenGuest(points: 500);
        var staff = await app.GivenStaff();
        var code = await app.GivenCode(guest);

        var refused = await app.PlaceOrder(staff, new { code, amount = 1000, spendPoints = 301 });
        var accepted = await app.PlaceOrder(staff, new { code, amount = 1000, spendPoints = 300 });

        refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "too_many_points_for_order");
        refused.Json("maxPoints").ShouldBe(300L);
        accepted.Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Spending_more_points_than_the_guest_has_is_refused_and_changes_nothing()
    {
        var guest = await app.GivenGuest(points: 10);

        var refused = await app.PlaceOrder(await app.GivenStaff(), new { code = await app.GivenCode(guest), amount = 1000, spendPoints = 11 });

        refused.ShouldBeProblem(HttpStatusCode.Conflict, "not_enough_points");
        refused.Json("balance").ShouldBe(10L);
        (await app.Account(guest)).Points.ShouldBe(new Points(10));
    }

    [Fact]
    public async Task A_code_that_was_never_issued_is_unknown()
    {
        var refused = await app.PlaceOrder(await app.GivenStaff(), new { code = await app.FreeCode(), amount = 100 });

        refused.ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
    }

    [Fact]
    public async Task A_code_expires_after_90_seconds()
    {
        var staff = await app.GivenStaff();
        var late = await app.GivenGuest();
        var lateCode = await app.GivenCode(late, secondsAgo: 90);
        var inTimeCode = await app.GivenCode(await app.GivenGuest(), secondsAgo: 88);

        var refused = await app.PlaceOrder(staff, new { code = lateCode, amount = 100 });
        var accepted = await app.PlaceOrder(staff, new { code = inTimeCode, amount = 100 });

        refused.ShouldBeProblem(HttpStatusCode.Gone, "code_expired");
        accepted.Status.ShouldBe(HttpStatusCode.Created);
        (await app.Account(late)).Points.ShouldBe(Points.Zero);
    }

    [Fact]
    public async Task A_newer_code_replaces_the_previous_one()
    {
        var guest = await app.GivenGuest();
        var staff = await app.GivenStaff();
        var older = await app.GivenCode(guest);
        var newer = await app.GivenCode(guest);

        (await app.PlaceOrder(staff, new { code = older, amount = 100 })).ShouldBeProblem(HttpStatusCode.Gone, "code_replaced");
        (await app.PlaceOrder(staff, new { code = newer, amount = 100 })).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task One_of_50_concurrent_orders_with_one_code_succeeds_and_49_get_code_used()
    {
        var guest = await app.GivenGuest();
        var code = await app.GivenCode(guest);
        var staff = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.GivenStaff()));

        var answers = await Task.WhenAll(staff.Select(barista => app.PlaceOrder(barista, new { code, amount = 1250 })));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Conflict && answer.Json("code")!.Equals("code_used")).ShouldBe(49);
        (await app.Account(guest)).Points.ShouldBe(new Points(12));
    }

    [Fact]
    public async Task A_repeated_key_with_the_same_body_returns_the_recorded_order()
    {
        var guest = await app.GivenGuest();
        var staff = await app.GivenStaff();
        var body = new { code = await app.GivenCode(guest), amount = 1250 };

        var first = await app.PlaceOrder(staff, body, key: "till-1");
        var again = await app.PlaceOrder(staff, body, key: "till-1");

        again.Status.ShouldBe(HttpStatusCode.Created);
        again.Body.ShouldBe(first.Body);
        (await app.Account(guest)).Points.ShouldBe(new Points(12));
    }

    [Fact]
    public async Task A_key_sent_again_with_another_quote_or_none_returns_the_same_order()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var code = await app.GivenCode(guest);
        var quotes = new[] { await app.Preview(staff, new { code, amount = 1250 }), await app.Preview(staff, new { code, amount = 1250 }) };

        var first = await app.PlaceOrder(staff, new { code, amount = 1250, quoteId = quotes[0].Json("quoteId") }, key: "till-5");
        var otherQuote = await app.PlaceOrder(staff, new { code, amount = 1250, quoteId = quotes[1].Json("quoteId") }, key: "till-5");
        var noQuote = await app.PlaceOrder(staff, new { code, amount = 1250 }, key: "till-5");

        first.Status.ShouldBe(HttpStatusCode.Created, first.Body);
        (otherQuote.Body, noQuote.Body).ShouldBe((first.Body, first.Body));
    }

    [Fact]
    public async Task Fifty_concurrent_orders_with_one_key_place_one_order_and_get_one_answer()
    {
        var guest = await app.GivenGuest();
        var staff = await app.GivenStaff();
        var body = new { code = await app.GivenCode(guest), amount = 1250 };

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.PlaceOrder(staff, body, key: "till-2")));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        answers.Select(answer => answer.Body).Distinct().Count().ShouldBe(1);
        (await app.Account(guest)).Points.ShouldBe(new Points(12));
    }

    [Fact]
    public async Task A_repeated_key_with_another_body_is_refused()
    {
        var guest = await app.GivenGuest();
        var staff = await app.GivenStaff();
        await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 1250 }, key: "till-3");

        var otherAmount = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 1251 }, key: "till-3");

        otherAmount.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await app.Account(guest)).Points.ShouldBe(new Points(12));
    }

    [Fact]
    public async Task Concurrent_orders_with_one_key_and_two_codes_place_one_order()
    {
        var (one, other) = (await app.GivenGuest(), await app.GivenGuest());
        var staff = await app.GivenStaff();
        var (codeOfOne, codeOfOther) = (await app.GivenCode(one), await app.GivenCode(other));

        var answers = await Task.WhenAll(
            app.PlaceOrder(staff, new { code = codeOfOne, amount = 100 }, key: "till-4"),
            app.PlaceOrder(staff, new { code = codeOfOther, amount = 100 }, key: "till-4"));

        answers.Select(answer => answer.Status).ShouldBe([HttpStatusCode.Created, HttpStatusCode.UnprocessableEntity], ignoreOrder: true);
        ((await app.Account(one)).Points + (await app.Account(other)).Points).ShouldBe(new Points(1));
    }

    [Fact]
    public async Task Two_members_of_staff_may_use_the_same_key()
    {
        var first = await app.PlaceOrder(await app.GivenStaff(), new { code = await app.GivenCode(await app.GivenGuest()), amount = 100 }, key: "1");
        var second = await app.PlaceOrder(await app.GivenStaff(), new { code = await app.GivenCode(await app.GivenGuest()), amount = 200 }, key: "1");

        first.Status.ShouldBe(HttpStatusCode.Created);
        second.Status.ShouldBe(HttpStatusCode.Created);
        second.Json("orderId").ShouldNotBe(first.Json("orderId"));
    }

    [Fact]
    public async Task A_refused_order_is_evaluated_again_with_the_same_key()
    {
        var staff = await app.GivenStaff();
        var free = await app.FreeCode();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.PlaceOrder(staff, new { code = free, amount = 100 })));
        var body = new { code = await app.GivenCode(await app.GivenGuest()), amount = 1000 };

        var refused = await app.PlaceOrder(staff, body, key: "till-5");
        await app.GivenMinutePassedFor(staff);
        var accepted = await app.PlaceOrder(staff, body, key: "till-5");

        refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_wrong_codes");
        accepted.Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task After_ten_wrong_codes_every_code_gets_429_until_the_minute_is_over()
    {
        var staff = await app.GivenStaff();
        var free = await app.FreeCode();
        for (var i = 0; i < 10; i++)
        {
            (await app.PlaceOrder(staff, new { code = free, amount = 100 })).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
        }

        var eleventh = await app.PlaceOrder(staff, new { code = free, amount = 100 });
        var right = await app.PlaceOrder(staff, new { code = await app.GivenCode(await app.GivenGuest()), amount = 100 });
        var colleague = await app.PlaceOrder(await app.GivenStaff(), new { code = await app.GivenCode(await app.GivenGuest()), amount = 100 });
        await app.GivenMinutePassedFor(staff);
        var later = await app.PlaceOrder(staff, new { code = await app.GivenCode(await app.GivenGuest()), amount = 100 });

        eleventh.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_wrong_codes");
        eleventh.RetryAfter.ShouldNotBeNull().ShouldBeInRange(1, 60);
        right.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_wrong_codes");
        colleague.Status.ShouldBe(HttpStatusCode.Created);
        later.Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Ten_of_50_concurrent_wrong_codes_are_unknown_and_40_are_too_many()
    {
        var staff = await app.GivenStaff();
        var free = await app.FreeCode();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.PlaceOrder(staff, new { code = free, amount = 100 })));

        answers.Count(answer => answer.Status == HttpStatusCode.NotFound).ShouldBe(10);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).ShouldBe(40);
    }

    [Theory]
    [InlineData("""{"code":"12345","amount":100}""", "code")]
    [InlineData("""{"code":"12345a","amount":100}""", "code")]
    [InlineData("""{"code":"","amount":100}""", "code")]
    [InlineData("""{"code":"123456","amount":0}""", "amount")]
    [InlineData("""{"code":"123456","amount":-1}""", "amount")]
    [InlineData("""{"code":"123456","amount":1000000.01}""", "amount")]
    [InlineData("""{"code":"123456","amount":100,"spendPoints":-1}""", "spendPoints")]
    [InlineData("""{"code":"123456","amount":100,"shopId":""}""", "shopId")]
    public async Task Input_outside_its_limits_is_refused_and_the_field_is_named(string body, string field)
    {
        var refused = await app.PlaceOrderRaw(await app.GivenStaff(), body);

        refused.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        refused.Body.ShouldContain($"\"{field}\"");
    }

    [Theory]
    [InlineData("""{"code":"123456","amount":100,"tip":5}""")]
    [InlineData("""{"code":"123456","amount":"100"}""")]
    [InlineData("""{"code":"123456","amount":10.005}""")]
    [InlineData("""{"code":"123456","amount":100,"spendPoints":1.5}""")]
    [InlineData("""{"code":"123456"}""")]
    [InlineData("""{"code":null,"amount":100}""")]
    [InlineData("""[]""")]
    [InlineData("""{"code":""")]
    public async Task A_malformed_order_is_400(string body)
    {
        (await app.PlaceOrderRaw(await app.GivenStaff(), body)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData(256)]
    public async Task An_invalid_idempotency_key_is_refused(object key)
    {
        var tooLongOrOdd = key is int length ? new string('k', length) : (string)key;

        var refused = await app.PlaceOrder(await app.GivenStaff(), new { code = "123456", amount = 100 }, tooLongOrOdd);

        refused.ShouldBeProblem(HttpStatusCode.BadRequest, "idempotency_key_invalid");
    }

    [Fact]
    public async Task Only_staff_place_orders()
    {
        var guest = await app.GivenGuest();
        var body = new { code = await app.GivenCode(guest), amount = 100 };

        (await app.PlaceOrderAnonymously(body)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await app.PlaceOrderAs(guest, body)).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Concurrent_orders_leave_points_equal_to_the_sum_of_their_entries()
    {
        var staff = await app.GivenStaff();
        var guests = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.GivenGuest(points: 40)));

        await Task.WhenAll(guests.Select(async guest =>
        {
            for (var i = 0; i < 10; i++)
            {
                var code = await app.GivenCode(guest);
                await Task.WhenAll(Enumerable.Range(0, 4).Select(n => app.PlaceOrder(staff, new { code, amount = 1000 + n, spendPoints = n * 7 })));
            }
        }));

        (await app.Verify()).ShouldBe(0);
        foreach (var guest in guests)
        {
            // The eleventh is the one that earned the initial points.
            (await app.OrdersOf(guest)).ShouldBe(11);
        }
    }
}
