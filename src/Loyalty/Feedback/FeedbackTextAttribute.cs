using System.ComponentModel.DataAnnotations;

namespace Platform.Loyalty.Feedback;

/// <summary>Text of several lines, without other control characters, some of which PostgreSQL refuses.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class FeedbackTextAttribute() : RegularExpressionAttribute(@"^(\P{Cc}|[\r\n\t])*\z")
{
    public override string FormatErrorMessage(string name) => $"The field {name} must not contain control characters other than line breaks.";
}
