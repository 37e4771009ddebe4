using System.Diagnostics;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Rewards;

/// <summary>Buys a reward with points: the guest gets a gift. All of it, or nothing, in one call of <c>buy_reward.sql</c>.</summary>
internal static class BuyReward
{
    /// <param name="Cost">The points that it took.</param>
    /// <param name="Balance">The guest's points after it.</param>
    /// <param name="ExpiresAt">Null: what was paid for does not expire.</param>
    public sealed record Response(GiftId GiftId, string Title, Points Cost, Points Balance, DateTimeOffset? ExpiresAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Buys a reward with points")
        .WithDescription("The guest gets a gift, which staff redeem. Of many buyers of the last one, one gets it.")
        .WithExample(request: null, new Response(new GiftId(31), "Термокружка", new Points(300), new Points(45), ExpiresAt: null))
        .Refuses(LoyaltyErrors.AccountNotFound, LoyaltyErrors.RewardNotFound, LoyaltyErrors.OutOfStock, LoyaltyErrors.NotEnoughPoints)
        .AcceptsIdempotencyKey();

    public static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        RewardId id, Caller caller, IdempotencyKey key, NpgsqlDataSource database, OutboxSignal outbox, TimeProvider clock, CancellationToken ct)
    {
        if (caller.UserId is not { } userId)
        {
            return Problems.For(LoyaltyErrors.AccountNotFound);
        }

        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        var purchase = await connection.QuerySingleAsync<Row>(new CommandDefinition(
            """
            select outcome::text as outcome_text, gift_id, title, cost, balance, expires_at
            from buy_reward(@userId, @rewardId, @idempotencyKey, @requestHash, @now, @pointsEventId, @giftEventId, @traceparent)
            """,
            new
            {
                userId = userId.Value,
                rewardId = id.Value,
                idempotencyKey = key.Value,
                requestHash = key.HashOf(new { id }),
                now,
                pointsEventId = Guid.CreateVersion7(now),
                giftEventId = Guid.CreateVersion7(now),
                traceparent = Activity.Current?.Id,
            },
            cancellationToken: ct));

        switch (purchase.Outcome)
        {
            case RewardOutcome.Bought:
                outbox.Committed();
                return Bought(purchase);
            case RewardOutcome.Repeated:
                return Bought(purchase);
            case RewardOutcome.IdempotencyKeyReused:
                return Problems.For(PlatformErrors.IdempotencyKeyReused);
            case RewardOutcome.AccountNotFound:
                return Problems.For(LoyaltyErrors.AccountNotFound);
            case RewardOutcome.RewardNotFound:
                return Problems.For(LoyaltyErrors.RewardNotFound);
            case RewardOutcome.OutOfStock:
                return Problems.For(LoyaltyErrors.OutOfStock);
            case RewardOutcome.NotEnoughPoints:
                return Problems.For(
                    LoyaltyErrors.NotEnoughPoints, new Dictionary<string, object?> { ["balance"] = purchase.Balance, ["cost"] = purchase.Cost });
            default:
                throw new UnreachableException($"buy_reward answered {purchase.Outcome}.");
        }
    }

    private static Created<Response> Bought(Row purchase) => TypedResults.Created((string?)null, new Response(
        new GiftId(purchase.GiftId), purchase.Title!, new Points(purchase.Cost), new Points(purchase.Balance), purchase.ExpiresAt));

    /// <summary>The row that <c>buy_reward</c> returns; fields that an outcome does not set keep their default.</summary>
    private sealed record Row
    {
        public required string OutcomeText { get; init; }

        public RewardOutcome Outcome => EnumText.Parse<RewardOutcome>(OutcomeText);

        public long GiftId { get; init; }

        public string? Title { get; init; }

        public long Cost { get; init; }

        public long Balance { get; init; }

        public DateTimeOffset? ExpiresAt { get; init; }
    }
}
