using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Levels;

/// <summary>
/// Replaces the levels. Guests who now have enough points for a higher one get it at once; those whose level became harder to reach keep it.
/// Past orders keep the points that they earned.
/// </summary>
internal static class ReplaceLevels
{
    /// <summary>Added to the ranks and thresholds of all levels, so that none meets an old one while they change.</summary>
    private const long OutOfTheWay = 10_000_000_000;

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Replaces the levels of the programme")
        .WithDescription(
            "The list is the whole programme, lowest level first. Guests with enough points for a higher level get it at once. "
            + "A guest keeps a level whose threshold is raised. A level that guests have cannot be removed, and levels do not change places.")
        .WithExample(LevelList.Example, LevelList.Example)
        .Refuses(LoyaltyErrors.LevelsInvalid);

    public static async Task<Results<Ok<LevelList>, ProblemHttpResult>> Handle(
        LevelList list, Caller caller, LoyaltyDb db, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        var (levels, now) = (list.Levels, clock.GetUtcNow());
        if (levels[0].Threshold != Points.Zero || levels.Zip(levels.Skip(1)).Any(pair => pair.First.Threshold >= pair.Second.Threshold)
            // Or a refund that takes a level away would have to give points.
            || levels.Zip(levels.Skip(1)).Any(pair => pair.First.EarnMultiplier > pair.Second.EarnMultiplier)
            || levels.DistinctBy(level => level.Key).Count() < levels.Count)
        {
            return Problems.For(LoyaltyErrors.LevelsInvalid);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Orders wait, so that none reaches a level by the old thresholds after guests were compared with the new ones.
        await db.Database.ExecuteSqlAsync($"lock table accounts in exclusive mode", ct);
        var before = await LevelList.Read(db, ct);
        var (old, kept) = (before.Levels.Select(level => level.Key).ToList(), levels.Select(level => level.Key).ToList());
        var removed = old.Except(kept).ToList();
        if (await db.Accounts.AnyAsync(account => removed.Contains(account.Level), ct) || !old.Intersect(kept).SequenceEqual(kept.Intersect(old)))
        {
            return Problems.For(LoyaltyErrors.LevelsInvalid);
        }

        await db.Database.ExecuteSqlAsync($"delete from levels where key = any ({removed})", ct);
        await db.Database.ExecuteSqlAsync($"update levels set rank = rank + {kept.Count + old.Count}, threshold = threshold + {OutOfTheWay}", ct);
        foreach (var (rank, level) in levels.Index())
        {
            await db.Database.ExecuteSqlAsync($"""
                insert into levels (key, rank, threshold, earn_multiplier, name, gift)
                values ({level.Key}, {rank}, {level.Threshold.Value}, {level.EarnMultiplier}, {level.Name?.Trim()}, {level.Gift?.Trim()})
                on conflict (key) do update set
                    rank = excluded.rank, threshold = excluded.threshold, earn_multiplier = excluded.earn_multiplier, name = excluded.name, gift = excluded.gift
                """, ct);
        }

        var traceparent = Activity.Current?.Id;
        var raised = (await db.Database.SqlQuery<long>($"select raise_levels({now}, {traceparent}) as \"Value\"").ToListAsync(ct)).Single();

        var after = await LevelList.Read(db, ct);
        audit.Write(db, caller, "levels.replace", "levels", new { before = before.Levels, after = after.Levels, guestsRaised = raised });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(after);
    }
}
