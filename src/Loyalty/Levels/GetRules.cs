using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Settings;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Levels;

/// <summary>How points are earned and what they are worth. Guests see the same numbers that orders are calculated with.</summary>
internal static class GetRules
{
    /// <param name="RoublesPerPoint">Roubles paid that earn one point, before the level's multiplier; remainders earn nothing.</param>
    /// <param name="PointWorth">Roubles that one point pays.</param>
    /// <param name="MaxPointsShare">Largest share of an order that points may pay, from 0 to 1.</param>
    /// <param name="PointsExpireAfterMonths">Months without an order after which points expire; 0 for never.</param>
    /// <param name="Levels">Lowest first.</param>
    /// <param name="ReferralBonus">Points for a guest and the one who invited them, after the first order; 0 for none.</param>
    public sealed record Response(
        Money RoublesPerPoint, Money PointWorth, decimal MaxPointsShare, int PointsExpireAfterMonths, IReadOnlyList<Item> Levels, Points ReferralBonus);

    /// <param name="Threshold">Lifetime points needed to reach it.</param>
    /// <param name="EarnMultiplier">Factor for the points of an order, before they are rounded down.</param>
    /// <param name="Name">Null for the usual name of the key.</param>
    /// <param name="Gift">What guests get when they reach it; null for nothing.</param>
    public sealed record Item(string Key, Points Threshold, decimal EarnMultiplier, string? Name = null, string? Gift = null);

    // Must match price_order.
    private static readonly Money PointWorth = new(1);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("How points are earned, what they are worth, and the levels")
        .WithExample(request: null, new Response(
            new Money(100), PointWorth, 0.3m, PointsExpireAfterMonths: 12,
            [new Item("standard", Points.Zero, 1m), new Item("silver", new Points(100), 1.05m)], new Points(50)));

    public static async Task<Ok<Response>> Handle(LoyaltyDb db, CancellationToken ct)
    {
        var settings = await db.Set<LoyaltySettings>().AsNoTracking().SingleAsync(ct);
        return TypedResults.Ok(new Response(
            settings.RoublesPerPoint,
            PointWorth,
            settings.MaxPointsShare,
            settings.PointsExpireAfterMonths,
            await db.Levels
                .OrderBy(level => level.Rank)
                .Select(level => new Item(level.Key, level.Threshold, level.EarnMultiplier, level.Name, level.Gift))
                .ToListAsync(ct),
            settings.ReferralBonus));
    }
}
