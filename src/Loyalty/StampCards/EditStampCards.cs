using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.StampCards;

internal static class EditStampCards
{
    /// <param name="N">Every n-th order is free: a guest gets the gift after n − 1 orders.</param>
    /// <param name="Reward">What the guest gets.</param>
    /// <param name="Active">Whether orders are stamped.</param>
    public sealed record Request(
        [Required, StringLength(StampCard.LongestTitle), PlainText, NotBlank] string Title,
        [Range(2, 100)] int N,
        [Required, StringLength(StampCard.LongestTitle), PlainText, NotBlank] string Reward,
        bool Active);

    public sealed record Response(IReadOnlyList<Item> Items);

    /// <param name="N">Every n-th order is free.</param>
    /// <param name="Reward">What the guest gets.</param>
    /// <param name="Active">Whether orders are stamped.</param>
    public sealed record Item(StampCardId StampCardId, string Title, int N, string Reward, bool Active)
    {
        internal static readonly Item Example = new(new StampCardId(2), "Каждый шестой кофе", N: 6, "Кофе в подарок", Active: true);

        internal static Item Of(StampCard card) => new(card.Id, card.Title, card.N, card.Reward, card.Active);
    }

    private static readonly Request ExampleRequest = new("Каждый шестой кофе", N: 6, "Кофе в подарок", Active: true);

    public static void DescribeList(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The stamp cards that are on; the owner sees all")
        .WithExample(request: null, new Response([Item.Example]));

    public static void DescribeCreate(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Adds a stamp card")
        .WithDescription("It counts orders from now on.")
        .WithExample(ExampleRequest, Item.Example);

    public static void DescribeUpdate(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Replaces what is said about a stamp card")
        .WithDescription("Gifts that it has given stay as they are; a new n applies to the stamps that guests have now, from their next order on.")
        .WithExample(ExampleRequest, Item.Example)
        .Refuses(LoyaltyErrors.StampCardNotFound);

    public static async Task<Ok<Response>> List(Caller caller, LoyaltyDb db, CancellationToken ct)
    {
        var seesAll = caller.StaffRole >= StaffRole.Owner;
        var cards = await db.Set<StampCard>().AsNoTracking().Where(card => seesAll || card.Active).OrderBy(card => card.Id).ToListAsync(ct);
        return TypedResults.Ok(new Response([.. cards.Select(Item.Of)]));
    }

    public static async Task<Created<Item>> Create(
        Request request, Caller caller, LoyaltyDb db, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        var card = new StampCard
        {
            Title = request.Title,
            N = request.N,
            Reward = request.Reward,
            Active = request.Active,
            CreatedAt = clock.GetUtcNow(),
        };
        await using var transaction = await db.Join(ct);
        db.Add(card);
        await db.SaveChangesAsync(ct);
        audit.Write(db, caller, "stamp_card.create", $"stamp_card:{card.Id}", request);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Created((string?)null, Item.Of(card));
    }

    public static async Task<Results<Ok<Item>, ProblemHttpResult>> Update(
        StampCardId id, Request request, Caller caller, LoyaltyDb db, Audit audit, CancellationToken ct)
    {
        var card = await db.Set<StampCard>().SingleOrDefaultAsync(card => card.Id == id, ct);
        if (card is null)
        {
            return Problems.For(LoyaltyErrors.StampCardNotFound);
        }

        (card.Title, card.N, card.Reward, card.Active) = (request.Title, request.N, request.Reward, request.Active);
        audit.Write(db, caller, "stamp_card.update", $"stamp_card:{id}", request);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(Item.Of(card));
    }
}
