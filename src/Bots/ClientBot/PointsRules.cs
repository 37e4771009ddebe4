using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts;

namespace Platform.Bots.ClientBot;

/// <summary>What points are given for and what they are worth, as the loyalty service counts.</summary>
internal static class PointsRules
{
    /// <param name="RoublesPerPoint">What has to be paid for one point, before the level's multiplier.</param>
    /// <param name="PointWorth">What a point pays.</param>
    /// <param name="MaxPointsShare">The part of an order that points may pay, from 0 to 1.</param>
    private sealed record Rules(Money RoublesPerPoint, Money PointWorth, decimal MaxPointsShare, IReadOnlyList<Level> Levels);

    private sealed record Level(string Key, decimal EarnMultiplier);

    /// <param name="level">Of the guest; null for the lowest.</param>
    /// <returns>Null while nobody can be asked: what it explains is said without it.</returns>
    public static async Task<string?> LineOf(Turn turn, string? level, CancellationToken ct)
    {
        Rules rules;
        try
        {
            rules = await turn.Gateway.Get<Rules>("/api/loyalty/rules", ct);
        }
        catch (Exception fault) when (fault is GatewayAwayException or GatewayRefusedException)
        {
            return null;
        }

        var line = turn.Line(
            "points.rules", ("roubles", rules.RoublesPerPoint), ("worth", rules.PointWorth), ("share", (long)(rules.MaxPointsShare * 100)));
        var multiplier = rules.Levels.FirstOrDefault(known => known.Key == level)?.EarnMultiplier ?? 1;
        return multiplier > 1 ? $"{line} {turn.Line("points.multiplier", ("multiplier", multiplier))}" : line;
    }
}
