using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Codes;

public sealed class CheckCodeTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    [Fact]
    public async Task Checking_a_code_shows_whose_it_is_and_does_not_use_it_up()
    {
        var guest = await app.GivenGuest(points: 120);
        var staff = await app.GivenStaff();
        var code = await app.GivenCode(guest, secondsAgo: 30);

        var checkedOnce = await app.CheckCode(staff, code);
        var checkedAgain = await app.CheckCode(staff, code);
        var order = await app.PlaceOrder(staff, new { code, amount = 100 });

        checkedOnce.Status.ShouldBe(HttpStatusCode.OK);
        checkedOnce.Json("userId").ShouldBe(guest.Value);
        ((long)checkedOnce.Json("secondsLeft")!).ShouldBeInRange(58, 60);
        checkedOnce.Json("balance").ShouldBe(120L);
        checkedOnce.Json("level").ShouldBe("silver");
        checkedOnce.Json("name").ShouldBe("Анна П.");
        checkedOnce.Json("maxOrder").ShouldBe(100_000.00m);
        checkedAgain.Status.ShouldBe(HttpStatusCode.OK);
        order.Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_unusable_code_is_refused_for_the_same_reason_as_in_an_order()
    {
        var staff = await app.GivenStaff();
        var guest = await app.GivenGuest();
        var used = await app.GivenCode(guest);
        await app.PlaceOrder(staff, new { code = used, amount = 100 });
        var replaced = await app.GivenCode(guest);
        var expired = await app.GivenCode(guest, secondsAgo: 90);

        (await app.CheckCode(staff, used)).ShouldBeProblem(HttpStatusCode.Conflict, "code_used");
        (await app.CheckCode(staff, replaced)).ShouldBeProblem(HttpStatusCode.Gone, "code_expired");
        var live = await app.GivenCode(guest);
        (await app.CheckCode(staff, replaced)).ShouldBeProblem(HttpStatusCode.Gone, "code_replaced");
        (await app.CheckCode(staff, live)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.CheckCode(staff, expired)).ShouldBeProblem(HttpStatusCode.Gone, "code_replaced");
        (await app.CheckCode(staff, await app.FreeCode())).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
    }

    [Theory]
    [InlineData("Анна Смирнова", "Анна С.")]
    [InlineData("  Анна   Мария Смирнова ", "Анна С.")]
    [InlineData("Мадонна", "Мадонна")]
    [InlineData("Liam O'Neil", "Liam O.")]
    [InlineData("Anna 👩‍🔬Scientist", "Anna 👩‍🔬.")]
    public async Task Staff_see_only_the_first_name_and_last_initial(string fullName, string shown)
    {
        var answer = await app.CheckCode(await app.GivenStaff(), await app.GivenCode(await app.GivenGuest(fullName: fullName)));

        answer.Json("name").ShouldBe(shown);
    }

    [Fact]
    public async Task A_recently_issued_code_never_counts_as_a_guess()
    {
        var staff = await app.GivenStaff();
        var (guest, other) = (await app.GivenGuest(), await app.GivenGuest());
        var used = await app.GivenCode(other);
        await app.PlaceOrder(staff, new { code = used, amount = 100 });
        for (var i = 0; i < 10; i++)
        {
            var (older, newer) = (await app.GivenCode(guest), await app.GivenCode(guest));
            (await app.PlaceOrder(staff, new { code = older, amount = 100 })).ShouldBeProblem(HttpStatusCode.Gone, "code_replaced");
            (await app.Preview(staff, new { code = used, amount = 100 })).ShouldBeProblem(HttpStatusCode.Conflict, "code_used");
            (await app.CheckCode(staff, newer)).Status.ShouldBe(HttpStatusCode.OK);
        }

        (await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount = 100 })).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Ten_minutes_after_its_end_a_code_is_unknown_except_to_the_barista_who_used_it()
    {
        var (staff, colleague) = (await app.GivenStaff(), await app.GivenStaff());
        var (used, expired) = (await app.GivenCode(await app.GivenGuest()), await app.GivenCode(await app.GivenGuest()));
        await app.PlaceOrder(staff, new { code = used, amount = 100 });
        app.Clock.Advance(TimeSpan.FromSeconds(90) + TimeSpan.FromMinutes(10));
        (await app.CheckCode(colleague, expired)).ShouldBeProblem(HttpStatusCode.Gone, "code_expired");

        app.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 5; i++)
        {
            (await app.CheckCode(colleague, expired)).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
            (await app.CheckCode(colleague, used)).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
            (await app.CheckCode(staff, used)).ShouldBeProblem(HttpStatusCode.Conflict, "code_used");
        }

        (await app.CheckCode(colleague, expired)).ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_wrong_codes");
    }

    [Fact]
    public async Task The_limit_of_ten_guesses_applies_to_every_sliding_minute()
    {
        var staff = await app.GivenStaff();
        var free = await app.FreeCode();
        await Guess(5);
        app.Clock.Advance(TimeSpan.FromSeconds(50));
        await Guess(5);
        app.Clock.Advance(TimeSpan.FromSeconds(15));
        // The first five are more than a minute old, so these and the second five make ten.
        await Guess(5);

        var refused = await app.CheckCode(staff, free);

        refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_wrong_codes");
        refused.RetryAfter.ShouldBe(45);
        app.Clock.Advance(TimeSpan.FromSeconds(45));
        (await app.CheckCode(staff, free)).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");

        async Task Guess(int times)
        {
            for (var i = 0; i < times; i++)
            {
                (await app.CheckCode(staff, free)).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
            }
        }
    }

    [Fact]
    public async Task Staff_cannot_use_their_own_code_and_each_one_tried_raises_one_alert()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var barista = app.Staff(staff, guest);
        for (var tries = 1; tries <= 2; tries++)
        {
            var own = await app.GivenCode(guest);
            (await app.CheckCode(barista, own)).ShouldBeProblem(HttpStatusCode.Forbidden, "code_own");
            (await app.Preview(barista, new { code = own, amount = 100 })).ShouldBeProblem(HttpStatusCode.Forbidden, "code_own");
            (await app.PlaceOrder(barista, new { code = own, amount = 100 })).ShouldBeProblem(HttpStatusCode.Forbidden, "code_own");
            (await app.AlertsOf(staff)).ShouldBe(tries);
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await app.OrdersOf(guest)).ShouldBe(0);
        var page = await app.ListAlerts($"?limit=1&staffId={staff}");
        var newest = AlertIn(page);
        ((string?)newest["kind"], (long)newest["staffId"]!).ShouldBe(("codeOwn", staff.Value));
        ((long)newest["user"]!["userId"]!, (string?)newest["user"]!["name"]).ShouldBe((guest.Value, "Анна П."));
        var older = AlertIn(await app.ListAlerts($"?limit=1&staffId={staff}&after={page.Json("next")}"));
        ((long)older["staffId"]!).ShouldBe(staff.Value);
        ((long)older["id"]!).ShouldBeLessThan((long)newest["id"]!);

        // They may use other people's codes, and a colleague may use theirs.
        (await app.PlaceOrder(barista, new { code = await app.GivenCode(await app.GivenGuest()), amount = 100 })).Status.ShouldBe(HttpStatusCode.Created);
        (await app.PlaceOrder(await app.GivenStaff(), new { code = await app.GivenCode(guest), amount = 100 })).Status.ShouldBe(HttpStatusCode.Created);
        (await app.AlertsOf(staff)).ShouldBe(2);
    }

    [Fact]
    public async Task The_service_cannot_change_or_delete_alerts()
    {
        foreach (var privilege in new[] { "update", "delete", "truncate" })
        {
            (await app.Database.Scalar<bool>(
                "select has_table_privilege('loyalty', 'loyalty.alerts', $1)", TestContext.Current.CancellationToken, privilege)).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Wrong_codes_count_together_for_checks_previews_and_orders()
    {
        var staff = await app.GivenStaff();
        var free = await app.FreeCode();
        var ways = WaysToEnter(staff);
        for (var i = 0; i < 10; i++)
        {
            (await ways[i % 3](free)).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
        }

        foreach (var enter in ways)
        {
            var wrong = await enter(free);
            var right = await enter(await app.GivenCode(await app.GivenGuest()));

            wrong.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_wrong_codes");
            wrong.RetryAfter.ShouldNotBeNull().ShouldBeInRange(1, 60);
            right.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_wrong_codes");
        }

        (await app.CheckCode(await app.GivenStaff(), free)).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
        await app.GivenMinutePassedFor(staff);
        (await app.CheckCode(staff, await app.GivenCode(await app.GivenGuest()))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Ten_of_60_concurrent_guesses_are_evaluated()
    {
        var staff = await app.GivenStaff();
        var free = await app.FreeCode();
        var ways = WaysToEnter(staff);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => ways[i % 3](free)));

        answers.Count(answer => answer.Status == HttpStatusCode.NotFound).ShouldBe(10);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).ShouldBe(50);
    }

    [Fact]
    public async Task After_ten_wrong_codes_concurrent_tries_of_a_right_one_are_refused()
    {
        var staff = await app.GivenStaff();
        var free = await app.FreeCode();
        var right = await app.GivenCode(await app.GivenGuest());

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.CheckCode(staff, free)));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.CheckCode(staff, right)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("12345a")]
    [InlineData("")]
    public async Task A_code_that_is_not_six_digits_is_refused(string code)
    {
        (await app.CheckCode(await app.GivenStaff(), code)).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    private static JsonNode AlertIn(Answer page)
    {
        page.Status.ShouldBe(HttpStatusCode.OK, page.Body);
        return JsonNode.Parse(page.Body)!["items"]!.AsArray().Single()!;
    }

    private Func<string, Task<Answer>>[] WaysToEnter(StaffId staff) =>
    [
        code => app.CheckCode(staff, code),
        code => app.Preview(staff, new { code, amount = 100 }),
        code => app.PlaceOrder(staff, new { code, amount = 100 }),
    ];
}
