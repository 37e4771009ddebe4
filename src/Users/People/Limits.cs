using System.ComponentModel.DataAnnotations;

namespace Platform.Users.People;

/// <summary>Something that a person typed about himself: no control characters, which no form sends and which PostgreSQL partly refuses.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class PlainTextAttribute() : RegularExpressionAttribute(@"^\P{Cc}*\z")
{
    public override string FormatErrorMessage(string name) => $"The field {name} must not contain line breaks or other control characters.";
}

/// <summary>Left out, or more than blanks.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class NotBlankAttribute : ValidationAttribute
{
    public NotBlankAttribute() : base("The field {0} must not be blank; leave it out instead.")
    {
    }

    public override bool IsValid(object? value) => value is not string text || !string.IsNullOrWhiteSpace(text);
}

/// <summary>A date of birth: in the past, and of somebody who can be alive.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class BirthDateAttribute : ValidationAttribute
{
    public static readonly DateOnly Earliest = new(1900, 1, 1);

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not DateOnly birthDate)
        {
            return ValidationResult.Success;
        }

        var clock = validationContext.GetRequiredService<TimeProvider>();
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        return birthDate >= Earliest && birthDate < today
            ? ValidationResult.Success
            : new ValidationResult($"The field {validationContext.DisplayName} must be a date in the past, from 1900 on.");
    }
}
