using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.Web;

/// <summary>The value must be one of these, or absent. The validation message lists them.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class OneOfAttribute(params string[] values) : ValidationAttribute
{
    public override bool IsValid(object? value) => value is null || (value is string text && values.Contains(text));

    public override string FormatErrorMessage(string name) => $"It must be one of: {string.Join(", ", values)}.";
}
