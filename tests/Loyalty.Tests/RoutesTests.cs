using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Testing.Routes;

namespace Platform.Loyalty.Tests;

public sealed class RoutesTests(LoyaltyApp app) : RouteTests<LoyaltyApp, Program, RoutesTests>(app), IRoutes<LoyaltyApp>
{
    private const string ChangesNothing = "It changes nothing.";

    private static int _lastAmount = 100;

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
        new("GET", "/api/loyalty/alerts", Role.Admin, AsAdmin),
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

    private static async Task<Call> RefundMine(LoyaltyApp app)
    {
        var (staff, amount) = (await app.GivenStaff(), NewAmount());
        return new(app.Staff(staff), await app.GivenOrder(await app.GivenGuest(), staff, amount), new { amount });
    }

    private static async Task<Call> RefundOfAColleague(LoyaltyApp app) =>
        await RefundMine(app) with { Caller = app.Staff(await app.GivenStaff()) };

    private static async Task<Call> AsStaff(LoyaltyApp app) => new(app.Staff(await app.GivenStaff()));

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
