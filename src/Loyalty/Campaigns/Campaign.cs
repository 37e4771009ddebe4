using Platform.Contracts;

namespace Platform.Loyalty.Campaigns;

/// <summary>More points for orders of a period and of some guests. Of several, the one that earns the guest most applies.</summary>
internal sealed class Campaign
{
    public CampaignId Id { get; init; }

    public required string Title { get; set; }

    /// <summary>Factor for the points of an order, beside the level's; null when it gives bonus points.</summary>
    public decimal? Multiplier { get; set; }

    /// <summary>Points on top of those of an order that earns any; null when it has a multiplier.</summary>
    public Points? BonusPoints { get; set; }

    public required DateTimeOffset StartsAt { get; set; }

    /// <summary>The first moment after it.</summary>
    public required DateTimeOffset EndsAt { get; set; }

    public required bool Active { get; set; }

    /// <summary>Keys of the levels whose guests it is for; null for all.</summary>
    public IReadOnlyList<string>? Levels { get; set; }

    /// <summary>Only for guests in the month of their birthday.</summary>
    public bool BirthdayMonth { get; set; }

    /// <summary>Only for guests without an order for this many days; null for all.</summary>
    public int? InactiveDays { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
