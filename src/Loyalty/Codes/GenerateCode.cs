using System.Diagnostics;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Accounts;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Codes;

/// <summary>Gives a guest a code for the counter. It ends the one before it.</summary>
/// <remarks>
/// It minds its <c>Idempotency-Key</c> by itself. A repetition ends no code: it gives the live code that the guest has, with the seconds
/// that are left of it, or a new one when there is none. A recorded answer would show a code as live that has expired long since.
/// </remarks>
internal static class GenerateCode
{
    // A number that was used or ran out rests for ten minutes, so that a barista who enters it late is told what became of it.
    // At 100 codes a second 60 000 numbers rest, and eight draws in a row hit them about once in six billion calls.
    private const int Draws = 8;

    /// <summary>No longer than a number rests: by then its row may be another guest's.</summary>
    private static readonly TimeSpan LimitWindow = TimeSpan.FromMinutes(5);

    /// <summary>By then some of the numbers will have rested.</summary>
    private static readonly TimeSpan UntilNumbersAreFree = TimeSpan.FromSeconds(30);

    /// <param name="Code">Six digits.</param>
    /// <param name="SecondsLeft">Whole seconds until it expires: 90 by default.</param>
    public sealed record Response(string Code, DateTimeOffset ExpiresAt, int SecondsLeft);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("A code to show at the counter; it ends the caller's code before it")
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

        var given = await Give();
        // Between the two, no connection is held.
        if (given.Outcome == CodeOutcome.AccountOpening && await opening.Wait(userId, ct))
        {
            given = await Give();
        }

        return given.Outcome switch
        {
            CodeOutcome.Given => TypedResults.Created((string?)null, new Response(
                given.Code!, given.ExpiresAt, PaymentCode.SecondsLeft(given.ExpiresAt, clock.GetUtcNow()))),
            CodeOutcome.AccountOpening => Problems.For(LoyaltyErrors.AccountOpening),
            CodeOutcome.AccountNotFound => Problems.For(LoyaltyErrors.AccountNotFound),
            CodeOutcome.TooManyCodes => Problems.For(LoyaltyErrors.TooManyCodes, retryAfter: TimeSpan.FromSeconds(given.RetryAfter)),
            CodeOutcome.CodesExhausted => Problems.For(LoyaltyErrors.CodesExhausted, retryAfter: UntilNumbersAreFree),
            _ => throw new UnreachableException($"give_payment_code answered {given.Outcome}."),
        };

        async Task<Given> Give()
        {
            var now = clock.GetUtcNow();
            await using var connection = await database.OpenConnectionAsync(ct);
            return await connection.QuerySingleAsync<Given>(new CommandDefinition(
                """
                select outcome, code, expires_at, retry_after
                from give_payment_code(@userId, @candidates, @now, @expiresAt, @numberRest, @limit, @window, @subject, @route, @idempotencyKey)
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
                },
                cancellationToken: ct));
        }
    }

    /// <summary>The row that <c>give_payment_code</c> returns; what an outcome does not fill stays at its default.</summary>
    private sealed record Given
    {
        public required CodeOutcome Outcome { get; init; }

        public string? Code { get; init; }

        public DateTimeOffset ExpiresAt { get; init; }

        public int RetryAfter { get; init; }
    }
}
