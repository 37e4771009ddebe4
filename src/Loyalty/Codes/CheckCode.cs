using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Database;
using Platform.Loyalty.Orders;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Codes;

/// <summary>Shows staff whose code it is before they enter an order. The code stays valid; an unknown code counts as a wrong guess.</summary>
internal static class CheckCode
{
    public sealed record Request([Required, RegularExpression("^[0-9]{6}$", ErrorMessage = "A code is six digits.")] string Code);

    /// <param name="Name">First name and last initial, such as <c>Анна С.</c>; null while it is unknown.</param>
    /// <param name="SecondsLeft">Whole seconds until the code expires.</param>
    /// <param name="MaxOrder">The largest order that is accepted.</param>
    public sealed record Response(UserId UserId, string? Name, int SecondsLeft, Points Balance, string Level, Money MaxOrder);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Whose code it is, and how long it is valid")
        .WithExample(new Request("204517"), new Response(Guest.Example.UserId, Guest.Example.Name, 71, new Points(120), "silver", new Money(100_000)))
        .Refuses(
            LoyaltyErrors.CodeUnknown, LoyaltyErrors.CodeExpired, LoyaltyErrors.CodeReplaced, LoyaltyErrors.CodeUsed, LoyaltyErrors.CodeOwn,
            LoyaltyErrors.TooManyWrongCodes);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request, Caller caller, NpgsqlDataSource database, IOptions<LoyaltyOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (caller.StaffId is not { } staffId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        var found = await connection.QuerySingleAsync<Found>(new CommandDefinition(
            """
            select code.outcome::text as outcome_text, code.user_id, code.expires_at, code.retry_after, guest_names.full_name,
                accounts.points as balance, accounts.level
            from look_up_code(@staffId, @ownUserId, @code, @now, @wrongCodesLimit, @wrongCodesWindow, @numberRest) code
                left join accounts using (user_id)
                left join guest_names using (user_id)
            """,
            new
            {
                staffId = staffId.Value,
                ownUserId = caller.UserId?.Value,
                code = request.Code,
                now,
                wrongCodesLimit = options.Value.WrongCodesPerMinute,
                wrongCodesWindow = LoyaltyOptions.WrongCodesWindow,
                numberRest = options.Value.CodeNumberRest,
            },
            cancellationToken: ct));

        return found.Outcome == CounterOutcome.Live
            ? TypedResults.Ok(new Response(
                new UserId(found.UserId), Guest.Of(new UserId(found.UserId), found.FullName).Name, PaymentCode.SecondsLeft(found.ExpiresAt, now),
                new Points(found.Balance), found.Level!, options.Value.MaxOrder))
            : CounterRefusal.Of(found.Outcome, found.RetryAfter);
    }

    /// <summary>The row of <c>look_up_code</c> with the account; fields that an outcome does not set keep their default.</summary>
    private sealed record Found
    {
        public required string OutcomeText { get; init; }

        public CounterOutcome Outcome => EnumText.Parse<CounterOutcome>(OutcomeText);

        public long UserId { get; init; }

        public string? FullName { get; init; }

        public DateTimeOffset ExpiresAt { get; init; }

        public int RetryAfter { get; init; }

        public long Balance { get; init; }

        public string? Level { get; init; }
    }
}
