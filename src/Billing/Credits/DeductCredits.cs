using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using NpgsqlTypes;
using Platform.Billing.Accounts;
using Platform.Contracts;
using Platform.Contracts.Billing;
using Platform.ServiceDefaults.Web;

namespace Platform.Billing.Credits;

/// <summary>
/// Charges the caller's credits for an operation: price, balance, key and ledger row in one round trip to <c>deduct_credits</c>, all
/// or nothing. The hottest write of the platform.
/// </summary>
/// <remarks>
/// What stands on the rate card costs what the card says. Anything else is priced only by who has no interest in the price: a bot, an
/// admin, or a test account's owner.
/// </remarks>
internal static class DeductCredits
{
    /// <param name="Amount">Credits, at most two places.</param>
    /// <param name="Operation">What they pay for, as the rate card calls it.</param>
    /// <param name="Metadata">Remembered with it, such as model and tokens.</param>
    public sealed record Request(
        [Range(typeof(Money), "0.01", "10000")] Money Amount,
        [Required, StringLength(500)] string Operation,
        [TransactionMetadata] JsonElement? Metadata);

    /// <param name="Success">Always true: a refusal is a problem.</param>
    public sealed record Response(bool Success, Money Deducted, Money BalanceBefore, Money BalanceAfter, string Operation);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Charges the caller's credits for an operation")
        .WithDescription(
            "A balance may be overdrawn to exactly -5.00. What would go below is refused whole, with balance and shortfall: by so much the "
            + "balance has to grow for the same call to succeed.")
        .WithExample(
            new
            {
                amount = 5.5m,
                operation = "Анализ ЭКГ",
                metadata = new { model = "anthropic/claude-opus-4.6", tokens = new { input = 1000, output = 500 } },
            },
            new Response(Success: true, new Money(5.50m), new Money(100), new Money(94.50m), "Анализ ЭКГ"))
        .Refuses(
            BillingErrors.InsufficientCredits, BillingErrors.OperationNotPriced, BillingErrors.PriceMismatch, BillingErrors.TokensRequired,
            BillingErrors.AccountOpening, BillingErrors.AccountNotFound)
        .AcceptsIdempotencyKey();

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request,
        Caller caller,
        [FromHeader(Name = Idempotency.Header)] string? idempotencyKey,
        NpgsqlDataSource database,
        AccountOpening opening,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (caller.UserId is not { } userId)
        {
            return Problems.For(BillingErrors.AccountNotFound);
        }

        if (idempotencyKey is not null && !Idempotency.IsKey(idempotencyKey))
        {
            return Problems.For(PlatformErrors.IdempotencyKeyInvalid);
        }

        var trusted = caller.Actor is not null || caller.Role >= Role.Admin;
        var outcome = await Deduct(database, userId, request, trusted, idempotencyKey, clock.GetUtcNow(), ct);
        if (outcome.Result == "account_opening" && await opening.Wait(userId, ct))
        {
            outcome = await Deduct(database, userId, request, trusted, idempotencyKey, clock.GetUtcNow(), ct);
        }

        return outcome.Result switch
        {
            "deducted" or "repeated" => TypedResults.Ok(new Response(
                Success: true, request.Amount, new Money(outcome.BalanceBefore), new Money(outcome.BalanceAfter), request.Operation)),
            "insufficient_credits" => Problems.For(BillingErrors.InsufficientCredits, new Dictionary<string, object?>
            {
                ["balance"] = new Money(outcome.BalanceBefore),
                ["shortfall"] = new Money(outcome.Shortfall),
            }),
            "operation_not_priced" => Problems.For(BillingErrors.OperationNotPriced),
            "price_mismatch" => Problems.For(BillingErrors.PriceMismatch, new Dictionary<string, object?> { ["price"] = new Money(outcome.Price) }),
            "tokens_required" => Problems.For(BillingErrors.TokensRequired),
            "account_opening" => Problems.For(BillingErrors.AccountOpening),
            "account_not_found" => Problems.For(BillingErrors.AccountNotFound),
            "idempotency_key_reused" => Problems.For(PlatformErrors.IdempotencyKeyReused),
            _ => throw new UnreachableException($"deduct_credits answered '{outcome.Result}'."),
        };
    }

    private static async Task<Outcome> Deduct(
        NpgsqlDataSource database, UserId userId, Request request, bool trusted, string? key, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select * from deduct_credits($1, $2, $3, $4, $5, $6, $7, $8, $9)");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = userId.Value });
        command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = request.Amount.Roubles });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = request.Operation });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = request.Metadata?.GetRawText(), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter<long?> { TypedValue = TransactionMetadata.Tokens(request.Metadata) });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = trusted });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<byte[]?> { TypedValue = key is null ? null : RequestHash.Of(request) });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new Outcome(row.GetString(0), Amount(row, 1), Amount(row, 2), Amount(row, 3), Amount(row, 4));
    }

    private static decimal Amount(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? 0 : row.GetDecimal(column);

    /// <summary>The row that <c>deduct_credits</c> returns; what a result does not fill is 0.</summary>
    private readonly record struct Outcome(string Result, decimal BalanceBefore, decimal BalanceAfter, decimal Shortfall, decimal Price);
}
