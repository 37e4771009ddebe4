using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Levels;

/// <summary>What points are given for and what they are worth: what guests are told, from the same numbers that orders are reckoned with.</summary>
internal static class GetRules
{
    /// <param name="RoublesPerPoint">Each whole of these that an order is paid with gives a point, before the level's multiplier.</param>
    /// <param name="PointWorth">What a point pays of an order.</param>
    /// <param name="MaxPointsShare">The part of an order that points may pay, from 0 to 1.</param>
    /// <param name="Levels">The lowest first.</param>
    public sealed record Response(Money RoublesPerPoint, Money PointWorth, decimal MaxPointsShare, IReadOnlyList<Item> Levels);

    /// <param name="Threshold">Lifetime points from which on it is held.</param>
    /// <param name="EarnMultiplier">What the points of an order are multiplied by before they are rounded down.</param>
    public sealed record Item(string Key, Points Threshold, decimal EarnMultiplier);

    // As price_order has it: it takes the points off the amount.
    private static readonly Money PointWorth = new(1);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("What points are given for, what they are worth, and the levels")
        .WithExample(request: null, new Response(
            new Money(100), PointWorth, 0.3m, [new Item("standard", Points.Zero, 1m), new Item("silver", new Points(100), 1.05m)]));

    public static async Task<Ok<Response>> Handle(LoyaltyDb db, IOptions<LoyaltyOptions> options, CancellationToken ct) => TypedResults.Ok(new Response(
        options.Value.RoublesPerPoint,
        PointWorth,
        options.Value.MaxPointsShare,
        await db.Levels.OrderBy(level => level.Rank).Select(level => new Item(level.Key, level.Threshold, level.EarnMultiplier)).ToListAsync(ct)));
}
