using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Platform.Contracts;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Csv;

namespace Platform.Loyalty.Gifts;

internal static class ListGifts
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, GiftId? Next);

    /// <param name="Note">What the member of staff wrote about it.</param>
    /// <param name="Cost">Points that the guest paid for a reward.</param>
    /// <param name="IssuedBy">The member of staff who gave it; null for one that the rules gave or the guest bought.</param>
    /// <param name="OrderId">The order that it was redeemed with.</param>
    public sealed record Item(
        GiftId GiftId,
        Guest User,
        string Title,
        GiftReason Reason,
        string? Note,
        Points? Cost,
        StaffId? IssuedBy,
        DateTimeOffset IssuedAt,
        DateTimeOffset? ExpiresAt,
        StaffId? RedeemedBy,
        DateTimeOffset? RedeemedAt,
        OrderId? OrderId,
        GiftState State);

    /// <summary>A line of the file.</summary>
    public sealed record Row(
        GiftId GiftId,
        UserId UserId,
        string? Name,
        string Title,
        GiftReason Reason,
        string? Note,
        Points? Cost,
        StaffId? IssuedBy,
        DateTimeOffset IssuedAt,
        DateTimeOffset? ExpiresAt,
        StaffId? RedeemedBy,
        DateTimeOffset? RedeemedAt,
        OrderId? OrderId,
        GiftState State);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("All gifts, newest first")
        .WithDescription(
            "From and to are days in the time zone of the business, inclusive, on which the gifts were given. `staffId` finds what this member of "
            + "the staff gave or redeemed. Pass `next` from a page as `after` to get the following one. `format=csv` answers the whole list as a file.")
        .WithExample(request: null, new Response(
            [
                new(
                    new GiftId(31), Guest.Example, "Капучино", GiftReason.Manual, "Долго ждали заказ", Cost: null, new StaffId(7), At, ExpiresAt: null,
                    new StaffId(8), At.AddDays(1), new OrderId(17), GiftState.Redeemed),
            ],
            Next: null));

    private static readonly DateTimeOffset At = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    public static async Task<Results<Ok<Response>, CsvFile<Row>>> Handle(
        LoyaltyDb db,
        BusinessClock wall,
        TimeProvider clock,
        CancellationToken ct,
        // Strings, because the framework only binds an enum from a query if it is spelled as in C#.
        [OneOf("available", "redeemed", "expired", "revoked")] string? state = null,
        [OneOf("birthday", "level", "manual", "campaign", "referral", "reward")] string? reason = null,
        DateOnly? from = null,
        DateOnly? to = null,
        UserId? userId = null,
        StaffId? staffId = null,
        GiftId? after = null,
        [Range(1, 100)] int limit = 50,
        [OneOf("json", "csv")] string? format = null)
    {
        var now = clock.GetUtcNow();
        var gifts = Filter(db, wall, now, GiftPages.StateOf(state), GiftPages.ReasonOf(reason), from, to, userId, staffId);
        if (format == "csv")
        {
            return new CsvFile<Row>("gifts.csv", WithNames(db, gifts, after: null).AsAsyncEnumerable().Select(found => RowOf(ItemOf(found, now))));
        }

        var page = await WithNames(db, gifts, after).Take(limit + 1).ToListAsync(ct);
        return TypedResults.Ok(new Response(
            [.. page.Take(limit).Select(found => ItemOf(found, now))], page.Count > limit ? page[limit - 1].Gift.Id : null));
    }

    private static IQueryable<Gift> Filter(
        LoyaltyDb db,
        BusinessClock wall,
        DateTimeOffset now,
        GiftState? state,
        GiftReason? reason,
        DateOnly? from,
        DateOnly? to,
        UserId? userId,
        StaffId? staffId)
    {
        var gifts = db.Set<Gift>().AsQueryable();
        gifts = state is { } wanted ? gifts.Where(Gift.IsIn(wanted, now)) : gifts;
        gifts = reason is { } category ? gifts.Where(gift => gift.Reason == category) : gifts;
        gifts = userId is { } guest ? gifts.Where(gift => gift.UserId == guest) : gifts;
        gifts = staffId is { } staff ? gifts.Where(gift => gift.IssuedBy == staff || gift.RedeemedBy == staff) : gifts;
        if (from is { } first)
        {
            var begins = StartOf(first, wall);
            gifts = gifts.Where(gift => gift.IssuedAt >= begins);
        }

        if (to is { } last && last < DateOnly.MaxValue)
        {
            var ends = StartOf(last.AddDays(1), wall);
            gifts = gifts.Where(gift => gift.IssuedAt < ends);
        }

        return gifts;
    }

    // The time zone's offset leads out of the calendar on its first and its last days.
    private static DateTimeOffset StartOf(DateOnly day, BusinessClock wall) => day.Year is > 1 and < 9999
        ? wall.At(LocalDate.FromDateOnly(day).AtMidnight())
        : new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private static IQueryable<Found> WithNames(LoyaltyDb db, IQueryable<Gift> gifts, GiftId? after) => gifts
        .NewestFirst(after)
        .Select(gift => new Found(
            gift, db.Set<GuestName>().Where(guest => guest.UserId == gift.UserId).Select(guest => guest.FullName).SingleOrDefault()));

    private static Item ItemOf(Found found, DateTimeOffset now)
    {
        var gift = found.Gift;
        return new Item(
            gift.Id, Guest.Of(gift.UserId, found.FullName), gift.Title, gift.Reason, gift.Note, gift.Cost, gift.IssuedBy, gift.IssuedAt, gift.ExpiresAt,
            gift.RedeemedBy, gift.RedeemedAt, gift.OrderId, gift.StateAt(now));
    }

    private static Row RowOf(Item item) => new(
        item.GiftId, item.User.UserId, item.User.Name, item.Title, item.Reason, item.Note, item.Cost, item.IssuedBy, item.IssuedAt, item.ExpiresAt,
        item.RedeemedBy, item.RedeemedAt, item.OrderId, item.State);

    private sealed record Found(Gift Gift, string? FullName);
}
