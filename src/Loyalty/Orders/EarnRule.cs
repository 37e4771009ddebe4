using Platform.Contracts;

namespace Platform.Loyalty.Orders;

/// <summary>The rule by which an order earns.</summary>
/// <param name="Rule">Always <c>earn</c>: a point for each whole <paramref name="Per"/> of what is paid, times
/// <paramref name="Multiplier"/>, rounded down, and the campaign's bonus points on top of that.</param>
/// <param name="Multiplier">That of the level times that of the campaign.</param>
/// <param name="Level">Key of the level by which it earns.</param>
/// <param name="Campaign">The campaign that applies; null for none.</param>
public sealed record EarnRule(string Rule, Money Per, decimal Multiplier, string Level, decimal LevelMultiplier, EarnCampaign? Campaign)
{
    internal static readonly EarnRule Example = new("earn", new Money(100), 1.05m, "silver", 1.05m, Campaign: null);

    /// <summary>The columns of <c>quote_order</c> and <c>place_order</c> that name the rule.</summary>
    internal record Row
    {
        public decimal RoublesPerPoint { get; init; }

        public string? EarnLevel { get; init; }

        public decimal LevelMultiplier { get; init; }

        public long? CampaignId { get; init; }

        public string? CampaignTitle { get; init; }

        public decimal? CampaignMultiplier { get; init; }

        public long? CampaignBonus { get; init; }

        public EarnRule Rule() => new(
            "earn",
            new Money(RoublesPerPoint),
            LevelMultiplier * (CampaignMultiplier ?? 1),
            EarnLevel!,
            LevelMultiplier,
            CampaignId is { } campaign
                ? new EarnCampaign(new CampaignId(campaign), CampaignTitle!, CampaignMultiplier, CampaignBonus is { } bonus ? new Points(bonus) : null)
                : null);
    }
}

/// <param name="Multiplier">Its factor; null when it gives bonus points.</param>
/// <param name="BonusPoints">Points on top; null when it has a multiplier.</param>
public sealed record EarnCampaign(CampaignId Id, string Title, decimal? Multiplier, Points? BonusPoints);
