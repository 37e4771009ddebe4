using Platform.Contracts;

namespace Platform.Users.People;

/// <summary>How a person came to the platform, as he registered. Nobody has a row of whom nothing is known.</summary>
internal sealed class AcquisitionChannel
{
    public required UserId UserId { get; init; }

    /// <summary>Such as <c>instagram</c>: what the link said that he came by.</summary>
    public string? Channel { get; init; }

    /// <summary>Whose referral code he came with: one, for ever, and never he himself.</summary>
    public UserId? ReferralUserId { get; init; }

    /// <summary>What the link that he came by said of the campaign: 1 to 100 characters each, or null.</summary>
    public string? UtmSource { get; init; }

    /// <inheritdoc cref="UtmSource"/>
    public string? UtmMedium { get; init; }

    /// <inheritdoc cref="UtmSource"/>
    public string? UtmCampaign { get; init; }

    /// <inheritdoc cref="UtmSource"/>
    public string? UtmContent { get; init; }

    /// <inheritdoc cref="UtmSource"/>
    public string? UtmTerm { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
