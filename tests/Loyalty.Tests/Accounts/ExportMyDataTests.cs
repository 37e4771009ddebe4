using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Accounts;

public sealed class ExportMyDataTests(SharedLoyaltyApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_export_contains_the_guests_account_orders_refunds_and_every_change_of_points()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var order = await app.GivenOrder(guest, staff, 1250);
        await app.GivenOrder(guest, staff, 300);
        (await app.Refund(staff, order, 250)).Status.ShouldBe(HttpStatusCode.OK);

        var held = await Export(guest);

        ((string?)held["fullName"]).ShouldBe("Анна Петрова");
        ((long?)held["account"]!["userId"]).ShouldBe(guest.Value);
        held["orders"]!.AsArray().Select(placed => (decimal)placed!["amount"]!).ShouldBe([1250, 300]);
        held["refunds"]!.AsArray().Select(refund => (decimal)refund!["amount"]!).ShouldBe([250]);
        held["entries"]!.AsArray().Sum(entry => (long)entry!["delta"]!).ShouldBe((long)held["account"]!["points"]!);
    }

    [Fact]
    public async Task The_export_contains_the_guests_gifts_and_what_was_copied_from_the_profile()
    {
        var guest = app.NewUserId();
        await app.Register(guest, phone: "+79991234567", memberId: "MNT-7KQ2M9X0", birthDate: new DateOnly(1990, 5, 10));
        await Eventually.IsTrue(() => app.Database.Scalar<bool>("select exists (select from loyalty.accounts where user_id = $1)", Ct, guest.Value), Ct);
        await app.GivenGift(guest, "Капучино");

        var held = await Export(guest);

        held["copies"]!.ToJsonString().ShouldBe(
            """{"memberId":"MNT-7KQ2M9X0","phoneLast4":"4567","birthDate":"1990-05-10","phoneVerified":true,"phoneSeenBefore":false}""");
        ((string?)held["gifts"]!.AsArray().Single()!["title"]).ShouldBe("Капучино");
    }

    [Fact]
    public async Task The_export_contains_nothing_about_other_guests()
    {
        var (guest, other, staff) = (await app.GivenGuest(), await app.GivenGuest(), await app.GivenStaff());
        await app.GivenOrder(other, staff, 500);

        var held = await Export(guest);

        held["orders"]!.AsArray().ShouldBeEmpty();
        held["entries"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_export_contains_alerts_about_the_guest()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.CheckCode(app.Staff(staff, guest), await app.GivenCode(guest));

        ((string?)(await Export(guest))["alerts"]!.AsArray().Single()!["kind"]).ShouldBe("codeOwn");
    }

    [Fact]
    public async Task An_erased_guest_is_refused_and_the_ledger_still_adds_up()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.GivenOrder(guest, staff, 1250);

        await app.Broker.Publish(new UserErased { UserId = guest, ErasedAt = app.Clock.GetUtcNow(), Version = 2 }, Ct);

        await Eventually.Passes(async () => (await app.GetMyAccount(guest)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated"), Ct);
        (await app.OrdersOf(guest)).ShouldBe(1);
        (await app.Verify()).ShouldBe(0);
    }

    private async Task<JsonNode> Export(Contracts.UserId guest)
    {
        using var response = await app.Client(guest).GetAsync("/api/loyalty/export", Ct);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!;
    }
}
