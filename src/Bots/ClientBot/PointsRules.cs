using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts;

namespace Platform.Bots.ClientBot;

/// <summary>Explains how points are earned and what they are worth, by the loyalty service's rules.</summary>
internal static class PointsRules
{
    /// <param name="RoublesPerPoint">Amount that earns one point, before the level's multiplier.</param>
    /// <param name="MaxPointsShare">The part of an order that points may pay, from 0 to 1.</param>
    private sealed record Rules(Money RoublesPerPoint, Money PointWorth, decimal MaxPointsShare, IReadOnlyList<Level> Levels);

    private sealed record Level(string Key, decimal EarnMultiplier);

    /// <param name="level">The guest's; null for the lowest.</param>
    /// <returns>Null while the service is unavailable: the message is sent without this line.</returns>
    public static async Task<string?> LineOf(Turn turn, string? level, CancellationToken ct)
    {
        Rules rules;
        try
        {
            rules = await turn.Gateway.Get<Rules>("/api/loyalty/rules", ct);
        }
        catch (Exception fault) when (fault is GatewayUnavailableException or GatewayRefusedException)
        {
            return null;
        }

        var line = turn.Texts.Line(
            "points.rules", ("roubles", rules.RoublesPerPoint), ("worth", rules.PointWorth), ("share", (long)(rules.MaxPointsShare * 100)));
        var multiplier = rules.Levels.FirstOrDefault(known => known.Key == level)?.EarnMultiplier ?? 1;
        return multiplier > 1 ? $"{line} {turn.Texts.Line("points.multiplier", ("multiplier", multiplier))}" : line;
    }
}
