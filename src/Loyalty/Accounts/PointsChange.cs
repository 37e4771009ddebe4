using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Database;
using Platform.Loyalty.Storage;

namespace Platform.Loyalty.Accounts;

/// <summary>Changes a guest's points from a handler of an event, with the SQL function <c>change_points</c>, in the handler's transaction.</summary>
internal sealed class PointsChange(LoyaltyDb db, TimeProvider clock)
{
    /// <param name="sourceId">The cause. Each changes an account's points once for each reason.</param>
    /// <param name="why">What explains the entry to the guest.</param>
    public async Task<PointsOutcome> Change(UserId userId, Points change, EntryReason reason, string sourceId, object why, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var outcomes = await db.Database.SqlQuery<string>($"""
            select outcome::text as "Value"
            from change_points(
                {userId.Value}, {change.Value}, {EnumText.Of(reason)}, {sourceId}, {JsonSerializer.Serialize(why)}::jsonb,
                {now}, {Guid.CreateVersion7(now)}, {Activity.Current?.Id})
            """).ToListAsync(ct);
        return EnumText.Parse<PointsOutcome>(outcomes.Single());
    }
}
