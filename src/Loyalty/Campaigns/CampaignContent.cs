using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Campaigns;

/// <summary>A campaign as owners enter it.</summary>
/// <param name="Multiplier">Factor for the points of an order, after that of the level. Either this or bonus points.</param>
/// <param name="BonusPoints">Added to the points of an order.</param>
/// <param name="From">A day of the business, or an instant.</param>
/// <param name="To">The last day, or the instant at which it ends.</param>
/// <param name="Segment">The guests whom it is for; everyone when left out.</param>
public sealed record CampaignContent(
    [Required, StringLength(100), NotBlank, PlainText] string Title,
    [Range(typeof(decimal), "1", "10", ParseLimitsInInvariantCulture = true)] decimal? Multiplier,
    [Range(typeof(Points), "1", "100000")] Points? BonusPoints,
    [Required, StringLength(40)] string From,
    [Required, StringLength(40)] string To,
    bool Active = true,
    CampaignSegment? Segment = null) : IValidatableObject
{
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Multiplier is { } multiplier && decimal.Round(multiplier, 2) != multiplier)
        {
            yield return new ValidationResult("Send at most 2 decimal places.", [nameof(Multiplier)]);
        }

        foreach (var (name, edge) in new[] { (nameof(From), From), (nameof(To), To) })
        {
            if (!PeriodEdge.TryParse(edge, CultureInfo.InvariantCulture, out _))
            {
                yield return new ValidationResult("Send a day, such as 2026-01-31, or an instant with its offset.", [name]);
            }
        }
    }

    internal static readonly CampaignContent Example = new(
        "Двойные баллы", Multiplier: 2m, BonusPoints: null, "2026-02-01", "2026-02-14", Active: true, new CampaignSegment(["gold", "platinum"], null, null));

    /// <returns>Null when it ends before it begins, has no effect or two, or is for a level that does not exist.</returns>
    internal async Task<(DateTimeOffset StartsAt, DateTimeOffset EndsAt)?> Check(LoyaltyDb db, BusinessClock wall, CancellationToken ct)
    {
        var start = PeriodEdge.Parse(From, CultureInfo.InvariantCulture).Start(wall);
        var end = PeriodEdge.Parse(To, CultureInfo.InvariantCulture).End(wall);
        var levels = (Segment?.Levels ?? []).Distinct().ToList();
        return Multiplier is null != BonusPoints is null && start < end
            && await db.Levels.CountAsync(level => levels.Contains(level.Key), ct) == levels.Count
            ? (start, end)
            : null;
    }

    internal void ApplyTo(Campaign campaign, (DateTimeOffset StartsAt, DateTimeOffset EndsAt) period)
    {
        campaign.Title = Title.Trim();
        campaign.Multiplier = Multiplier;
        campaign.BonusPoints = BonusPoints;
        (campaign.StartsAt, campaign.EndsAt) = period;
        campaign.Active = Active;
        campaign.Levels = Segment?.Levels is { Count: > 0 } levels ? [.. levels.Distinct()] : null;
        campaign.BirthdayMonth = Segment?.BirthdayMonth is true;
        campaign.InactiveDays = Segment?.InactiveDays;
    }
}

/// <param name="Levels">Guests of these levels.</param>
/// <param name="BirthdayMonth">Guests whose birthday is in the month of the order.</param>
/// <param name="InactiveDays">Guests whose last order was at least this many days ago.</param>
public sealed record CampaignSegment(
    [MaxLength(20)] IReadOnlyList<string>? Levels = null,
    bool? BirthdayMonth = null,
    [Range(1, 3650)] int? InactiveDays = null);
