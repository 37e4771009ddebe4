using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Adjustments;

/// <summary>Has its own service, since it moves the clock.</summary>
public sealed class AdjustPointsTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_owner_adds_and_takes_points_and_the_guest_sees_each_entry()
    {
        var (guest, owner) = (await app.GivenGuest(points: 40), app.Owner(await app.GivenStaff()));

        var added = await Adjust(owner, guest, 1000);
        var taken = await Adjust(owner, guest, -240);

        added.Status.ShouldBe(HttpStatusCode.OK, added.Body);
        (added.Json("balance"), taken.Json("balance"), taken.Json("debt")).ShouldBe((1040L, 800L, 0L));
        var entries = JsonNode.Parse((await app.Client(guest).Read("/api/loyalty/accounts/me/entries?reason=adjustment")).Body)!["items"]!.AsArray();
        entries.Select(entry => ((long)entry!["id"]!, (long)entry["delta"]!))
            .ShouldBe([((long)taken.Json("entryId")!, -240L), ((long)added.Json("entryId")!, 1000L)]);
        // Points given by hand are no reason for a higher level.
        (await app.Account(guest)).Level.ShouldBe("standard");
        var changed = await app.Published<PointsChanged>(happened => happened.EntryId.Value == (long)taken.Json("entryId")!);
        (changed.Delta, changed.Balance, changed.Reason).ShouldBe((new Points(-240), new Points(800), "adjustment"));
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task An_adjustment_is_audited_with_its_reason()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());

        await Adjust(app.Staff(staff), guest, 15, " Долго ждали ");

        (await app.Database.Scalar<string>(
            "select concat_ws(' ', subject, details ->> 'points', details ->> 'reason') from loyalty.audit where action = 'points.adjust' and target = $1",
            Ct, $"user:{guest}")).ShouldBe($"staff:{staff} 15 Долго ждали");
    }

    [Fact]
    public async Task Baristas_and_managers_give_points_up_to_the_daily_limit_and_one_alert_is_raised_above_it()
    {
        var (guest, other, staff) = (await app.GivenGuest(), await app.GivenGuest(), await app.GivenStaff());
        (await Adjust(app.Staff(staff), guest, 300)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.AlertsOf(staff)).ShouldBe(0);

        var above = await Adjust(app.Manager(staff), other, 201);

        above.ShouldBeProblem(HttpStatusCode.Forbidden, "manual_limit_reached");
        above.Json("pointsLeft").ShouldBe(200L);
        (await Adjust(app.Staff(staff), other, 300)).ShouldBeProblem(HttpStatusCode.Forbidden, "manual_limit_reached");
        (await app.AlertsOf(staff)).ShouldBe(1);
        (await app.Database.Scalar<string>("select kind from loyalty.alerts where staff_id = $1", Ct, staff.Value)).ShouldBe("manual_points");
        (await Adjust(app.Staff(staff), other, 200)).Status.ShouldBe(HttpStatusCode.OK);
        (await Adjust(app.Owner(staff), other, 5000)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.BalanceOf(other)).Points.ShouldBe(5200);
    }

    [Fact]
    public async Task The_daily_limit_starts_again_at_midnight_of_the_business()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        (await Adjust(app.Staff(staff), guest, 500)).Status.ShouldBe(HttpStatusCode.OK);

        // Moscow is three hours ahead of UTC.
        var midnight = new DateTimeOffset(app.Clock.GetUtcNow().AddHours(3).Date.AddDays(1).AddHours(-3), TimeSpan.Zero);
        app.Clock.SetUtcNow(midnight.AddSeconds(-1));
        (await Adjust(app.Staff(staff), guest, 1)).ShouldBeProblem(HttpStatusCode.Forbidden, "manual_limit_reached");
        app.Clock.SetUtcNow(midnight);

        (await Adjust(app.Staff(staff), guest, 500)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Parallel_adjustments_of_one_barista_stay_within_the_daily_limit()
    {
        var staff = await app.GivenStaff();
        var guests = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.GivenGuest()));

        var answers = await Task.WhenAll(guests.Select(guest => Adjust(app.Staff(staff), guest, 100)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(5);
        foreach (var refused in answers.Where(answer => answer.Status != HttpStatusCode.OK))
        {
            refused.ShouldBeProblem(HttpStatusCode.Forbidden, "manual_limit_reached");
        }

        (await app.AlertsOf(staff)).ShouldBe(1);
    }

    [Fact]
    public async Task Twenty_parallel_calls_with_one_key_add_the_points_once()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Adjust(app.Staff(staff), guest, 50, key: "shift-1")));

        answers.Select(answer => answer.ToString()).Distinct().ShouldHaveSingleItem();
        (await app.BalanceOf(guest)).Points.ShouldBe(50);
        (await Adjust(app.Staff(staff), guest, 51, key: "shift-1")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [Fact]
    public async Task Points_added_by_hand_pay_a_debt_first()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 10_000);
        await app.GivenOrder(guest, staff, 300, spendPoints: 90);
        await app.Refund(staff, order);
        var (_, debt) = await app.BalanceOf(guest);

        var added = await Adjust(app.Owner(staff), guest, debt + 7);

        debt.ShouldBeGreaterThan(0);
        (added.Json("balance"), added.Json("debt")).ShouldBe((7L, 0L));
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Points_are_not_taken_beyond_the_balance_nor_by_baristas_and_managers()
    {
        var (guest, staff) = (await app.GivenGuest(points: 10), await app.GivenStaff());

        (await Adjust(app.Owner(staff), guest, -11)).ShouldBeProblem(HttpStatusCode.Conflict, "not_enough_points");
        (await Adjust(app.Staff(staff), guest, -1)).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        (await Adjust(app.Manager(staff), guest, -1)).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        (await app.BalanceOf(guest)).Points.ShouldBe(10);
    }

    [Fact]
    public async Task Staff_cannot_adjust_their_own_points_nor_those_of_unknown_or_erased_guests()
    {
        var (guest, erased, staff) = (await app.GivenGuest(), await app.GivenGuest(), await app.GivenStaff());
        await Adjust(app.Staff(staff), erased, 5, "Вернули за холодный кофе");
        await app.Erase(erased);

        (await Adjust(app.Staff(staff, guest), guest, 5)).ShouldBeProblem(HttpStatusCode.Forbidden, "account_own");
        var owner = app.Client(new TokenSubject(Role.Staff, guest, StaffId: staff, StaffRole: StaffRole.Owner));
        (await Adjust(owner, guest, 5)).ShouldBeProblem(HttpStatusCode.Forbidden, "account_own");
        (await Adjust(app.Staff(staff), new UserId(7_000_000_001), 5)).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
        (await Adjust(app.Staff(staff), erased, 5)).ShouldBeProblem(HttpStatusCode.Conflict, "guest_erased");
        await Eventually.IsTrue(
            () => app.Database.Scalar<bool>("select reason is null from loyalty.adjustments where user_id = $1", Ct, erased.Value), Ct);
    }

    [Fact]
    public async Task An_adjustment_without_points_or_reason_is_refused()
    {
        var (guest, staff) = (await app.GivenGuest(), app.Owner(await app.GivenStaff()));

        (await Adjust(staff, guest, 0)).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await Adjust(staff, guest, 5, " ")).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await Adjust(staff, guest, 1_000_001)).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await staff.Post(Address(guest), new { points = 1.5, reason = "Так" })).ShouldBeProblem(HttpStatusCode.BadRequest, "body_invalid");
    }

    [Fact]
    public async Task The_export_contains_adjustments_with_their_reason()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await Adjust(app.Staff(staff), guest, 25, "Ошиблись в заказе");

        var held = JsonNode.Parse((await app.Client(guest).Read("/api/loyalty/export")).Body)!;

        held["adjustments"]!.AsArray().Select(made => ((long)made!["points"]!, (string?)made["reason"])).ShouldBe([(25L, "Ошиблись в заказе")]);
    }

    private static Task<Answer> Adjust(HttpClient caller, UserId guest, long points, string reason = "Извинились", string? key = null) =>
        caller.Post(Address(guest), new { points, reason }, key);

    private static string Address(UserId guest) => $"/api/loyalty/accounts/{guest}/adjust";
}
