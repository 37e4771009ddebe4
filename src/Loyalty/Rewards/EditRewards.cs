using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Rewards;

/// <summary>The catalogue as the owner sees and edits it.</summary>
internal static class EditRewards
{
    /// <param name="Cost">In points.</param>
    /// <param name="Stock">How many may still be bought; no limit by default.</param>
    /// <param name="Active">Whether guests see it and may buy it.</param>
    public sealed record Request(
        [Required, StringLength(Reward.LongestTitle), PlainText, NotBlank] string Title,
        [StringLength(Reward.LongestDescription), PlainText, NotBlank] string? Description,
        [Range(typeof(Points), "1", "1000000")] Points Cost,
        [Range(0, 1_000_000)] int? Stock,
        bool Active);

    public sealed record Response(IReadOnlyList<Item> Items);

    /// <param name="Cost">In points.</param>
    /// <param name="Stock">How many are left; null for no limit.</param>
    /// <param name="Sold">How many guests have bought.</param>
    /// <param name="Active">Whether guests see it and may buy it.</param>
    public sealed record Item(RewardId RewardId, string Title, string? Description, Points Cost, int? Stock, long Sold, bool Active)
    {
        internal static readonly Item Example = new(
            new RewardId(3), "Термокружка", "350 мл, с логотипом", new Points(300), Stock: 12, Sold: 8, Active: true);

        internal static Item Of(Reward reward) =>
            new(reward.Id, reward.Title, reward.Description, reward.Cost, reward.Stock, reward.Sold, reward.Active);
    }

    private static readonly Request ExampleRequest = new("Термокружка", "350 мл, с логотипом", new Points(300), Stock: 12, Active: true);

    public static void DescribeList(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("All rewards, also those that guests do not see")
        .WithExample(request: null, new Response([Item.Example]));

    public static void DescribeCreate(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Adds a reward to the catalogue")
        .WithExample(ExampleRequest, Item.Example);

    public static void DescribeUpdate(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Replaces what is said about a reward")
        .WithDescription("Gifts that guests have bought stay as they are. A stock that is left out is no limit.")
        .WithExample(ExampleRequest, Item.Example)
        .Refuses(LoyaltyErrors.RewardNotFound);

    public static async Task<Ok<Response>> List(LoyaltyDb db, CancellationToken ct)
    {
        var rewards = await db.Set<Reward>().AsNoTracking().OrderBy(reward => reward.Id).ToListAsync(ct);
        return TypedResults.Ok(new Response([.. rewards.Select(Item.Of)]));
    }

    public static async Task<Created<Item>> Create(
        Request request, Caller caller, LoyaltyDb db, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        var reward = new Reward
        {
            Title = request.Title,
            Description = request.Description,
            Cost = request.Cost,
            Stock = request.Stock,
            Active = request.Active,
            CreatedAt = clock.GetUtcNow(),
        };
        await using var transaction = await db.Join(ct);
        db.Add(reward);
        await db.SaveChangesAsync(ct);
        audit.Write(db, caller, "reward.create", $"reward:{reward.Id}", request);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Created((string?)null, Item.Of(reward));
    }

    public static async Task<Results<Ok<Item>, ProblemHttpResult>> Update(
        RewardId id, Request request, Caller caller, LoyaltyDb db, Audit audit, CancellationToken ct)
    {
        await using var transaction = await db.Join(ct);
        // Purchases wait, so that the new stock is not one that they have already taken from.
        var reward = await db.Rows<Reward>($"where id = {id.Value} for update").SingleOrDefaultAsync(ct);
        if (reward is null)
        {
            return Problems.For(LoyaltyErrors.RewardNotFound);
        }

        (reward.Title, reward.Description, reward.Cost, reward.Stock, reward.Active) =
            (request.Title, request.Description, request.Cost, request.Stock, request.Active);
        audit.Write(db, caller, "reward.update", $"reward:{id}", request);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(Item.Of(reward));
    }
}
