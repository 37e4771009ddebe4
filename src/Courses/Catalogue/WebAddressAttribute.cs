using System.ComponentModel.DataAnnotations;

namespace Platform.Courses.Catalogue;

/// <summary>A whole address of the web: what is shown to people as a link leads nowhere else.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class WebAddressAttribute() : ValidationAttribute("The field {0} must be a whole address that begins with https:// or http://.")
{
    public override bool IsValid(object? value) =>
        value is not string text
        || (Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            && Uri.IsWellFormedUriString(text, UriKind.Absolute));
}
