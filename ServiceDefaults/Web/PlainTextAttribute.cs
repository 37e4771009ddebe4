using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.Web;

/// <summary>One line of text: no line breaks or other control characters, some of which PostgreSQL refuses.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PlainTextAttribute() : RegularExpressionAttribute(@"^\P{Cc}*\z")
{
    public override string FormatErrorMessage(string name) => $"The field {name} must not contain line breaks or other control characters.";
}
