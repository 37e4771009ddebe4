using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Testing.Routes;

namespace Platform.Loyalty.Tests;

public sealed class RoutesTests(LoyaltyApp app) : RouteTests<LoyaltyApp, Program, RoutesTests>(app), IRoutes<LoyaltyApp>
{
    private const string ChangesNothing = "It changes nothing.";

    private static int _lastAmount = 100;

    // Malformed calls also switch stamp cards on.
    protected override IReadOnlyList<string> WrittenByHandlers => [.. base.WrittenByHandlers, "stamps"];

    public static IReadOnlyList<Route<LoyaltyApp>> Routes { get; } =
    [
        new("GET", "/api/loyalty/export", Role.Client, AsGuest),
        new("GET", "/api/loyalty/accounts/me", Role.Client, AsGuest),
        new("GET", "/api/loyalty/accounts/{userId}", Role.Client, MyAccount) { OwnedByAnother = [AnothersAccount] },
        new("GET", "/api/loyalty/accounts/me/entries", Role.Client, AsGuest),
        new("GET", "/api/loyalty/accounts/{userId}/entries", Role.Client, MyAccount) { OwnedByAnother = [AnothersAccount] },
        new("GET", "/api/loyalty/accounts/me/orders", Role.Client, AsGuest),
        new("GET", "/api/loyalty/accounts/{userId}/orders", Role.Client, MyAccount) { OwnedByAnother = [AnothersAccount] },
        new("GET", "/api/loyalty/accounts/me/why/{entryId}", Role.Client, MyEntry) { OwnedByAnother = [AnothersEntry] },
        new("GET", "/api/loyalty/accounts/{userId}/why/{entryId}", Role.Client, EntryOfMyAccount) { OwnedByAnother = [EntryOfAnothersAccount] },
        new("POST", "/api/loyalty/accounts/{userId}/adjust", Role.Staff, Adjust) { TakesBody = true },
        new("GET", "/api/loyalty/rules", Role.Guest, AsGuest),
        new("GET", "/api/loyalty/settings", Role.Admin, AsAdmin),
        new("PUT", "/api/loyalty/settings", Role.Admin, Settings) { TakesBody = true },
        new("GET", "/api/loyalty/levels", Role.Admin, AsAdmin),
        new("PUT", "/api/loyalty/levels", Role.Admin, Levels) { TakesBody = true },
        new("GET", "/api/loyalty/campaigns", Role.Admin, AsAdmin),
        new("POST", "/api/loyalty/campaigns", Role.Admin, NewCampaign) { TakesBody = true },
        new("PUT", "/api/loyalty/campaigns/{id}", Role.Admin, Campaign) { TakesBody = true },
        new("POST", "/api/loyalty/codes", Role.Client, AsGuest),
        new("GET", "/api/loyalty/codes/{code}", Role.Client, MyCode) { OwnedByAnother = [AnothersCode] },
        new("POST", "/api/loyalty/codes/check", Role.Staff, CheckCode) { TakesBody = true, WithoutKey = ChangesNothing },
        new("POST", "/api/loyalty/orders/preview", Role.Staff, Order) { TakesBody = true, WithoutKey = ChangesNothing },
        new("POST", "/api/loyalty/orders", Role.Staff, Order) { TakesBody = true },
        new("GET", "/api/loyalty/orders", Role.Staff, AsStaff),
        new("GET", "/api/loyalty/orders/{id}", Role.Staff, MyOrder) { OwnedByAnother = [OrderOfAColleague] },
        new("POST", "/api/loyalty/orders/{id}/refund", Role.Staff, RefundMine) { TakesBody = true, OwnedByAnother = [RefundOfAColleague] },
        new("GET", "/api/loyalty/guests", Role.Staff, FindGuest),
        new("GET", "/api/loyalty/accounts/me/gifts", Role.Client, AsGuest),
        new("GET", "/api/loyalty/accounts/{userId}/gifts", Role.Client, MyAccount) { OwnedByAnother = [AnothersAccount] },
        new("GET", "/api/loyalty/accounts/me/stamps", Role.Client, AsGuest),
        new("GET", "/api/loyalty/accounts/{userId}/stamps", Role.Client, MyAccount) { OwnedByAnother = [AnothersAccount] },
        new("GET", "/api/loyalty/gifts", Role.Staff, AsStaff),
        new("POST", "/api/loyalty/gifts", Role.Staff, NewGift) { TakesBody = true },
        new("POST", "/api/loyalty/gifts/{id}/redeem", Role.Staff, Redemption) { TakesBody = true },
        new("GET", "/api/loyalty/rewards", Role.Client, AsGuest),
        new("GET", "/api/loyalty/rewards/all", Role.Admin, AsAdmin),
        new("POST", "/api/loyalty/rewards", Role.Admin, NewReward) { TakesBody = true },
        new("PUT", "/api/loyalty/rewards/{id}", Role.Admin, ChangedReward) { TakesBody = true },
        new("POST", "/api/loyalty/rewards/{id}/buy", Role.Client, Purchase),
        new("GET", "/api/loyalty/stamp-cards", Role.Client, AsGuest),
        new("POST", "/api/loyalty/stamp-cards", Role.Admin, NewStampCard) { TakesBody = true },
        new("PUT", "/api/loyalty/stamp-cards/{id}", Role.Admin, ChangedStampCard) { TakesBody = true },
        new("GET", "/api/loyalty/alerts/", Role.Admin, AsAdmin),
        new("POST", "/api/loyalty/alerts/{id}/seen", Role.Admin, SeeAlert),
        new("GET", "/api/loyalty/shops/", Role.Client, AsGuest),
        new("POST", "/api/loyalty/shops/", Role.Admin, CreateShop) { TakesBody = true },
        new("PUT", "/api/loyalty/shops/{id}", Role.Admin, UpdateShop) { TakesBody = true },
        new("PUT", "/api/loyalty/shops/{id}/staff", Role.Admin, AssignStaff) { TakesBody = true },
        new("POST", "/api/loyalty/shifts/", Role.Staff, OpenShift) { TakesBody = true },
        new("POST", "/api/loyalty/shifts/{id}/close", Role.Staff, CloseMyShift) { OwnedByAnother = [CloseShiftOfAColleague] },
        new("GET", "/api/loyalty/shifts/current", Role.Staff, MyCurrentShift),
        new("GET", "/api/loyalty/shifts/", Role.Staff, AsStaff),
        new("POST", "/api/loyalty/feedback/review", Role.Client, Review) { TakesBody = true },
        new("POST", "/api/loyalty/feedback/idea", Role.Client, Idea) { TakesBody = true },
        new("POST", "/api/loyalty/feedback/message", Role.Client, Idea) { TakesBody = true },
        new("GET", "/api/loyalty/feedback/mine", Role.Client, AsGuest),
        new("GET", "/api/loyalty/feedback/", Role.Admin, AsAdmin),
        new("POST", "/api/loyalty/feedback/{id}/reply", Role.Admin, ReplyToFeedback) { TakesBody = true },
        new("GET", "/api/loyalty/operations", Role.Staff, AsStaff),
        new("GET", "/api/loyalty/analytics/summary", Role.Staff, AsStaff),
    ];

