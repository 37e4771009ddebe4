using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Orders;

/// <summary>
/// Places an order with a guest's code: uses the code, spends and earns points, updates the level. All of it, or nothing, in one call of
/// <c>place_order.sql</c>.
/// </summary>
internal static class PlaceOrder
{
    /// <param name="Code">The guest's six digits.</param>
    /// <param name="Amount">Price in roubles before points, at most two places.</param>
    /// <param name="SpendPoints">Points to pay a part of it with, 1 RUB each; none by default.</param>
    /// <param name="ShopId">The shop, by the business's own name for it.</param>
    /// <param name="QuoteId">From a preview: the order earns and spends exactly what it said.</param>
    /// <param name="PlacedAt">When the till placed the order, if it was offline then: up to a day ago. Needs an <c>Idempotency-Key</c>.</param>
    public sealed record Request(
        [Required, RegularExpression("^[0-9]{6}$", ErrorMessage = "A code is six digits.")] string Code,
        [Range(typeof(Money), "0.01", "1000000")] Money Amount,
        [Range(typeof(Points), "0", "1000000")] Points? SpendPoints,
        [StringLength(64, MinimumLength = 1)] string? ShopId,
        // Left out of the hash when they are null, so that the key of an order of the previous release still fits.
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] QuoteId? QuoteId = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? PlacedAt = null);

    /// <param name="PointsEarned">Includes points that paid a debt.</param>
    /// <param name="DebtPaid">Earned points that paid a debt left by a refund; they are not in the balance.</param>
    /// <param name="ToPay">Roubles left to pay after points.</param>
    /// <param name="Balance">The guest's points after this order.</param>
    /// <param name="Level">The guest's level after this order.</param>
    /// <param name="LevelUp">Whether this order raised the level.</param>
    /// <param name="Why">The rule by which it earned.</param>
    /// <param name="PointsExpireAt">When the earned points expire if no other order follows; null for never.</param>
    public sealed record Response(
        OrderId OrderId,
        Guest User,
        Points PointsEarned,
        Points DebtPaid,
        Points PointsSpent,
        Money ToPay,
        Points Balance,
        string Level,
        bool LevelUp,
        EarnRule Why,
        DateTimeOffset? PointsExpireAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Places an order with a guest's code")
        .WithExample(
            new Request("204517", new Money(1250), SpendPoints: null, ShopId: "main-street"),
            new Response(
                new OrderId(17), Guest.Example, new Points(13), Points.Zero, Points.Zero, new Money(1250), new Points(133), "silver", LevelUp: false,
                EarnRule.Example, new DateTimeOffset(2027, 1, 15, 9, 30, 0, TimeSpan.Zero)))
        .Refuses(
            LoyaltyErrors.CodeUnknown, LoyaltyErrors.CodeExpired, LoyaltyErrors.CodeReplaced, LoyaltyErrors.CodeUsed, LoyaltyErrors.CodeOwn,
            LoyaltyErrors.TooManyWrongCodes, LoyaltyErrors.AmountTooLarge, LoyaltyErrors.NotEnoughPoints, LoyaltyErrors.TooManyPointsForOrder,
            LoyaltyErrors.QuoteUnknown, LoyaltyErrors.QuoteExpired, LoyaltyErrors.QuoteMismatch, LoyaltyErrors.PlacedAtInvalid,
            LoyaltyErrors.ShopUnknown)
        .AcceptsIdempotencyKey();

    public static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        Request request,
        Caller caller,
        IdempotencyKey key,
        NpgsqlDataSource database,
        OutboxSignal outbox,
        IOptions<LoyaltyOptions> options,
        BusinessClock wall,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (caller.StaffId is not { } staffId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        var now = clock.GetUtcNow();
        var rules = options.Value;
        if (request.PlacedAt is { } at && (key.Value is null || at > now + rules.ClockTolerance))
        {
            return Problems.For(LoyaltyErrors.PlacedAtInvalid);
        }

        var placedAt = request.PlacedAt > now ? now : request.PlacedAt;
        await using var connection = await database.OpenConnectionAsync(ct);
        var order = await connection.QuerySingleAsync<Row>(new CommandDefinition(
            """
            select placed.outcome::text as outcome_text, placed.order_id, placed.user_id, guest_names.full_name, placed.points_earned,
                placed.debt_paid, placed.points_spent, placed.paid, placed.balance, placed.level_before, placed.level_after,
                placed.max_points, placed.retry_after,
                placed.earn_level, placed.level_multiplier, placed.roubles_per_point, placed.campaign_id, placed.campaign_title,
                placed.campaign_multiplier, placed.campaign_bonus, placed.points_expire_at
            from place_order(
                @staffId, @ownUserId, @code, @amount, @spendPoints, @shopId, @idempotencyKey, @requestHash, @now,
                null, null, @maxOrder, @wrongCodesLimit, @wrongCodesWindow, @numberRest,
                @orderEventId, @levelEventId, @traceparent, @on, @placedAt, @offlineWindow, @quoteId) placed
                left join guest_names using (user_id)
            """,
            new
            {
                staffId = staffId.Value,
                ownUserId = caller.UserId?.Value,
                code = request.Code,
                amount = request.Amount.Roubles,
                spendPoints = request.SpendPoints?.Value ?? 0,
                shopId = request.ShopId,
                idempotencyKey = key.Value,
                // After a lost answer a till asks again, with a new quote: still the same order.
                requestHash = key.HashOf(request with { QuoteId = null }),
                now,
                maxOrder = rules.MaxOrder.Roubles,
                wrongCodesLimit = rules.WrongCodesPerMinute,
                wrongCodesWindow = LoyaltyOptions.WrongCodesWindow,
                numberRest = rules.CodeNumberRest,
                orderEventId = Guid.CreateVersion7(now),
                levelEventId = Guid.CreateVersion7(now),
                traceparent = Activity.Current?.Id,
                on = wall.DayOf(placedAt ?? now),
                placedAt,
                offlineWindow = rules.OfflineWindow,
                quoteId = request.QuoteId?.Value,
            },
            cancellationToken: ct));

        switch (order.Outcome)
        {
            case CounterOutcome.Placed:
                outbox.Committed();
                return Placed(order);
            case CounterOutcome.Repeated:
                return Placed(order);
            case CounterOutcome.IdempotencyKeyReused:
                return Problems.For(PlatformErrors.IdempotencyKeyReused);
            default:
                return CounterRefusal.Of(order.Outcome, order.RetryAfter, order.Balance, order.MaxPoints, rules.MaxOrder);
        }
    }

    private static Created<Response> Placed(Row order) => TypedResults.Created((string?)null, new Response(
        new OrderId(order.OrderId),
        Guest.Of(new UserId(order.UserId), order.FullName),
        new Points(order.PointsEarned),
        new Points(order.DebtPaid),
        new Points(order.PointsSpent),
        new Money(order.Paid),
        new Points(order.Balance),
        order.LevelAfter!,
        order.LevelAfter != order.LevelBefore,
        order.Rule(),
        order.PointsExpireAt));

    /// <summary>The row that <c>place_order</c> returns; fields that an outcome does not set keep their default.</summary>
    private sealed record Row : EarnRule.Row
    {
        public required string OutcomeText { get; init; }

        public CounterOutcome Outcome => EnumText.Parse<CounterOutcome>(OutcomeText);

        public long OrderId { get; init; }

        public long UserId { get; init; }

        public string? FullName { get; init; }

        public long PointsEarned { get; init; }

        public long DebtPaid { get; init; }

        public long PointsSpent { get; init; }

        public decimal Paid { get; init; }

        public long Balance { get; init; }

        public string? LevelBefore { get; init; }

        public string? LevelAfter { get; init; }

        public long MaxPoints { get; init; }

        public int RetryAfter { get; init; }

        public DateTimeOffset? PointsExpireAt { get; init; }
    }
}
