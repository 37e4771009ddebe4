using System.ComponentModel.DataAnnotations;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Settings;

/// <summary>The rules that the owner edits.</summary>
/// <param name="RoublesPerPoint">Roubles paid that earn one point, before multipliers; remainders earn nothing.</param>
/// <param name="MaxPointsShare">Largest share of an order that points may pay, from 0 to 1.</param>
/// <param name="PointsExpireAfterMonths">Months without an order after which points expire; 0 for never.</param>
/// <param name="ExpiryWarningDays">How many days before points expire the guest is warned; 0 for no warning.</param>
/// <param name="StartBonus">Points for a new guest; 0 for none.</param>
/// <param name="ReferralBonus">Points for a guest and the one who invited them, after the first order; 0 for none.</param>
/// <param name="BirthdayGift">What guests get on their birthday; left out for nothing.</param>
/// <param name="BirthdayGiftDays">How long that gift is valid.</param>
/// <param name="LevelGiftDays">How long the gift of a new level is valid.</param>
/// <param name="StampGiftDays">How long the reward of a full stamp card is valid.</param>
/// <param name="ManualPointsPerDay">Points that a barista or a shift manager may give by hand in a day.</param>
/// <param name="ManualGiftsPerDay">Gifts that a barista may give by hand in a day.</param>
public sealed record SettingsContent(
    [Range(typeof(Money), "0.01", "1000000")] Money RoublesPerPoint,
    [Range(typeof(decimal), "0", "1", ParseLimitsInInvariantCulture = true)] decimal MaxPointsShare,
    [Range(0, 120)] int PointsExpireAfterMonths,
    [Range(0, 365)] int ExpiryWarningDays,
    [Range(typeof(Points), "0", "100000")] Points StartBonus,
    [Range(typeof(Points), "0", "100000")] Points ReferralBonus,
    [StringLength(100), NotBlank, PlainText] string? BirthdayGift,
    [Range(1, 365)] int BirthdayGiftDays,
    [Range(1, 365)] int LevelGiftDays,
    [Range(1, 365)] int StampGiftDays,
    [Range(typeof(Points), "0", "1000000")] Points ManualPointsPerDay,
    [Range(0, 10_000)] int ManualGiftsPerDay) : IValidatableObject
{
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (decimal.Round(MaxPointsShare, 3) != MaxPointsShare)
        {
            yield return new ValidationResult("Send at most 3 decimal places.", [nameof(MaxPointsShare)]);
        }
    }

    internal static readonly SettingsContent Example = new(
        new Money(100), 0.3m, PointsExpireAfterMonths: 12, ExpiryWarningDays: 14, StartBonus: Points.Zero, ReferralBonus: new Points(50),
        "Напиток на выбор", BirthdayGiftDays: 14, LevelGiftDays: 30, StampGiftDays: 30, ManualPointsPerDay: new Points(500), ManualGiftsPerDay: 20);

    internal static SettingsContent Of(LoyaltySettings settings) => new(
        settings.RoublesPerPoint, settings.MaxPointsShare, settings.PointsExpireAfterMonths, settings.ExpiryWarningDays, settings.StartBonus,
        settings.ReferralBonus, settings.BirthdayGift, settings.BirthdayGiftDays, settings.LevelGiftDays, settings.StampGiftDays,
        settings.ManualPointsPerDay, settings.ManualGiftsPerDay);

    internal void ApplyTo(LoyaltySettings settings, DateTimeOffset now)
    {
        settings.RoublesPerPoint = RoublesPerPoint;
        settings.MaxPointsShare = MaxPointsShare;
        settings.PointsExpireAfterMonths = PointsExpireAfterMonths;
        settings.ExpiryWarningDays = ExpiryWarningDays;
        settings.StartBonus = StartBonus;
        settings.ReferralBonus = ReferralBonus;
        settings.BirthdayGift = BirthdayGift?.Trim();
        settings.BirthdayGiftDays = BirthdayGiftDays;
        settings.LevelGiftDays = LevelGiftDays;
        settings.StampGiftDays = StampGiftDays;
        settings.ManualPointsPerDay = ManualPointsPerDay;
        settings.ManualGiftsPerDay = ManualGiftsPerDay;
        settings.UpdatedAt = now;
    }
}
