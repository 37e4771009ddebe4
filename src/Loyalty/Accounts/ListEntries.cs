using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Csv;

namespace Platform.Loyalty.Accounts;

/// <summary>Every change of a guest's points, for the guest and for staff.</summary>
internal static class ListEntries
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, PointEntryId? Next);

    /// <param name="Delta">Change of the balance; negative when points were taken.</param>
    /// <param name="DebtDelta">Change of the points owed: negative when earned points paid them.</param>
    /// <param name="Source">What caused it, such as <c>order:17</c>.</param>
    /// <param name="ExpiresAt">When the points that are left of it expire, unless the guest orders before.</param>
    public sealed record Item(
        PointEntryId Id,
        Points Delta,
        Points DebtDelta,
        EntryReason Reason,
        string Source,
        Points BalanceAfter,
        DateTimeOffset CreatedAt,
        DateTimeOffset? ExpiresAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Every change of a guest's points, newest first")
        .WithDescription(
            "From and to are days of the business, inclusive, or instants. Pass `next` from a page as `after` to get the following one. "
            + "`format=csv` answers the whole list as a file.")
        .WithExample(request: null, new Response(
            [
                new(new PointEntryId(311), new Points(12), Points.Zero, EntryReason.Earn, "order:17", new Points(12),
                    new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 15, 9, 30, 0, TimeSpan.Zero)),
            ],
            Next: null));

    public static async Task<Results<Ok<Response>, CsvFile<Item>, ProblemHttpResult>> Mine(
        Caller caller,
        LoyaltyDb db,
        BusinessClock wall,
        CancellationToken ct,
        [OneOf(
            "earn", "spend", "return", "takeBack", "correction", "expiry", "adjustment", "bonus", "referral", "achievement", "reward", "rewardReturn")]
        string? reason = null,
        PeriodEdge? from = null,
        PeriodEdge? to = null,
        PointEntryId? after = null,
        [Range(1, 100)] int limit = 50,
        [OneOf("json", "csv")] string? format = null) =>
        // A member of staff who is not a guest has no points.
        await Read(caller.UserId, db, wall, reason, from, to, after, limit, format, ct);

    public static async Task<Results<Ok<Response>, CsvFile<Item>, ProblemHttpResult>> Handle(
        UserId userId,
        Caller caller,
        LoyaltyDb db,
        BusinessClock wall,
        CancellationToken ct,
        [OneOf(
            "earn", "spend", "return", "takeBack", "correction", "expiry", "adjustment", "bonus", "referral", "achievement", "reward", "rewardReturn")]
        string? reason = null,
        PeriodEdge? from = null,
        PeriodEdge? to = null,
        PointEntryId? after = null,
        [Range(1, 100)] int limit = 50,
        [OneOf("json", "csv")] string? format = null) =>
        await AccountAccess.MayRead(db, caller, userId, ct)
            ? await Read(userId, db, wall, reason, from, to, after, limit, format, ct)
            : Problems.For(LoyaltyErrors.AccountNotFound);

    private static async Task<Results<Ok<Response>, CsvFile<Item>, ProblemHttpResult>> Read(
        UserId? userId, LoyaltyDb db, BusinessClock wall, string? reason, PeriodEdge? from, PeriodEdge? to, PointEntryId? after, int limit, string? format,
        CancellationToken ct)
    {
        var entries = Matching(db, userId, wall, reason, from, to).OrderByDescending(entry => entry.Id);
        if (format == "csv")
        {
            var all = await EntryExpiry.Of(db, userId, first: 0, last: long.MaxValue, ct);
            return new CsvFile<Item>("points.csv", entries.AsAsyncEnumerable().Select(entry => ItemOf(entry, all)));
        }

        var page = await Page(entries, after, limit + 1).ToListAsync(ct);
        var expiries = page.Count == 0 ? [] : await EntryExpiry.Of(db, userId, page[^1].Id, page[0].Id, ct);
        return TypedResults.Ok(new Response(
            [.. page.Take(limit).Select(entry => ItemOf(entry, expiries))], page.Count > limit ? new PointEntryId(page[limit - 1].Id) : null));
    }

    /// <remarks>Reads the primary key backwards: as many rows as the page has, however long the ledger is.</remarks>
    internal static IQueryable<PointEntry> Page(IQueryable<PointEntry> newestFirst, PointEntryId? after, int limit) =>
        (after is { Value: var last } ? newestFirst.Where(entry => entry.Id < last) : newestFirst).Take(limit);

    private static IQueryable<PointEntry> Matching(LoyaltyDb db, UserId? userId, BusinessClock wall, string? reason, PeriodEdge? from, PeriodEdge? to)
    {
        var entries = db.Set<PointEntry>().Where(entry => entry.UserId == userId).AsNoTracking();
        if (reason is not null)
        {
            var wanted = Enum.Parse<EntryReason>(reason, ignoreCase: true);
            entries = entries.Where(entry => entry.Reason == wanted);
        }

        if (from?.Start(wall) is { } start)
        {
            entries = entries.Where(entry => entry.CreatedAt >= start);
        }

        return to?.End(wall) is { } end ? entries.Where(entry => entry.CreatedAt < end) : entries;
    }

    private static Item ItemOf(PointEntry entry, Dictionary<long, EntryExpiry> expiries) => new(
        new PointEntryId(entry.Id), entry.Delta, entry.DebtDelta, entry.Reason, entry.SourceId, entry.BalanceAfter, entry.CreatedAt,
        expiries.GetValueOrDefault(entry.Id)?.At);
}
