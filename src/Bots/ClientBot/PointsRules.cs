using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts;

namespace Platform.Bots.ClientBot;

/// <summary>Explains how points are earned and what they are worth, by the loyalty service's rules.</summary>
internal static class PointsRules
{
    /// <param name="RoublesPerPoint">Amount that earns one point, before the level's multiplier.</param>
    /// <param name="MaxPointsShare">The part of an order that points may pay, from 0 to 1.</param>
    /// <param name="ReferralBonus">Points for a guest and the one who invited them; 0 for none.</param>
    public sealed record Rules(
        Money RoublesPerPoint, Money PointWorth, decimal MaxPointsShare, IReadOnlyList<Level> Levels, Points ReferralBonus = default);

    public sealed record Level(string Key, decimal EarnMultiplier);

    /// <returns>Null while the service is unavailable: messages are sent without these lines.</returns>
    public static async Task<Rules?> Read(Turn turn, CancellationToken ct)
    {
        try
        {
            return await turn.Gateway.Get<Rules>("/api/loyalty/rules", ct);
        }
        catch (Exception fault) when (fault is GatewayUnavailableException or GatewayRefusedException)
        {
            return null;
        }
    }

    /// <param name="level">The guest's; null for the lowest.</param>
    public static string? LineOf(Turn turn, Rules? rules, string? level)
    {
        if (rules is null)
        {
            return null;
        }

        var line = turn.Texts.Line(
            "points.rules", ("roubles", rules.RoublesPerPoint), ("worth", rules.PointWorth), ("share", (long)(rules.MaxPointsShare * 100)));
        var multiplier = rules.Levels.FirstOrDefault(known => known.Key == level)?.EarnMultiplier ?? 1;
        return multiplier > 1 ? $"{line} {turn.Texts.Line("points.multiplier", ("multiplier", multiplier))}" : line;
    }

    /// <summary>The link with which a guest invites others.</summary>
    /// <returns>Null while invitations bring no points.</returns>
    public static string? InvitationOf(Turn turn, Rules? rules, string? referralCode) =>
        rules?.ReferralBonus > Points.Zero && referralCode is not null && turn.Username is { } bot
            ? turn.Texts.Line(
                "points.invitation", ("link", $"https://t.me/{bot}?start={Registration.ReferralLink}{referralCode}"), ("bonus", rules.ReferralBonus))
            : null;
}
