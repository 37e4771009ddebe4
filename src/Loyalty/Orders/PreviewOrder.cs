using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Database;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Orders;

/// <summary>
/// Shows what an order would do, by the same SQL that prices a placed one, and promises it for a short time. No points change, but a wrong code
/// counts.
/// </summary>
internal static class PreviewOrder
{
    /// <param name="Code">The guest's six digits.</param>
    /// <param name="UserId">The guest, in place of a code.</param>
    /// <param name="Amount">Price in roubles before points, at most two places.</param>
    /// <param name="SpendPoints">Points to pay a part of it with, 1 RUB each; none by default.</param>
    public sealed record Request(
        [RegularExpression("^[0-9]{6}$", ErrorMessage = "A code is six digits.")] string? Code,
        UserId? UserId,
        [Range(typeof(Money), "0.01", "1000000")] Money Amount,
        [Range(typeof(Points), "0", "1000000")] Points? SpendPoints) : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Code is null == UserId is null)
            {
                yield return new ValidationResult("Send either the guest's code, or their userId.", [nameof(Code), nameof(UserId)]);
            }
        }
    }

    /// <param name="ToPay">Roubles left to pay after points.</param>
    /// <param name="MaxPoints">The most points that the guest may spend on this order: no more than they have, and no more
    /// than points may pay of an order.</param>
    /// <param name="Balance">The guest's points now.</param>
    /// <param name="Level">The guest's level now.</param>
    /// <param name="NeedsConfirmation">The amount is unusually large: confirm it before placing the order.</param>
    /// <param name="Why">The rule by which it would earn.</param>
    /// <param name="QuoteId">Place the order with it before <paramref name="ExpiresAt"/>, and it earns and spends exactly this.</param>
    /// <param name="PointsExpireAt">When the earned points expire if no other order follows; null for never.</param>
    public sealed record Response(
        Guest User,
        Points PointsEarned,
        Points PointsSpent,
        Money ToPay,
        Points MaxPoints,
        Points Balance,
        string Level,
        bool NeedsConfirmation,
        EarnRule Why,
        QuoteId QuoteId,
        DateTimeOffset ExpiresAt,
        DateTimeOffset? PointsExpireAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("What an order of a guest would earn, spend and cost, promised for a minute and a half")
        .WithExample(
            new Request("204517", UserId: null, new Money(1250), new Points(50)),
            new Response(
                Guest.Example, new Points(12), new Points(50), new Money(1200), new Points(120), new Points(120), "silver", NeedsConfirmation: false,
                EarnRule.Example, new QuoteId(31), new DateTimeOffset(2026, 1, 15, 9, 31, 30, TimeSpan.Zero),
                new DateTimeOffset(2027, 1, 15, 9, 30, 0, TimeSpan.Zero)))
        .Refuses(
            LoyaltyErrors.CodeUnknown, LoyaltyErrors.CodeExpired, LoyaltyErrors.CodeReplaced, LoyaltyErrors.CodeUsed, LoyaltyErrors.CodeOwn,
            LoyaltyErrors.TooManyWrongCodes, LoyaltyErrors.AccountNotFound, LoyaltyErrors.GiftOwn,
            LoyaltyErrors.AmountTooLarge, LoyaltyErrors.NotEnoughPoints, LoyaltyErrors.TooManyPointsForOrder);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request,
        Caller caller,
        NpgsqlDataSource database,
        IOptions<LoyaltyOptions> options,
        BusinessClock wall,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (caller.StaffId is not { } staffId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        var spendPoints = request.SpendPoints ?? Points.Zero;
        var rules = options.Value;
        var now = clock.GetUtcNow();
        var expiresAt = now + rules.QuoteLifetime;
        await using var connection = await database.OpenConnectionAsync(ct);
        var quote = await connection.QuerySingleAsync<Row>(new CommandDefinition(
            """
            select quote.outcome::text as outcome_text, quote.retry_after, quote.user_id, guest_names.full_name, quote.balance, quote.level,
                quote.max_points, quote.paid, quote.points_earned, quote.roubles_per_point, quote.level as earn_level, quote.level_multiplier,
                quote.campaign_id, quote.campaign_title, quote.campaign_multiplier, quote.campaign_bonus, quote.quote_id, quote.points_expire_at
            from quote_order(
                @staffId, @ownUserId, @code, @userId, @amount, @spendPoints, @now, @today, @expiresAt, @maxOrder,
                @wrongCodesLimit, @wrongCodesWindow, @numberRest) quote
                left join guest_names using (user_id)
            """,
            new
            {
                staffId = staffId.Value,
                ownUserId = caller.UserId?.Value,
                code = request.Code,
                userId = request.UserId?.Value,
                amount = request.Amount.Roubles,
                spendPoints = spendPoints.Value,
                now,
                today = wall.DayOf(now),
                expiresAt,
                maxOrder = rules.MaxOrder.Roubles,
                wrongCodesLimit = rules.WrongCodesPerMinute,
                wrongCodesWindow = LoyaltyOptions.WrongCodesWindow,
                numberRest = rules.CodeNumberRest,
            },
            cancellationToken: ct));

        return quote.Outcome == CounterOutcome.Priced
            ? TypedResults.Ok(new Response(
                Guest.Of(new UserId(quote.UserId), quote.FullName), new Points(quote.PointsEarned), spendPoints, new Money(quote.Paid),
                new Points(quote.MaxPoints), new Points(quote.Balance), quote.Level!, request.Amount > rules.ConfirmOrdersFrom, quote.Rule(),
                new QuoteId(quote.QuoteId), expiresAt, quote.PointsExpireAt))
            : CounterRefusal.Of(quote.Outcome, quote.RetryAfter, quote.Balance, quote.MaxPoints, rules.MaxOrder);
    }

    /// <summary>The row of <c>quote_order</c>; fields that an outcome does not set keep their default.</summary>
    private sealed record Row : EarnRule.Row
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

        public long QuoteId { get; init; }

        public DateTimeOffset? PointsExpireAt { get; init; }
    }
}
