using Platform.Contracts;

namespace Platform.Users.People;

/// <summary>How a person found the platform, recorded at registration. No row when nothing is known.</summary>
internal sealed class AcquisitionChannel
{
    public required UserId UserId { get; init; }

    /// <summary>Such as <c>instagram</c>, from the link they followed.</summary>
    public string? Channel { get; init; }

    /// <summary>The owner of the referral code they used; never themselves, and it never changes.</summary>
    public UserId? ReferralUserId { get; init; }

    /// <summary>Campaign parameters of the link they followed: 1 to 100 characters each, or null.</summary>
    public string? UtmSource { get; init; }

    public string? UtmMedium { get; init; }

    public string? UtmCampaign { get; init; }

    public string? UtmContent { get; init; }

    public string? UtmTerm { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
