using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Gifts;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.StampCards;

internal static class ListStamps
{
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <param name="N">Every n-th order is free.</param>
    /// <param name="Stamps">How many the guest has towards the next gift, which takes n − 1.</param>
    /// <param name="Reward">What the guest gets.</param>
    public sealed record Item(StampCardId StampCardId, string Title, int N, int Stamps, string Reward);

    public static void DescribeMine(RouteHandlerBuilder endpoint) => Describe(endpoint.WithSummary("The caller's stamps on each card"));

    public static void DescribeAny(RouteHandlerBuilder endpoint) => Describe(
        endpoint.WithSummary("A guest's stamps on each card, for the guest and for staff"));

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleMine(Caller caller, LoyaltyDb db, CancellationToken ct) =>
        caller.UserId is { } userId ? TypedResults.Ok(await Read(db, userId, ct)) : Problems.For(LoyaltyErrors.AccountNotFound);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAny(UserId userId, Caller caller, LoyaltyDb db, CancellationToken ct)
    {
        var mayLook = caller.UserId == userId || caller.Role >= Role.Staff;
        return mayLook && await db.Accounts.AnyAsync(account => account.UserId == userId, ct)
            ? TypedResults.Ok(await Read(db, userId, ct))
            : Problems.For(LoyaltyErrors.AccountNotFound);
    }

    private static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithExample(request: null, new Response([new(new StampCardId(2), "Каждый шестой кофе", N: 6, Stamps: 4, "Кофе в подарок")]))
        .Refuses(LoyaltyErrors.AccountNotFound);

    private static async Task<Response> Read(LoyaltyDb db, UserId userId, CancellationToken ct)
    {
        var cards = await db.Set<StampCard>()
            .Where(card => card.Active)
            .OrderBy(card => card.Id)
            .Select(card => new
            {
                Card = card,
                Stamps = db.Set<Stamp>().Count(stamp => stamp.UserId == userId && stamp.CardId == card.Id),
                Taken = db.Set<Gift>()
                    .Where(gift => gift.UserId == userId && gift.StampCardId == card.Id && gift.RevokedAt == null)
                    .Sum(gift => gift.Stamps) ?? 0,
            })
            .AsNoTracking()
            .ToListAsync(ct);
        return new Response(
        [
            // After a refund a redeemed gift may have taken more stamps than there are.
            .. cards.Select(found => new Item(
                found.Card.Id, found.Card.Title, found.Card.N, Math.Max(0, found.Stamps - found.Taken), found.Card.Reward)),
        ]);
    }
}
