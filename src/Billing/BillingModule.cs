using Platform.Billing.Accounts;
using Platform.Billing.Credits;
using Platform.Billing.Operations;
using Platform.Billing.Plans;
using Platform.Billing.Storage;
using Platform.Contracts.Users;
using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.ServiceTickets;

namespace Platform.Billing;

/// <summary>The service's table of contents: the events it handles, its checks and its routes.</summary>
public static class BillingModule
{
    public static void ListEvents(Events events) => events
        .Handles<UserRegistered, OpenAccount>()
        .Handles<UserUpdated, OpenAccount>()
        .Handles<UserErased, EraseAccount>()
        .TracksRevokedUsers<BillingDb>()
        .PurgesErasedUsers<BillingDb>();

    public static void AddBilling(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<BillingOptions>().BindConfiguration(BillingOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();

        builder.Services.AddValidation();
        builder.Services.AddScoped<AccountOpening>();
        builder.Services.AddMigrationStep("plans", UpsertPlans.Run);
        builder.Services.AddDemoSeed("rate card and deductions", DemoCredits.Add);
        builder.Services.AddVerification("balances are the sum of their transactions", CreditLedger.BalancesThatDiffer);
        builder.Services.AddVerification("total spent is the sum of the debits", CreditLedger.SpendingThatDiffers);
        builder.Services.AddVerification("every transaction continues the balance before it", CreditLedger.BrokenChains);
        builder.Services.AddVerification("all transfers together sum to zero", CreditLedger.TransfersThatDoNotSumToZero);
    }

    public static void MapBilling(this IEndpointRouteBuilder app)
    {
        var credits = app.MapGroup("/api/billing").WithTags("Credits");
        credits.MapGet("/balance", GetBalance.Handle).Describe(GetBalance.Describe).RequireRole(Role.Client);
        credits.MapPost("/deduct", DeductCredits.Handle).Describe(DeductCredits.Describe).RequireRole(Role.Client);
        credits.MapGet("/transactions", ListTransactions.Handle).Describe(ListTransactions.Describe).RequireRole(Role.Client);
        credits.MapGet("/transactions.csv", ExportTransactions.Handle).Describe(ExportTransactions.Describe).RequireRole(Role.Client);
        credits.MapGet("/export", ExportMyData.Handle).Describe(ExportMyData.Describe).RequireRole(Role.Client).AllowBlocked();
        credits.MapPatch("/accounts/{userId}", MarkTestAccount.Handle).Describe(MarkTestAccount.Describe).RequireRole(Role.Admin);

        var prices = app.MapGroup("/api/billing").WithTags("Prices");
        prices.MapGet("/operations", GetOperations.Handle).Describe(GetOperations.Describe).AllowAnonymous();
        prices.MapPut("/operations", ReplaceOperations.Handle).Describe(ReplaceOperations.Describe).RequireRole(Role.Admin);
        prices.MapGet("/plans", GetPlans.Handle).Describe(GetPlans.Describe).RequireRole(Role.Client);

        // For the Letters service, not through the gateway.
        app.MapGet("/internal/billing/quota/{userId}", GetLetterQuota.Handle).RequireService("letters").ExcludeFromDescription();
    }
}
