using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Rewards;

internal static class ListRewards
{
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <param name="Cost">In points.</param>
    /// <param name="Stock">How many are left; null for no limit.</param>
    /// <param name="Affordable">Whether the caller has enough points for it now.</param>
    public sealed record Item(RewardId RewardId, string Title, string? Description, Points Cost, int? Stock, bool Affordable);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("What points buy, the cheapest first")
        .WithExample(request: null, new Response(
            [new(new RewardId(3), "Термокружка", "350 мл, с логотипом", new Points(300), Stock: 12, Affordable: false)]));

    public static async Task<Ok<Response>> Handle(Caller caller, LoyaltyDb db, CancellationToken ct)
    {
        var points = await db.Accounts.Where(account => account.UserId == caller.UserId).Select(account => (Points?)account.Points).SingleOrDefaultAsync(ct);
        var rewards = await db.Set<Reward>().AsNoTracking().Where(reward => reward.Active).OrderBy(reward => reward.Cost).ThenBy(reward => reward.Id)
            .ToListAsync(ct);
        return TypedResults.Ok(new Response(
        [
            .. rewards.Select(reward => new Item(
                reward.Id, reward.Title, reward.Description, reward.Cost, reward.Stock, points is { } held && held >= reward.Cost)),
        ]));
    }
}
