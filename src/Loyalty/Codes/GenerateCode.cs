using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Codes;

/// <summary>Gives a guest a code for the counter. It ends the one that he had.</summary>
internal static class GenerateCode
{
    // A number that was used or ran out rests for ten minutes, so that whoever enters it late is told what became of it.
    // At 100 codes a second 60 000 numbers rest, and eight draws in a row hit them about once in six billion calls.
    private const int Draws = 8;

    /// <param name="Code">Six digits.</param>
    /// <param name="SecondsLeft">Whole seconds until it expires: 90 by default.</param>
    public sealed record Response(string Code, DateTimeOffset ExpiresAt, int SecondsLeft);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("A code to show at the counter; it ends the caller's code before it")
        .WithExample(request: null, new Response("204517", new DateTimeOffset(2026, 1, 15, 9, 31, 30, TimeSpan.Zero), 90))
        .Refuses(LoyaltyErrors.AccountOpening);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        Caller caller, LoyaltyDb db, AccountOpening opening, IOptions<LoyaltyOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (caller.UserId is not { } userId)
        {
            return Problems.For(LoyaltyErrors.AccountNotFound);
        }

        var lifetime = options.Value.CodeLifetime;
        var now = clock.GetUtcNow();
        var code = await Issue(db, userId, now, lifetime, ct);
        if (code is null && await opening.Wait(userId, ct))
        {
            now = clock.GetUtcNow();
            code = await Issue(db, userId, now, lifetime, ct);
        }

        return code is null
            ? Problems.For(LoyaltyErrors.AccountOpening)
            : TypedResults.Created((string?)null, new Response(code, now + lifetime, (int)lifetime.TotalSeconds));
    }

    /// <returns>Null while there is no account.</returns>
    private static Task<string?> Issue(LoyaltyDb db, UserId userId, DateTimeOffset now, TimeSpan lifetime, CancellationToken ct) =>
        db.Database.GetDbConnection().QuerySingleAsync<string?>(new CommandDefinition(
            "select issue_payment_code(@userId, @candidates, @now, @expiresAt)",
            new
            {
                userId = userId.Value,
                candidates = Enumerable.Range(0, Draws).Select(_ => PaymentCode.Draw()).ToArray(),
                now,
                expiresAt = now + lifetime,
            },
            db.Database.CurrentTransaction?.GetDbTransaction(),
            cancellationToken: ct));
}
