using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Database;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Orders;

/// <summary>Shows what an order would do, by the same SQL that prices a placed one. Nothing changes, except that a wrong code counts.</summary>
internal static class PreviewOrder
{
    /// <param name="Code">The guest's six digits.</param>
    /// <param name="Amount">Price in roubles before points, at most two places.</param>
    /// <param name="SpendPoints">Points to pay a part of it with, 1 RUB each; none by default.</param>
    public sealed record Request(
        [Required, RegularExpression("^[0-9]{6}$", ErrorMessage = "A code is six digits.")] string Code,
        [Range(typeof(Money), "0.01", "1000000")] Money Amount,
        [Range(typeof(Points), "0", "1000000")] Points? SpendPoints);

    /// <param name="ToPay">Roubles left to pay after points.</param>
    /// <param name="MaxPoints">The most points that the guest may spend on this order: no more than they have, and no more
    /// than points may pay of an order.</param>
    /// <param name="Balance">The guest's points now.</param>
    /// <param name="Level">The guest's level now.</param>
    /// <param name="NeedsConfirmation">The amount is unusually large: confirm it before placing the order.</param>
    public sealed record Response(
        Guest User,
        Points PointsEarned,
        Points PointsSpent,
        Money ToPay,
        Points MaxPoints,
        Points Balance,
        string Level,
        bool NeedsConfirmation,
        EarnRule Why);

    /// <summary>The rule by which the order would earn.</summary>
    /// <param name="Rule">Always <c>earn</c>: a point for each whole <paramref name="Per"/> of what is paid, times
    /// <paramref name="Multiplier"/>, rounded down.</param>
    /// <param name="Multiplier">Of the guest's level.</param>
    public sealed record EarnRule(string Rule, Money Per, decimal Multiplier);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("What an order with a guest's code would earn, spend and cost")
        .WithExample(
            new Request("204517", new Money(1250), new Points(50)),
            new Response(
                Guest.Example, new Points(12), new Points(50), new Money(1200), new Points(120), new Points(120), "silver", NeedsConfirmation: false,
                RuleOf(new Money(100), 1.05m)))
        .Refuses(
            LoyaltyErrors.CodeUnknown, LoyaltyErrors.CodeExpired, LoyaltyErrors.CodeReplaced, LoyaltyErrors.CodeUsed, LoyaltyErrors.CodeOwn,
            LoyaltyErrors.TooManyWrongCodes, LoyaltyErrors.AmountTooLarge, LoyaltyErrors.NotEnoughPoints, LoyaltyErrors.TooManyPointsForOrder);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request, Caller caller, NpgsqlDataSource database, IOptions<LoyaltyOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (caller.StaffId is not { } staffId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        var spendPoints = request.SpendPoints ?? Points.Zero;
        var rules = options.Value;
        await using var connection = await database.OpenConnectionAsync(ct);
        var found = await connection.QuerySingleAsync<Found>(new CommandDefinition(
            """
            select case code.outcome when 'live' then price.outcome else code.outcome end::text as outcome_text, code.retry_after, code.user_id,
                guest_names.full_name, accounts.points as balance, accounts.level, price.max_points, price.paid, price.points_earned, price.multiplier
            from look_up_code(@staffId, @ownUserId, @code, @now, @wrongCodesLimit, @wrongCodesWindow, @numberRest) code
                left join accounts using (user_id)
                left join guest_names using (user_id)
                left join lateral price_order(
                    accounts.level, accounts.points, @amount, @spendPoints, @roublesPerPoint, @maxPointsShare, @maxOrder) price
                    on accounts.user_id is not null
            """,
            new
            {
                staffId = staffId.Value,
                ownUserId = caller.UserId?.Value,
                code = request.Code,
                now = clock.GetUtcNow(),
                wrongCodesLimit = rules.WrongCodesPerMinute,
                wrongCodesWindow = LoyaltyOptions.WrongCodesWindow,
                numberRest = rules.CodeNumberRest,
                amount = request.Amount.Roubles,
                spendPoints = spendPoints.Value,
                roublesPerPoint = rules.RoublesPerPoint.Roubles,
                maxPointsShare = rules.MaxPointsShare,
                maxOrder = rules.MaxOrder.Roubles,
            },
            cancellationToken: ct));

        return found.Outcome == CounterOutcome.Priced
            ? TypedResults.Ok(new Response(
                Guest.Of(new UserId(found.UserId), found.FullName), new Points(found.PointsEarned), spendPoints, new Money(found.Paid),
                new Points(found.MaxPoints),
                new Points(found.Balance), found.Level!, request.Amount > rules.ConfirmOrdersFrom, RuleOf(rules.RoublesPerPoint, found.Multiplier)))
            : CounterRefusal.Of(found.Outcome, found.RetryAfter, found.Balance, found.MaxPoints, rules.MaxOrder);
    }

    private static EarnRule RuleOf(Money roublesPerPoint, decimal multiplier) => new("earn", roublesPerPoint, multiplier);

    /// <summary>The code, the account and the price of the order; fields that an outcome does not set keep their default.</summary>
    private sealed record Found
    {
        public required string OutcomeText { get; init; }

        public CounterOutcome Outcome => EnumText.Parse<CounterOutcome>(OutcomeText);

        public int RetryAfter { get; init; }

        public long UserId { get; init; }

        public string? FullName { get; init; }

        public long Balance { get; init; }

        public string? Level { get; init; }

        public long MaxPoints { get; init; }

        public decimal Paid { get; init; }

        public long PointsEarned { get; init; }

        public decimal Multiplier { get; init; }
    }
}
