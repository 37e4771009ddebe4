using System.ComponentModel.DataAnnotations;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.People;

/// <summary>Campaign parameters of a link, <c>utm_source</c> and so on; each is optional.</summary>
public sealed record Utm(
    [StringLength(100), PlainText, NotBlank] string? Source = null,
    [StringLength(100), PlainText, NotBlank] string? Medium = null,
    [StringLength(100), PlainText, NotBlank] string? Campaign = null,
    [StringLength(100), PlainText, NotBlank] string? Content = null,
    [StringLength(100), PlainText, NotBlank] string? Term = null)
{
    internal static readonly Utm Example = new("instagram", "social", "spring-2026", "stories", "coffee near me");

    internal bool IsEmpty => this is { Source: null, Medium: null, Campaign: null, Content: null, Term: null };

    internal static Utm? From(AcquisitionChannel came) =>
        new Utm(came.UtmSource, came.UtmMedium, came.UtmCampaign, came.UtmContent, came.UtmTerm) is { IsEmpty: false } utm ? utm : null;
}
