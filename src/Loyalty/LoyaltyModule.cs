using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.Database;
using Platform.Database.Jobs;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Adjustments;
using Platform.Loyalty.Alerts;
using Platform.Loyalty.Campaigns;
using Platform.Loyalty.Codes;
using Platform.Loyalty.Levels;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Settings;
using Platform.Loyalty.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty;

/// <summary>The service's table of contents: the events it handles and publishes, its checks and its routes.</summary>
public static class LoyaltyModule
{
    public static void ListEvents(Events events) => events
        .Publishes<OrderPlaced>(consumed: true)
        .Publishes<OrderRefunded>(consumed: true)
        .Publishes<LevelChanged>(consumed: true)
        .Publishes<PointsChanged>(consumed: false)
        .Publishes<PointsExpiring>(consumed: false)
        .Handles<UserRegistered, OpenAccount>()
        .Handles<UserUpdated, UpsertGuestName>()
        .Handles<UserErased, EraseGuest>()
        .TracksRevokedUsers<LoyaltyDb>()
        .PurgesErasedUsers<LoyaltyDb>();

    public static void AddLoyalty(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LoyaltyOptions>().BindConfiguration(LoyaltyOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();

        builder.AddBusinessClock();
        builder.AddJob<ExpirePoints>(every: TimeSpan.FromHours(1));
        builder.AddJob<WarnOfExpiry>(every: TimeSpan.FromHours(1));
        builder.AddJob<PurgeOldQuotes>(every: TimeSpan.FromHours(1));
        builder.Services.AddValidation();
        builder.Services.AddScoped<AccountOpening>();
        builder.Services.AddDemoSeed("orders", DemoOrders.Add);
        builder.Services.AddVerification("points are the sum of their entries", PointsLedger.SumsThatDiffer);
        builder.Services.AddVerification("points are the sum of what is left of their lots", PointsLedger.LotsThatDiffer);
        builder.Services.AddVerification("every lot agrees with its uses", PointsLedger.LotsWithOtherUses);
        builder.Services.AddVerification("every entry fills or uses lots", PointsLedger.EntriesWithoutLots);
        builder.Services.AddVerification("debts are the sum of their entries", PointsLedger.DebtsThatDiffer);
        builder.Services.AddVerification("every entry continues the balance before it", PointsLedger.BrokenChains);
        builder.Services.AddVerification("lifetime points are those earned minus those taken back", PointsLedger.LifetimePointsThatDiffer);
        builder.Services.AddVerification("levels match lifetime points", PointsLedger.LevelsThatDiffer);
        builder.Services.AddVerification("lifetime spend is what was paid minus refunds", OrderChecks.SpendThatDiffers);
        builder.Services.AddVerification("orders earn at the level that earlier orders reached", OrderChecks.OrdersOfALevelThatIsGone);
        builder.Services.AddVerification("orders earn by the rule that they name", OrderChecks.OrdersOfAnotherRule);
        builder.Services.AddVerification("refunded amounts of orders match their refunds", RefundChecks.OrdersThatDiffer);
        builder.Services.AddVerification("refunds match their ledger entries", RefundChecks.EntriesThatDiffer);
        builder.Services.AddVerification("corrected points of orders match their refunds", RefundChecks.CorrectionsThatDiffer);
    }

    public static void MapLoyalty(this IEndpointRouteBuilder app)
    {
        var accounts = app.MapGroup("/api/loyalty/accounts").WithTags("Accounts");
        accounts.MapGet("/me", GetMyAccount.Handle).Describe(GetMyAccount.Describe).RequireRole(Role.Client);
        app.MapGet("/api/loyalty/export", ExportMyData.Handle).WithTags("Accounts").Describe(ExportMyData.Describe)
            .RequireRole(Role.Client).AllowBlocked();
        accounts.MapGet("/{userId}", GetAccount.Handle).Describe(GetAccount.Describe).RequireRole(Role.Client);
        accounts.MapGet("/me/entries", ListEntries.Mine).Describe(ListEntries.Describe).RequireRole(Role.Client);
        accounts.MapGet("/{userId}/entries", ListEntries.Handle).Describe(ListEntries.Describe).Refuses(LoyaltyErrors.AccountNotFound)
            .RequireRole(Role.Client);
        accounts.MapGet("/me/orders", ListGuestOrders.Mine).Describe(ListGuestOrders.Describe).RequireRole(Role.Client);
        accounts.MapGet("/{userId}/orders", ListGuestOrders.Handle).Describe(ListGuestOrders.Describe).Refuses(LoyaltyErrors.AccountNotFound)
            .RequireRole(Role.Client);
        accounts.MapGet("/me/why/{entryId}", ExplainEntry.Mine).Describe(ExplainEntry.Describe).RequireRole(Role.Client);
        accounts.MapGet("/{userId}/why/{entryId}", ExplainEntry.Handle).Describe(ExplainEntry.Describe).RequireRole(Role.Client);
        accounts.MapPost("/{userId}/adjust", AdjustPoints.Handle).Describe(AdjustPoints.Describe).RequireRole(Role.Staff);

        app.MapGet("/api/loyalty/rules", GetRules.Handle).WithTags("Accounts").Describe(GetRules.Describe).RequireRole(Role.Guest);

        var rules = app.MapGroup("/api/loyalty").WithTags("Rules").RequireStaffRole(StaffRole.Owner);
        rules.MapGet("/settings", GetSettings.Handle).Describe(GetSettings.Describe);
        rules.MapPut("/settings", ReplaceSettings.Handle).Describe(ReplaceSettings.Describe);
        rules.MapGet("/levels", GetLevels.Handle).Describe(GetLevels.Describe);
        rules.MapPut("/levels", ReplaceLevels.Handle).Describe(ReplaceLevels.Describe);
        rules.MapGet("/campaigns", ListCampaigns.Handle).Describe(ListCampaigns.Describe);
        rules.MapPost("/campaigns", CreateCampaign.Handle).Describe(CreateCampaign.Describe).Idempotent<LoyaltyDb>();
        rules.MapPut("/campaigns/{id}", UpdateCampaign.Handle).Describe(UpdateCampaign.Describe);

        var counter = app.MapGroup("/api/loyalty").WithTags("Counter");
        counter.MapPost("/codes", GenerateCode.Handle).Describe(GenerateCode.Describe).RequireRole(Role.Client);
        counter.MapGet("/codes/{code}", GetCode.Handle).Describe(GetCode.Describe).RequireRole(Role.Client);
        counter.MapPost("/codes/check", CheckCode.Handle).Describe(CheckCode.Describe).RequireRole(Role.Staff);
        counter.MapPost("/orders/preview", PreviewOrder.Handle).Describe(PreviewOrder.Describe).RequireRole(Role.Staff);
        counter.MapGet("/orders", ListOrders.Handle).Describe(ListOrders.Describe).RequireRole(Role.Staff);
        counter.MapGet("/orders/{id}", GetOrder.Handle).Describe(GetOrder.Describe).RequireRole(Role.Staff);
        counter.MapPost("/orders", PlaceOrder.Handle).Describe(PlaceOrder.Describe).RequireRole(Role.Staff);
        counter.MapPost("/orders/{id}/refund", RefundOrder.Handle).Describe(RefundOrder.Describe).RequireRole(Role.Staff);
        counter.MapGet("/alerts", ListAlerts.Handle).Describe(ListAlerts.Describe).RequireRole(Role.Admin);
    }
}
