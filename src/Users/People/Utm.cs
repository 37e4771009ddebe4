using System.ComponentModel.DataAnnotations;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.People;

/// <summary>What the parameters <c>utm_source</c> and so on of a link say of the campaign that it belongs to; each may be left out.</summary>
public sealed record Utm(
    [StringLength(100), PlainText, NotBlank] string? Source = null,
    [StringLength(100), PlainText, NotBlank] string? Medium = null,
    [StringLength(100), PlainText, NotBlank] string? Campaign = null,
    [StringLength(100), PlainText, NotBlank] string? Content = null,
    [StringLength(100), PlainText, NotBlank] string? Term = null)
{
    internal static readonly Utm Example = new("instagram", "social", "spring-2026", "stories", "coffee near me");

    internal bool IsEmpty => this is { Source: null, Medium: null, Campaign: null, Content: null, Term: null };

    internal static Utm? Of(AcquisitionChannel came) =>
        new Utm(came.UtmSource, came.UtmMedium, came.UtmCampaign, came.UtmContent, came.UtmTerm) is { IsEmpty: false } utm ? utm : null;
}