    private static async Task<Call> AsGuest(LoyaltyApp app) => new(app.Client(await app.GivenGuest()));

    private static async Task<Call> MyAccount(LoyaltyApp app)
    {
        var guest = await app.GivenGuest();
        return new(app.Client(guest), guest);
    }

    private static async Task<Call> AnothersAccount(LoyaltyApp app) => new(app.Client(await app.GivenGuest()), await app.GivenGuest());

    private static async Task<Call> MyCode(LoyaltyApp app)
    {
        var guest = await app.GivenGuest();
        return new(app.Client(guest), await app.GivenCode(guest));
    }

    private static async Task<Call> AnothersCode(LoyaltyApp app) => new(app.Client(await app.GivenGuest()), await app.GivenCode(await app.GivenGuest()));

    private static async Task<Call> CheckCode(LoyaltyApp app) =>
        new(app.Staff(await app.GivenStaff()), Body: new { code = await app.GivenCode(await app.GivenGuest()) });

    private static async Task<Call> Order(LoyaltyApp app) =>
        new(app.Staff(await app.GivenStaff()), Body: new { code = await app.GivenCode(await app.GivenGuest()), amount = NewAmount(), spendPoints = 0 });

    private static async Task<Call> MyOrder(LoyaltyApp app)
    {
        var staff = await app.GivenStaff();
        return new(app.Staff(staff), await app.GivenOrder(await app.GivenGuest(), staff, NewAmount()));
    }

