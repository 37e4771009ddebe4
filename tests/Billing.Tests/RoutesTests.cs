using Platform.Contracts.Billing;
using Platform.ServiceDefaults.Web;
using Platform.Testing.Routes;

namespace Platform.Billing.Tests;

public sealed class RoutesTests(BillingApp app) : RouteTests<BillingApp, Program, RoutesTests>(app), IRoutes<BillingApp>
{
    private static int _lastAmount;

    public static IReadOnlyList<Route<BillingApp>> Routes { get; } =
    [
        new("GET", "/api/billing/balance", Role.Client, AsPerson),
        new("POST", "/api/billing/deduct", Role.Client, Deduct) { TakesBody = true },
        new("GET", "/api/billing/transactions", Role.Client, AsPerson),
        new("GET", "/api/billing/transactions.csv", Role.Client, AsPerson),
        new("GET", "/api/billing/export", Role.Client, AsPerson),
        new("PATCH", "/api/billing/accounts/{userId}", Role.Admin, MarkTestAccount) { TakesBody = true },
        new("GET", "/api/billing/operations", Role: null, app => Task.FromResult(new Call(app.Anonymous))),
        new("PUT", "/api/billing/operations", Role.Admin, app => Task.FromResult(ReplaceOperations(app))) { TakesBody = true },
        new("GET", "/api/billing/plans", Role.Client, AsPerson),
        new("GET", "/internal/billing/quota/{userId}", Role.Service, QuotaForLetters) { PendingCode = BillingErrors.AccountOpening.Code },
    ];

    private static async Task<Call> AsPerson(BillingApp app) => new(app.Client(await app.GivenPerson()));

    private static async Task<Call> QuotaForLetters(BillingApp app) => new(app.First.Client(app.TicketOf("letters")), await app.GivenPerson());

    private static async Task<Call> Deduct(BillingApp app) => new(app.Client(await app.GivenTestAccount()), Body: new
    {
        amount = Interlocked.Increment(ref _lastAmount) % 1_000 / 100m + 0.01m,
        operation = "Анализ ЭКГ",
        metadata = new { model = "anthropic/claude-opus-4.6", tokens = new { input = 1000, output = 500 } },
    });

    private static async Task<Call> MarkTestAccount(BillingApp app) =>
        new(app.Admin(app.GivenAdmin()), await app.GivenPerson(), new { isTestAccount = true });

    private static Call ReplaceOperations(BillingApp app) => new(app.Admin(app.GivenAdmin()), Body: new
    {
        operations = new object[] { new { name = BillingApp.Check, price = 1.00m }, new { name = BillingApp.Conversation, pricePer1000Tokens = 0.80m } },
    });
}
