using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;

namespace Platform.Loyalty.Accounts;

/// <param name="Level">Key of the level: <c>standard</c>, <c>silver</c>, <c>gold</c>, <c>platinum</c>.</param>
/// <param name="Debt">Points owed after a refund; the guest's next points pay them first.</param>
/// <param name="LifetimePoints">Points ever earned, minus those taken back by refunds; spending does not lower them.</param>
/// <param name="NextLevel">Null at the highest level.</param>
/// <param name="PointsExpiring">The points that expire first unless the guest orders again; null when none do.</param>
public sealed record AccountView(
    UserId UserId,
    Points Points,
    Points Debt,
    string Level,
    DateTimeOffset LevelSince,
    Points LifetimePoints,
    NextLevel? NextLevel,
    FirstExpiry? PointsExpiring)
{
    internal static readonly AccountView Example = new(
        new UserId(5), new Points(12), Points.Zero, "standard", new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero), new Points(12),
        new NextLevel("silver", new Points(88)), new FirstExpiry(new Points(12), new DateOnly(2027, 1, 15)));

    internal static async Task<AccountView?> Read(LoyaltyDb db, BusinessClock wall, UserId userId, CancellationToken ct)
    {
        var found = await db.Accounts
            .Where(account => account.UserId == userId)
            .Select(account => new
            {
                Account = account,
                Next = db.Levels
                    .Where(level => level.Rank > db.Levels.Single(held => held.Key == account.Level).Rank)
                    .OrderBy(level => level.Rank)
                    .FirstOrDefault(),
            })
            .AsNoTracking()
            .SingleOrDefaultAsync(ct);
        if (found is null)
        {
            return null;
        }

        var account = found.Account;
        var next = found.Next is { } level ? new NextLevel(level.Key, level.Threshold - account.LifetimePoints) : null;
        return new AccountView(account.UserId, account.Points, account.Debt, account.Level, account.LevelSince, account.LifetimePoints, next,
            account.Points == Points.Zero ? null : await Expiring(db, wall, userId, ct));
    }

    private static async Task<FirstExpiry?> Expiring(LoyaltyDb db, BusinessClock wall, UserId userId, CancellationToken ct)
    {
        var first = await db.Database.SqlQuery<FirstToExpire>($"""
            select sum(lot.points_left)::bigint as "Points", (expiry.at at time zone {wall.TimeZone})::date as "OnDay"
            from accounts account join point_lots lot using (user_id), settings,
                lot_expires_at(lot.earned_at, lot.expires_at, account.last_order_at, settings.points_expire_after_months) as expiry (at)
            where user_id = {userId.Value} and lot.points_left > 0 and expiry.at is not null
            group by 2 order by 2 limit 1
            """).AsAsyncEnumerable().SingleOrDefaultAsync(ct);
        return first is null ? null : new FirstExpiry(new Points(first.Points), first.OnDay);
    }

    private sealed record FirstToExpire(long Points, DateOnly OnDay);
}

/// <param name="On">The day in the business's time zone.</param>
public sealed record FirstExpiry(Points Points, DateOnly On);

/// <param name="PointsLeft">Lifetime points still needed to reach it.</param>
public sealed record NextLevel(string Key, Points PointsLeft);