    private static async Task<Call> OrderOfAColleague(LoyaltyApp app) => await MyOrder(app) with { Caller = app.Staff(await app.GivenStaff()) };

    private static Task<Call> AsAdmin(LoyaltyApp app) => Task.FromResult(new Call(app.Admin(new StaffId(1))));

    private static async Task<Call> FindGuest(LoyaltyApp app) => new(app.Staff(await app.GivenStaff())) { Query = "memberId=MNT-7KQ2M9X7" };

    private static async Task<Call> AsStaff(LoyaltyApp app) => new(app.Staff(await app.GivenStaff()));

    private static async Task<Call> NewGift(LoyaltyApp app) =>
        new(app.Staff(await app.GivenStaff()), Body: new { userId = await app.GivenGuest(), title = "Капучино" });

    private static async Task<Call> Redemption(LoyaltyApp app)
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        return new(app.Staff(staff), await app.GivenGift(guest), new { orderId = await app.GivenOrder(guest, staff, NewAmount()) });
    }

    private static Task<Call> NewReward(LoyaltyApp app) => Task.FromResult(
        new Call(app.Admin(new StaffId(1)), Body: new { title = "Термокружка", cost = NewAmount(), active = true }));

    private static async Task<Call> ChangedReward(LoyaltyApp app) => await NewReward(app) with { Id = await app.GivenReward() };

    private static async Task<Call> Purchase(LoyaltyApp app) => new(app.Client(await app.GivenGuest(points: 10)), await app.GivenReward(cost: 10));

    // Off, since an active one stamps the orders of all other calls.
    private static Task<Call> NewStampCard(LoyaltyApp app) => Task.FromResult(
        new Call(app.Admin(new StaffId(1)), Body: new { title = $"Карта {NewAmount()}", n = 6, reward = "Кофе в подарок", active = false }));

    private static async Task<Call> ChangedStampCard(LoyaltyApp app) =>
        await NewStampCard(app) with { Id = await app.GivenStampCard(n: 6, active: false) };

    private static async Task<Call> RefundMine(LoyaltyApp app)
    {
        var (staff, amount) = (await app.GivenStaff(), NewAmount());
        return new(app.Staff(staff), await app.GivenOrder(await app.GivenGuest(), staff, amount), new { amount });
    }

    private static async Task<Call> RefundOfAColleague(LoyaltyApp app) =>
        await RefundMine(app) with { Caller = app.Staff(await app.GivenStaff()) };

    private static async Task<Call> SeeAlert(LoyaltyApp app)
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.CheckCode(app.Staff(staff, guest), await app.GivenCode(guest));
        var alert = await app.Database.Scalar<long>(
            "select max(id) from loyalty.alerts where staff_id = $1", TestContext.Current.CancellationToken, staff.Value);
        return await AsAdmin(app) with { Id = alert };
    }

    private static async Task<Call> CreateShop(LoyaltyApp app) =>
        await AsAdmin(app) with { Body = new { id = $"shop-of-routes-{NewAmount()}", name = "Мира, 5", city = "Казань" } };

    private static async Task<Call> UpdateShop(LoyaltyApp app) =>
        await AsAdmin(app) with { Id = await app.GivenShop(), Body = new { name = $"Мира, {NewAmount()}" } };

    private static async Task<Call> AssignStaff(LoyaltyApp app) =>
        await AsAdmin(app) with { Id = await app.GivenShop(), Body = new { staffIds = new[] { (await app.GivenStaff()).Value } } };

    private static async Task<Call> OpenShift(LoyaltyApp app) => await AsStaff(app) with { Body = new { shopId = await app.GivenShop() } };

    private static async Task<Call> CloseMyShift(LoyaltyApp app)
    {
        var call = await OpenShift(app);
        return call with { Id = (await app.Post(call.Caller, "/api/loyalty/shifts", call.Body)).Json("shiftId"), Body = null };
    }

    private static async Task<Call> CloseShiftOfAColleague(LoyaltyApp app) => await CloseMyShift(app) with { Caller = app.Staff(await app.GivenStaff()) };

    private static async Task<Call> MyCurrentShift(LoyaltyApp app) => await CloseMyShift(app) with { Id = null };

    private static async Task<Call> Review(LoyaltyApp app) => await AsGuest(app) with { Body = new { rating = 9, text = $"Кофе {NewAmount()}" } };

    private static async Task<Call> Idea(LoyaltyApp app) => await AsGuest(app) with { Body = new { text = $"Овсяное молоко {NewAmount()}" } };

    private static async Task<Call> ReplyToFeedback(LoyaltyApp app)
    {
        var idea = await Idea(app);
        var id = (await app.Post(idea.Caller, "/api/loyalty/feedback/idea", idea.Body)).Json("feedbackId");
        return await AsAdmin(app) with { Id = id, Body = new { text = $"Спасибо! {NewAmount()}" } };
    }

    private static async Task<Call> MyEntry(LoyaltyApp app)
    {
        var guest = await app.GivenGuest(points: 5);
        return new(app.Client(guest), await EntryOf(app, guest));
    }

    private static async Task<Call> AnothersEntry(LoyaltyApp app) => await MyEntry(app) with { Caller = app.Client(await app.GivenGuest()) };

    private static async Task<Call> EntryOfMyAccount(LoyaltyApp app)
    {
        var guest = await app.GivenGuest(points: 5);
        return new(app.Client(guest), $"{guest}/{await EntryOf(app, guest)}");
    }

    private static async Task<Call> EntryOfAnothersAccount(LoyaltyApp app) =>
        await EntryOfMyAccount(app) with { Caller = app.Client(await app.GivenGuest()) };

    private static Task<long> EntryOf(LoyaltyApp app, UserId guest) => app.Database.Scalar<long>(
        "select max(id) from loyalty.point_entries where user_id = $1", TestContext.Current.CancellationToken, guest.Value);

    private static async Task<Call> Adjust(LoyaltyApp app) =>
        new(app.Staff(await app.GivenStaff()), await app.GivenGuest(), new { points = 1 + (NewAmount() % 100), reason = "Извинились" });

    private static Task<Call> Settings(LoyaltyApp app) => Task.FromResult(new Call(app.Admin(new StaffId(1)), Body: new
    {
        roublesPerPoint = 100, maxPointsShare = 0.3, pointsExpireAfterMonths = 12, expiryWarningDays = 14, startBonus = 0, referralBonus = 50,
        birthdayGift = "Напиток на выбор", birthdayGiftDays = 14, levelGiftDays = 30, stampGiftDays = 30, manualPointsPerDay = 500, manualGiftsPerDay = 20,
    }));

    private static Task<Call> Levels(LoyaltyApp app) => Task.FromResult(new Call(app.Admin(new StaffId(1)), Body: new
    {
        levels = new object[]
        {
            new { key = "standard", threshold = 0, earnMultiplier = 1 }, new { key = "silver", threshold = 100, earnMultiplier = 1.05 },
            new { key = "gold", threshold = 500, earnMultiplier = 1.1 }, new { key = "platinum", threshold = 1500, earnMultiplier = 1.2 },
        },
    }));

    // Long ago, so that it changes no order.
    private static Task<Call> NewCampaign(LoyaltyApp app) => Task.FromResult(new Call(
        app.Admin(new StaffId(1)), Body: new { title = $"Акция {NewAmount()}", multiplier = 2, from = "2020-01-01", to = "2020-01-31", active = true }));

    private static async Task<Call> Campaign(LoyaltyApp app)
    {
        var call = await NewCampaign(app);
        var created = await call.Caller.Post("/api/loyalty/campaigns", call.Body!);
        return call with { Id = created.Json("campaignId") };
    }

    private static int NewAmount() => Interlocked.Increment(ref _lastAmount);
}
