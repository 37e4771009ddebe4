using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Orders;

/// <summary>
/// Places an order with a guest's code: the code is used up, points are spent and earned, the level follows, all in one
/// round trip to <c>place_order</c> and all or nothing.
/// </summary>
internal static class PlaceOrder
{
    /// <param name="Code">The guest's six digits.</param>
    /// <param name="Amount">Price in roubles before points, at most two places.</param>
    /// <param name="SpendPoints">Points that pay a part of it, 1 RUB each; none when left out.</param>
    /// <param name="ShopId">Which shop, as the business calls it.</param>
    public sealed record Request(
        [Required, RegularExpression("^[0-9]{6}$", ErrorMessage = "A code is six digits.")] string Code,
        [Range(typeof(Money), "0.01", "1000000")] Money Amount,
        [Range(typeof(Points), "0", "1000000")] Points? SpendPoints,
        [StringLength(64, MinimumLength = 1)] string? ShopId);

    /// <param name="PointsEarned">Those that paid a debt included.</param>
    /// <param name="DebtPaid">Earned points that paid what the guest owed from a refund, and so are not in the balance.</param>
    /// <param name="ToPay">Roubles that are left to pay after points.</param>
    /// <param name="Balance">The guest's points after this order.</param>
    /// <param name="Level">The guest's level after this order.</param>
    /// <param name="LevelUp">Whether this order took the guest there.</param>
    public sealed record Response(
        OrderId OrderId, Guest User, Points PointsEarned, Points DebtPaid, Points PointsSpent, Money ToPay, Points Balance, string Level, bool LevelUp);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Places an order with a guest's code")
        .WithExample(
            new Request("204517", new Money(1250), SpendPoints: null, ShopId: "main-street"),
            new Response(
                new OrderId(17), Guest.Example, new Points(12), Points.Zero, Points.Zero, new Money(1250), new Points(12), "standard", LevelUp: false))
        .Refuses(
            LoyaltyErrors.CodeUnknown, LoyaltyErrors.CodeExpired, LoyaltyErrors.CodeReplaced, LoyaltyErrors.CodeUsed, LoyaltyErrors.CodeOwn,
            LoyaltyErrors.TooManyWrongCodes, LoyaltyErrors.AmountTooLarge, LoyaltyErrors.NotEnoughPoints, LoyaltyErrors.TooManyPointsForOrder)
        .AcceptsIdempotencyKey();

    public static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        Request request,
        Caller caller,
        [FromHeader(Name = Idempotency.Header)] string? idempotencyKey,
        NpgsqlDataSource database,
        OutboxSignal outbox,
        IOptions<LoyaltyOptions> options,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (caller.StaffId is not { } staffId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        if (idempotencyKey is not null && !Idempotency.IsKey(idempotencyKey))
        {
            return Problems.For(PlatformErrors.IdempotencyKeyInvalid);
        }

        var now = clock.GetUtcNow();
        var arguments = new
        {
            staffId = staffId.Value,
            code = request.Code,
            amount = request.Amount.Roubles,
            spendPoints = request.SpendPoints?.Value ?? 0,
            shopId = request.ShopId,
            idempotencyKey,
            requestHash = RequestHash.Of(request),
            now,
            maxPointsShare = options.Value.MaxPointsShare,
            wrongCodesPerMinute = options.Value.WrongCodesPerMinute,
            orderEventId = Guid.CreateVersion7(now),
            levelEventId = Guid.CreateVersion7(now),
            traceparent = Activity.Current?.Id,
            ownUserId = caller.UserId?.Value,
            maxOrder = options.Value.MaxOrder.Roubles,
        };

        var outcome = await Place(database, arguments, ct);
        switch (outcome.Result)
        {
            case "placed":
                outbox.Committed();
                return Placed(outcome);
            case "repeated":
                return Placed(outcome);
            case "idempotency_key_reused":
                return Problems.For(PlatformErrors.IdempotencyKeyReused);
            default:
                return CounterRefusal.Of(outcome.Result, outcome.RetryAfter, outcome.Balance, outcome.MaxPoints, options.Value.MaxOrder);
        }
    }

    private static async Task<Outcome> Place(NpgsqlDataSource database, object arguments, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<Outcome>(new CommandDefinition(
            """
            select placed.result, placed.order_id, placed.user_id, guest_names.full_name, placed.points_earned, placed.debt_paid,
                placed.points_spent, placed.paid, placed.balance, placed.level_before, placed.level_after, placed.max_points, placed.retry_after
            from place_order(
                @staffId, @code, @amount, @spendPoints, @shopId, @idempotencyKey, @requestHash, @now,
                @maxPointsShare, @wrongCodesPerMinute, @orderEventId, @levelEventId, @traceparent, @ownUserId, @maxOrder) placed
                left join guest_names using (user_id)
            """,
            arguments, cancellationToken: ct));
    }

    private static Created<Response> Placed(Outcome order) => TypedResults.Created((string?)null, new Response(
        new OrderId(order.OrderId),
        Guest.Of(new UserId(order.UserId), order.FullName),
        new Points(order.PointsEarned),
        new Points(order.DebtPaid),
        new Points(order.PointsSpent),
        new Money(order.Paid),
        new Points(order.Balance),
        order.LevelAfter!,
        order.LevelAfter != order.LevelBefore));

    /// <summary>The row that <c>place_order</c> returns; what a result does not fill stays at its default.</summary>
    private sealed record Outcome
    {
        public required string Result { get; init; }

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
    }
}
