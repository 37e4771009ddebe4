using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Settings;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;

namespace Platform.Loyalty.Accounts;

/// <summary>When the points of one guest expire: some months after the guest's last order, or after they were earned if that is later.</summary>
/// <param name="Months">0 for never.</param>
internal sealed record PointsExpiry(DateTimeOffset? LastOrderAt, int Months)
{
    /// <returns>Null when the account does not exist.</returns>
    public static Task<PointsExpiry?> Read(LoyaltyDb db, UserId? userId, CancellationToken ct) => db.Accounts
        .Where(account => account.UserId == userId)
        .Select(account => new PointsExpiry(account.LastOrderAt, db.Set<LoyaltySettings>().Single().PointsExpireAfterMonths))
        .SingleOrDefaultAsync(ct);

    /// <returns>Null for points that do not expire, or are no longer there.</returns>
    public DateTimeOffset? Of(PointLot? lot) =>
        lot is null || lot.PointsLeft == Points.Zero ? null
        : lot.ExpiresAt is { } fixedAt ? fixedAt
        : Months == 0 ? null
        : (LastOrderAt > lot.EarnedAt ? LastOrderAt.Value : lot.EarnedAt).AddMonths(Months);

    /// <summary>The points that expire on the first day on which any do.</summary>
    public async Task<ExpiringPoints?> Next(LoyaltyDb db, UserId userId, BusinessClock wall, CancellationToken ct)
    {
        var lots = await db.Set<PointLot>().Where(lot => lot.UserId == userId && lot.PointsLeft > Points.Zero).AsNoTracking().ToListAsync(ct);
        return lots
            .Select(lot => (Lot: lot, At: Of(lot)))
            .Where(left => left.At is not null)
            .GroupBy(left => wall.DayOf(left.At!.Value), left => left.Lot.PointsLeft.Value)
            .Select(day => new ExpiringPoints(new Points(day.Sum()), day.Key))
            .MinBy(day => day.On);
    }
}

/// <param name="Points">How many of the points expire on that day.</param>
/// <param name="On">Unless the guest orders before.</param>
public sealed record ExpiringPoints(Points Points, DateOnly On);
