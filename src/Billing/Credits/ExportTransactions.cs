using Microsoft.EntityFrameworkCore;
using Platform.Billing.Storage;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Csv;

namespace Platform.Billing.Credits;

internal static class ExportTransactions
{
    /// <param name="Change">Change of the balance: negative for a debit.</param>
    public sealed record Row(TransactionId Id, DateTimeOffset CreatedAt, TransactionKind Kind, string Operation, Money Change, Money BalanceAfter);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The caller's credit transactions as a CSV file, newest first")
        .WithExample(
            request: null,
            "\"id\",\"createdAt\",\"kind\",\"operation\",\"change\",\"balanceAfter\"\r\n"
            + "\"311\",\"2026-01-15T09:30:00Z\",\"debit\",\"Анализ ЭКГ\",\"-5.50\",\"94.50\"\r\n");

    public static CsvFile<Row> Handle(Caller caller, BillingDb db) =>
        // A member of staff who is not a guest has no credits.
        new("transactions.csv", caller.UserId is { } userId ? Rows(db, userId) : AsyncEnumerable.Empty<Row>());

    private static IAsyncEnumerable<Row> Rows(BillingDb db, UserId userId) => db.Transactions
        .NewestFirst(userId, after: null)
        .AsAsyncEnumerable()
        .Select(item => new Row(
            item.Id, item.CreatedAt, item.Kind, item.Operation,
            item.Kind is TransactionKind.Debit ? Money.Zero - item.Amount : item.Amount, item.BalanceAfter));
}
