using System.ComponentModel.DataAnnotations;

namespace Platform.Users.People;

/// <summary>Left out, or with a letter of any script: what people and places are called by.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class LetteredAttribute : ValidationAttribute
{
    public LetteredAttribute() : base("The field {0} must have at least one letter.")
    {
    }

    public override bool IsValid(object? value) => value is not string text || TypedText.HasLetter(text);
}
