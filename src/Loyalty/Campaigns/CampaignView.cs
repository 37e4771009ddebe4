using Platform.Contracts;

namespace Platform.Loyalty.Campaigns;

/// <param name="Multiplier">Factor for the points of an order, after that of the level; null for bonus points.</param>
/// <param name="BonusPoints">Added to the points of an order; null for a multiplier.</param>
/// <param name="To">The first instant after it.</param>
/// <param name="Active">False while the owner has it switched off.</param>
public sealed record CampaignView(
    CampaignId CampaignId,
    string Title,
    decimal? Multiplier,
    Points? BonusPoints,
    DateTimeOffset From,
    DateTimeOffset To,
    bool Active,
    CampaignSegment Segment)
{
    internal static readonly CampaignView Example = new(
        new CampaignId(4), "Двойные баллы", 2m, BonusPoints: null, new DateTimeOffset(2026, 1, 31, 21, 0, 0, TimeSpan.Zero),
        new DateTimeOffset(2026, 2, 14, 21, 0, 0, TimeSpan.Zero), Active: true, new CampaignSegment(["gold", "platinum"]));

    internal static CampaignView Of(Campaign campaign) => new(
        campaign.Id, campaign.Title, campaign.Multiplier, campaign.BonusPoints, campaign.StartsAt, campaign.EndsAt, campaign.Active,
        new CampaignSegment(campaign.Levels, campaign.BirthdayMonth ? true : null, campaign.InactiveDays));
}
