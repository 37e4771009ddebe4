using System.ComponentModel.DataAnnotations;

namespace Platform.Users.People;

/// <summary>A date of birth: in the past, but not before 1900.</summary>
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
