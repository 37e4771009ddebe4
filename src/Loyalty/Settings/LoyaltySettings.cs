using Platform.Contracts;

namespace Platform.Loyalty.Settings;

/// <summary>The rules that the owner edits: the one row of <c>settings</c>. SQL functions read it themselves.</summary>
internal sealed class LoyaltySettings
{
    /// <summary>Always true: there is one row.</summary>
    public bool Id { get; init; } = true;

    /// <summary>
    /// The price of a point: each whole multiple of this amount that a guest pays earns one, before the multipliers of the level and the campaign.
    /// </summary>
    public Money RoublesPerPoint { get; set; }

    /// <summary>Largest share of an order that points may pay, from 0 to 1.</summary>
    public decimal MaxPointsShare { get; set; }

    /// <summary>Months without an order after which points expire; 0 for never.</summary>
    public int PointsExpireAfterMonths { get; set; }

    /// <summary>How many days before points expire the guest is warned; 0 for no warning.</summary>
    public int ExpiryWarningDays { get; set; }

    /// <summary>Points for a new guest; 0 for none.</summary>
    public Points StartBonus { get; set; }

    /// <summary>Points for a guest and the one who invited them, after the first order; 0 for none.</summary>
    public Points ReferralBonus { get; set; }

    /// <summary>What guests get on their birthday; null for nothing.</summary>
    public string? BirthdayGift { get; set; }

    public int BirthdayGiftDays { get; set; }

    public int LevelGiftDays { get; set; }

    public int StampGiftDays { get; set; }

    /// <summary>Points that one member of the staff below the owner may give by hand in a day.</summary>
    public Points ManualPointsPerDay { get; set; }

    /// <summary>Gifts that one barista may give by hand in a day.</summary>
    public int ManualGiftsPerDay { get; set; }

    /// <summary>Null until the owner has edited them.</summary>
    public DateTimeOffset? UpdatedAt { get; set; }
}
