using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Csv;

namespace Platform.Loyalty.Gifts;

internal static class ListGuestGifts
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, GiftId? Next);

    /// <param name="ExpiresAt">Null for a gift without an end.</param>
    /// <param name="State"><c>available</c>, <c>redeemed</c> or <c>expired</c>.</param>
    public sealed record Item(
        GiftId GiftId, string Title, GiftReason Reason, DateTimeOffset IssuedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RedeemedAt, GiftState State);

    public static void DescribeMine(RouteHandlerBuilder endpoint) => Describe(endpoint.WithSummary("The caller's gifts, newest first"));

    public static void DescribeAny(RouteHandlerBuilder endpoint) => Describe(
        endpoint.WithSummary("A guest's gifts, newest first, for the guest and for staff"));

    public static async Task<Results<Ok<Response>, CsvFile<Item>, ProblemHttpResult>> HandleMine(
        Caller caller,
        LoyaltyDb db,
        TimeProvider clock,
        CancellationToken ct,
        [OneOf("available", "redeemed", "expired")] string? state = null,
        GiftId? after = null,
        [Range(1, 100)] int limit = 50,
        [OneOf("json", "csv")] string? format = null) => caller.UserId is { } userId
            ? await Answer(db, userId, clock.GetUtcNow(), state, after, limit, format, ct)
            : Problems.For(LoyaltyErrors.AccountNotFound);

    public static async Task<Results<Ok<Response>, CsvFile<Item>, ProblemHttpResult>> HandleAny(
        UserId userId,
        Caller caller,
        LoyaltyDb db,
        TimeProvider clock,
        CancellationToken ct,
        [OneOf("available", "redeemed", "expired")] string? state = null,
        GiftId? after = null,
        [Range(1, 100)] int limit = 50,
        [OneOf("json", "csv")] string? format = null)
    {
        var mayLook = caller.UserId == userId || caller.Role >= Role.Staff;
        return mayLook && await db.Accounts.AnyAsync(account => account.UserId == userId, ct)
            ? await Answer(db, userId, clock.GetUtcNow(), state, after, limit, format, ct)
            : Problems.For(LoyaltyErrors.AccountNotFound);
    }

    private static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithDescription(
            "Filter by state; without it the list also has what was redeemed or has expired, but not what was taken back. "
            + "Pass `next` from a page as `after` to get the following one. `format=csv` answers the whole list as a file.")
        .WithExample(request: null, new Response(
            [
                new(
                    new GiftId(31), "Напиток на выбор", GiftReason.Birthday, At, new DateTimeOffset(2026, 1, 29, 20, 59, 59, TimeSpan.Zero),
                    RedeemedAt: null, GiftState.Available),
            ],
            Next: null))
        .Refuses(LoyaltyErrors.AccountNotFound);

    private static readonly DateTimeOffset At = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    private static async Task<Results<Ok<Response>, CsvFile<Item>, ProblemHttpResult>> Answer(
        LoyaltyDb db, UserId userId, DateTimeOffset now, string? state, GiftId? after, int limit, string? format, CancellationToken ct)
    {
        var gifts = db.Set<Gift>().Where(gift => gift.UserId == userId && gift.RevokedAt == null);
        if (GiftPages.StateOf(state) is { } wanted)
        {
            gifts = gifts.Where(Gift.IsIn(wanted, now));
        }

        if (format == "csv")
        {
            return new CsvFile<Item>("gifts.csv", gifts.NewestFirst(after: null).AsAsyncEnumerable().Select(gift => ItemOf(gift, now)));
        }

        var page = await gifts.NewestFirst(after).Take(limit + 1).ToListAsync(ct);
        return TypedResults.Ok(new Response(
            [.. page.Take(limit).Select(gift => ItemOf(gift, now))], page.Count > limit ? page[limit - 1].Id : null));
    }

    private static Item ItemOf(Gift gift, DateTimeOffset now) =>
        new(gift.Id, gift.Title, gift.Reason, gift.IssuedAt, gift.ExpiresAt, gift.RedeemedAt, gift.StateAt(now));
}
