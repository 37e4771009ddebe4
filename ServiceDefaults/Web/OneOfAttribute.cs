using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.Web;

/// <summary>One of a few values, which a caller who sends another is told. Left out is always right.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class OneOfAttribute(params string[] values) : ValidationAttribute
{
    public override bool IsValid(object? value) => value is null || (value is string text && values.Contains(text));

    public override string FormatErrorMessage(string name) => $"It must be one of: {string.Join(", ", values)}.";
}
