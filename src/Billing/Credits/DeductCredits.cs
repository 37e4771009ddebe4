using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Platform.Billing.Accounts;
using Platform.Contracts;
using Platform.Contracts.Billing;
using Platform.Database;
using Platform.ServiceDefaults.Web;

namespace Platform.Billing.Credits;

/// <summary>
/// Charges the caller's credits for an operation: price, balance, key and ledger row, all or nothing, in one call of
/// <c>deduct_credits.sql</c>. The hottest write of the platform.
/// </summary>
/// <remarks>
/// An operation on the rate card costs what the card says. Any other price is trusted only from callers who gain nothing by it: a bot, an
/// admin, or the owner of a test account.
/// </remarks>
internal static class DeductCredits
{
    /// <param name="Amount">Credits, with at most two places.</param>
    /// <param name="Operation">What they pay for, as the rate card calls it.</param>
    /// <param name="Metadata">Stored with the deduction, such as model and tokens.</param>
    public sealed record Request(
        [Range(typeof(Money), "0.01", "10000")] Money Amount,
        [Required, StringLength(500)] string Operation,
        [TransactionMetadata] JsonElement? Metadata);

    /// <param name="Success">Always true; a refusal is answered with a problem.</param>
    public sealed record Response(bool Success, Money Deducted, Money BalanceBefore, Money BalanceAfter, string Operation);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Charges the caller's credits for an operation")
        .WithDescription(
            $"A balance may go down to -{Overdraft.Limit}. A call that would take it lower changes nothing and is answered with the balance and the "
            + "shortfall: the credits that are missing for the call to succeed.")
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
        IdempotencyKey key,
        NpgsqlDataSource database,
        AccountOpening opening,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (caller.UserId is not { } userId)
        {
            return Problems.For(BillingErrors.AccountNotFound);
        }

        var arguments = new
        {
            userId = userId.Value,
            amount = request.Amount.Roubles,
            operation = request.Operation,
            metadata = request.Metadata?.GetRawText(),
            tokens = TransactionMetadata.Tokens(request.Metadata),
            trusted = caller.Actor is not null || caller.Role >= Role.Admin,
            overdraft = Overdraft.Limit.Roubles,
            idempotencyKey = key.Value,
            requestHash = key.HashOf(request),
            now = clock.GetUtcNow(),
        };
        var deduction = await Deduct(database, arguments, ct);
        if (deduction.Outcome == DeductionOutcome.AccountOpening && await opening.Wait(userId, ct))
        {
            deduction = await Deduct(database, arguments with { now = clock.GetUtcNow() }, ct);
        }

        return deduction.Outcome switch
        {
            DeductionOutcome.Deducted or DeductionOutcome.Repeated => TypedResults.Ok(new Response(
                Success: true, request.Amount, new Money(deduction.BalanceBefore), new Money(deduction.BalanceAfter), request.Operation)),
            DeductionOutcome.IdempotencyKeyReused => Problems.For(PlatformErrors.IdempotencyKeyReused),
            DeductionOutcome.AccountOpening => Problems.For(BillingErrors.AccountOpening),
            DeductionOutcome.AccountNotFound => Problems.For(BillingErrors.AccountNotFound),
            DeductionOutcome.OperationNotPriced => Problems.For(BillingErrors.OperationNotPriced),
            DeductionOutcome.TokensRequired => Problems.For(BillingErrors.TokensRequired),
            DeductionOutcome.PriceMismatch => Problems.For(
                BillingErrors.PriceMismatch, new Dictionary<string, object?> { ["price"] = new Money(deduction.Price) }),
            DeductionOutcome.InsufficientCredits => Problems.For(BillingErrors.InsufficientCredits, new Dictionary<string, object?>
            {
                ["balance"] = new Money(deduction.BalanceBefore),
                ["shortfall"] = new Money(deduction.Shortfall),
            }),
            _ => throw new UnreachableException($"deduct_credits answered {deduction.Outcome}."),
        };
    }

    private static async Task<Row> Deduct(NpgsqlDataSource database, object arguments, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<Row>(new CommandDefinition(
            """
            select outcome::text as outcome_text, balance_before, balance_after, shortfall, price
            from deduct_credits(
                @userId, @amount, @operation, @metadata::jsonb, @tokens, @trusted, @overdraft, @idempotencyKey, @requestHash, @now)
            """,
            arguments, cancellationToken: ct));
    }

    /// <summary>The row that <c>deduct_credits</c> returns; fields that an outcome does not set keep their default.</summary>
    private sealed record Row
    {
        public required string OutcomeText { get; init; }

        public DeductionOutcome Outcome => EnumText.Parse<DeductionOutcome>(OutcomeText);

        public decimal BalanceBefore { get; init; }

        public decimal BalanceAfter { get; init; }

        public decimal Shortfall { get; init; }

        public decimal Price { get; init; }
    }
}
