using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.Database;
using Platform.Database.Jobs;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Adjustments;
using Platform.Loyalty.Alerts;
using Platform.Loyalty.Analytics;
using Platform.Loyalty.Birthdays;
using Platform.Loyalty.Campaigns;
using Platform.Loyalty.Codes;
using Platform.Loyalty.Demo;
using Platform.Loyalty.Feedback;
using Platform.Loyalty.Gifts;
using Platform.Loyalty.Guests;
using Platform.Loyalty.Levels;
using Platform.Loyalty.Operations;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Referrals;
using Platform.Loyalty.Rewards;
using Platform.Loyalty.Settings;
using Platform.Loyalty.Shifts;
using Platform.Loyalty.Shops;
using Platform.Loyalty.StampCards;
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
        .Publishes<FeedbackReceived>(consumed: false)
        .Publishes<ManagementReplied>(consumed: true)
        .Publishes<GiftIssued>(consumed: true)
        .Publishes<GiftRedeemed>(consumed: true)
        .Publishes<PointsChanged>(consumed: true)
        .Publishes<PointsExpiring>(consumed: true)
        .Handles<UserRegistered, OpenAccount>()
        .Handles<UserUpdated, UpsertGuestName>()
        .Handles<UserErased, EraseGuest>()
        .Handles<UserReferred, KeepReferral>()
        .Handles<OrderPlaced, StampOrder>()
        .Handles<OrderPlaced, RewardReferral>()
        .Handles<OrderRefunded, UnstampOrder>()
        .Handles<OrderRefunded, TakeLevelGiftBack>()
        .Handles<LevelChanged, GiveLevelGift>()
        .Handles<OrderPlaced, RaiseVelocityAlert>()
        .TracksRevokedUsers<LoyaltyDb>()
        .PurgesErasedUsers<LoyaltyDb>();

    public static void AddLoyalty(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LoyaltyOptions>().BindConfiguration(LoyaltyOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();

        builder.Services.AddValidation();
        builder.AddBusinessClock();
        builder.Services.AddScoped<AccountOpening>();
        builder.Services.AddScoped<PointsChange>();
        builder.Services.AddScoped<StartBonus>();
        builder.Services.AddScoped<GiftIssue>();
        builder.Services.AddScoped<StampBook>();
        builder.Services.AddScoped<ReferralBonus>();
        builder.Services.AddScoped<FeedbackInbox>();
        builder.AddJob<ExpirePoints>(every: TimeSpan.FromHours(1));
        builder.AddJob<WarnOfExpiry>(every: TimeSpan.FromHours(1));
        builder.AddJob<PurgeOldQuotes>(every: TimeSpan.FromHours(1));
        builder.AddJob<GiveBirthdayGifts>(every: TimeSpan.FromHours(1));
        builder.AddJob<SumDays>(every: TimeSpan.FromMinutes(1));
        builder.Services.AddDemoSeed("orders", DemoSeed.Add);
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
        builder.Services.AddVerification("nothing is left of what erased guests wrote", FeedbackChecks.TextsOfErasedGuests);
        builder.Services.AddVerification("guests review their own orders", FeedbackChecks.ReviewsOfOthersOrders);
        builder.Services.AddVerification("totals of days are the sums of their orders and refunds", DayTotalsChecks.DaysThatDiffer);
        builder.Services.AddVerification("birth dates of accounts are those of the guests, and none is left of the erased", GuestChecks.CopiesThatDiffer);
        builder.Services.AddVerification("redeemed gifts say who redeemed them, and when", GiftChecks.RedeemedByNobody);
        builder.Services.AddVerification("gifts are redeemed with orders of their guest that stand", GiftChecks.RedeemedWithOtherOrders);
        builder.Services.AddVerification("as many rewards are sold as there are gifts of them", RewardChecks.StockThatDiffers);
        builder.Services.AddVerification("rewards match their ledger entries", RewardChecks.EntriesThatDiffer);
        builder.Services.AddVerification("stamps match the orders", StampChecks.OrdersThatDiffer);
        builder.Services.AddVerification("gifts of stamp cards took no more stamps than there are", StampChecks.GiftsOfTooFewStamps);
        builder.Services.AddVerification("referral bonuses match their ledger entries", ReferralChecks.EntriesThatDiffer);
        builder.Services.AddVerification("start bonuses match their ledger entries", ReferralChecks.StartBonusesThatDiffer);
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

        accounts.MapGet("/me/gifts", ListGuestGifts.HandleMine).Describe(ListGuestGifts.DescribeMine).RequireRole(Role.Client);
        accounts.MapGet("/{userId}/gifts", ListGuestGifts.HandleAny).Describe(ListGuestGifts.DescribeAny).RequireRole(Role.Client);
        accounts.MapGet("/me/stamps", ListStamps.HandleMine).Describe(ListStamps.DescribeMine).RequireRole(Role.Client);
        accounts.MapGet("/{userId}/stamps", ListStamps.HandleAny).Describe(ListStamps.DescribeAny).RequireRole(Role.Client);

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
        counter.MapGet("/guests", FindGuests.Handle).Describe(FindGuests.Describe).RequireRole(Role.Staff);

        var gifts = app.MapGroup("/api/loyalty").WithTags("Gifts");
        gifts.MapGet("/gifts", ListGifts.Handle).Describe(ListGifts.Describe).RequireRole(Role.Staff);
        gifts.MapPost("/gifts", IssueGift.Handle).Describe(IssueGift.Describe).RequireRole(Role.Staff);
        gifts.MapPost("/gifts/{id}/redeem", RedeemGift.Handle).Describe(RedeemGift.Describe).RequireRole(Role.Staff).Idempotent<LoyaltyDb>();
        gifts.MapGet("/rewards", ListRewards.Handle).Describe(ListRewards.Describe).RequireRole(Role.Client);
        gifts.MapGet("/rewards/all", EditRewards.List).Describe(EditRewards.DescribeList).RequireStaffRole(StaffRole.Owner);
        gifts.MapPost("/rewards", EditRewards.Create).Describe(EditRewards.DescribeCreate).RequireStaffRole(StaffRole.Owner).Idempotent<LoyaltyDb>();
        gifts.MapPut("/rewards/{id}", EditRewards.Update).Describe(EditRewards.DescribeUpdate).RequireStaffRole(StaffRole.Owner);
        gifts.MapPost("/rewards/{id}/buy", BuyReward.Handle).Describe(BuyReward.Describe).RequireRole(Role.Client);
        gifts.MapGet("/stamp-cards", EditStampCards.List).Describe(EditStampCards.DescribeList).RequireRole(Role.Client);
        gifts.MapPost("/stamp-cards", EditStampCards.Create).Describe(EditStampCards.DescribeCreate).RequireStaffRole(StaffRole.Owner)
            .Idempotent<LoyaltyDb>();
        gifts.MapPut("/stamp-cards/{id}", EditStampCards.Update).Describe(EditStampCards.DescribeUpdate).RequireStaffRole(StaffRole.Owner);

        var alerts = app.MapGroup("/api/loyalty/alerts").WithTags("Alerts").RequireStaffRole(StaffRole.Manager);
        alerts.MapGet("/", ListAlerts.Handle).Describe(ListAlerts.Describe);
        alerts.MapPost("/{id}/seen", SeeAlert.Handle).Describe(SeeAlert.Describe).Idempotent<LoyaltyDb>();

        var shops = app.MapGroup("/api/loyalty/shops").WithTags("Shops");
        shops.MapGet("/", ListShops.Handle).Describe(ListShops.Describe).RequireRole(Role.Client);
        shops.MapPost("/", CreateShop.Handle).Describe(CreateShop.Describe).RequireStaffRole(StaffRole.Owner).Idempotent<LoyaltyDb>();
        shops.MapPut("/{id}", UpdateShop.Handle).Describe(UpdateShop.Describe).RequireStaffRole(StaffRole.Owner);
        shops.MapPut("/{id}/staff", AssignStaff.Handle).Describe(AssignStaff.Describe).RequireStaffRole(StaffRole.Owner);

        var shifts = app.MapGroup("/api/loyalty/shifts").WithTags("Shifts").RequireRole(Role.Staff);
        shifts.MapPost("/", OpenShift.Handle).Describe(OpenShift.Describe).Idempotent<LoyaltyDb>();
        shifts.MapPost("/{id}/close", CloseShift.Handle).Describe(CloseShift.Describe).Idempotent<LoyaltyDb>();
        shifts.MapGet("/current", GetCurrentShift.Handle).Describe(GetCurrentShift.Describe);
        shifts.MapGet("/", ListShifts.Handle).Describe(ListShifts.Describe);

        var feedback = app.MapGroup("/api/loyalty/feedback").WithTags("Feedback");
        feedback.MapPost("/review", SendReview.Handle).Describe(SendReview.Describe).RequireRole(Role.Client)
            .AddEndpointFilter(FeedbackInbox.WaitForAccount).Idempotent<LoyaltyDb>();
        feedback.MapPost("/idea", SendIdea.Handle).Describe(SendIdea.Describe).RequireRole(Role.Client)
            .AddEndpointFilter(FeedbackInbox.WaitForAccount).Idempotent<LoyaltyDb>();
        feedback.MapPost("/message", SendMessage.Handle).Describe(SendMessage.Describe).RequireRole(Role.Client)
            .AddEndpointFilter(FeedbackInbox.WaitForAccount).Idempotent<LoyaltyDb>();
        feedback.MapGet("/mine", ListMyFeedback.Handle).Describe(ListMyFeedback.Describe).RequireRole(Role.Client);
        feedback.MapGet("/", ListFeedback.Handle).Describe(ListFeedback.Describe).RequireStaffRole(StaffRole.Manager);
        feedback.MapPost("/{id}/reply", ReplyToFeedback.Handle).Describe(ReplyToFeedback.Describe).RequireStaffRole(StaffRole.Manager)
            .Idempotent<LoyaltyDb>();

        var management = app.MapGroup("/api/loyalty").WithTags("Analytics").RequireRole(Role.Staff);
        management.MapGet("/operations", ListOperations.Handle).Describe(ListOperations.Describe);
        management.MapGet("/analytics/summary", GetSummary.Handle).Describe(GetSummary.Describe);
    }
}
