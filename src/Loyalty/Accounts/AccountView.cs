using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Settings;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;

namespace Platform.Loyalty.Accounts;

/// <param name="Level">Key of the level: <c>standard</c>, <c>silver</c>, <c>gold</c>, <c>platinum</c>.</param>
/// <param name="Debt">Points owed after a refund; the guest's next points pay them first.</param>
/// <param name="LifetimePoints">Points ever earned, minus those taken back by refunds; spending does not lower them.</param>
/// <param name="NextLevel">Null at the highest level.</param>
/// <param name="PointsExpiring">The points that expire first; null when none will.</param>
public sealed record AccountView(
    UserId UserId, Points Points, Points Debt, string Level, DateTimeOffset LevelSince, Points LifetimePoints, NextLevel? NextLevel,
    ExpiringPoints? PointsExpiring = null)
{
    internal static readonly AccountView Example = new(
        new UserId(5), new Points(12), Points.Zero, "standard", new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero), new Points(12),
        new NextLevel("silver", new Points(88)), new ExpiringPoints(new Points(12), new DateOnly(2027, 1, 15)));

    internal static async Task<AccountView?> Read(LoyaltyDb db, UserId userId, BusinessClock wall, CancellationToken ct)
    {
        var found = await db.Accounts
            .Where(account => account.UserId == userId)
            .Select(account => new
            {
                Account = account,
                Months = db.Set<LoyaltySettings>().Single().PointsExpireAfterMonths,
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
        var expiring = await new PointsExpiry(account.LastOrderAt, found.Months).Next(db, userId, wall, ct);
        return new AccountView(account.UserId, account.Points, account.Debt, account.Level, account.LevelSince, account.LifetimePoints, next, expiring);
    }
}

/// <param name="PointsLeft">Lifetime points still needed to reach it.</param>
public sealed record NextLevel(string Key, Points PointsLeft);
