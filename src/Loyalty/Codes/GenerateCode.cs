using System.Diagnostics;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts.Loyalty;
using Platform.Database;
using Platform.Loyalty.Accounts;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Codes;

/// <summary>Gives a guest a payment code for the counter. It replaces the previous one.</summary>
/// <remarks>
/// The <c>Idempotency-Key</c> is handled here, because a recorded answer would show an expired code as live. A repeated call returns the
/// guest's live code with the seconds left, or a new code if there is none; it never replaces a code.
/// </remarks>
internal static class GenerateCode
{
    // A used or expired number is not reissued for a while (CodeNumberRest), so that a barista who enters it late learns what happened to it.
    // At 100 codes a second 60 000 numbers are blocked, and eight draws in a row hit only those about once in six billion calls.
    private const int Draws = 8;

    /// <summary>Must not exceed the time before a number is reissued: after that its row may belong to another guest.</summary>
    private static readonly TimeSpan LimitWindow = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan RetryWhenExhausted = TimeSpan.FromSeconds(30);

    /// <param name="Code">Six digits.</param>
    /// <param name="SecondsLeft">Whole seconds until it expires: 90 by default.</param>
    public sealed record Response(string Code, DateTimeOffset ExpiresAt, int SecondsLeft);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("A payment code to show at the counter; it replaces the caller's previous code")
        .WithExample(request: null, new Response("204517", new DateTimeOffset(2026, 1, 15, 9, 31, 30, TimeSpan.Zero), 90))
        .Refuses(LoyaltyErrors.AccountOpening, LoyaltyErrors.AccountNotFound, LoyaltyErrors.TooManyCodes, LoyaltyErrors.CodesExhausted)
        .AcceptsIdempotencyKey();

    public static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        Caller caller,
        IdempotencyKey key,
        NpgsqlDataSource database,
        AccountOpening opening,
        IOptions<LoyaltyOptions> options,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (caller.UserId is not { } userId)
        {
            return Problems.For(LoyaltyErrors.AccountNotFound);
        }

        var issued = await Issue();
        // No connection is held while it waits.
        if (issued.Outcome == CodeOutcome.AccountOpening && await opening.Wait(userId, ct))
        {
            issued = await Issue();
        }

        return issued.Outcome switch
        {
            CodeOutcome.Given => TypedResults.Created((string?)null, new Response(
                issued.Code!, issued.ExpiresAt, PaymentCode.SecondsLeft(issued.ExpiresAt, clock.GetUtcNow()))),
            CodeOutcome.AccountOpening => Problems.For(LoyaltyErrors.AccountOpening),
            CodeOutcome.AccountNotFound => Problems.For(LoyaltyErrors.AccountNotFound),
            CodeOutcome.TooManyCodes => Problems.For(LoyaltyErrors.TooManyCodes, retryAfter: TimeSpan.FromSeconds(issued.RetryAfter)),
            CodeOutcome.CodesExhausted => Problems.For(LoyaltyErrors.CodesExhausted, retryAfter: RetryWhenExhausted),
            _ => throw new UnreachableException($"give_payment_code answered {issued.Outcome}."),
        };

        async Task<Issued> Issue()
        {
            var now = clock.GetUtcNow();
            await using var connection = await database.OpenConnectionAsync(ct);
            return await connection.QuerySingleAsync<Issued>(new CommandDefinition(
                """
                select outcome::text as outcome_text, code, expires_at, retry_after
                from give_payment_code(@userId, @candidates, @now, @expiresAt, @numberRest, @limit, @window, @subject, @route, @idempotencyKey, @unusedRest)
                """,
                new
                {
                    userId = userId.Value,
                    candidates = Enumerable.Range(0, Draws).Select(_ => PaymentCode.Draw()).ToArray(),
                    now,
                    expiresAt = now + options.Value.CodeLifetime,
                    numberRest = options.Value.CodeNumberRest,
                    limit = options.Value.CodesPerFiveMinutes,
                    window = LimitWindow,
                    subject = caller.Subject,
                    route = "POST /api/loyalty/codes",
                    idempotencyKey = key.Value,
                    unusedRest = options.Value.OfflineWindow + options.Value.CodeLifetime,
                },
                cancellationToken: ct));
        }
    }

    /// <summary>The row of <c>give_payment_code</c>; fields that an outcome does not set keep their default.</summary>
    private sealed record Issued
    {
        public required string OutcomeText { get; init; }

        public CodeOutcome Outcome => EnumText.Parse<CodeOutcome>(OutcomeText);

        public string? Code { get; init; }

        public DateTimeOffset ExpiresAt { get; init; }

        public int RetryAfter { get; init; }
    }
}
