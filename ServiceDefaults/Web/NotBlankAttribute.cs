using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;

namespace Platform.ServiceDefaults.Web;

/// <summary>Left out, or with at least one character that can be seen.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class NotBlankAttribute() : ValidationAttribute("The field {0} must not be blank; leave it out instead.")
{
    /// <summary>Letters in Unicode, but blank on every screen: Hangul and Khmer fillers, and Braille without dots.</summary>
    private static readonly HashSet<int> Fillers = [0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0];

    public override bool IsValid(object? value) => value is not string text || IsVisible(text);

    public static bool IsVisible(string text) => text.EnumerateRunes().Any(rune => !IsBlank(rune) && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Format or UnicodeCategory.Control
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark));

    /// <summary>Whether it is white space, or looks like it.</summary>
    public static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune) || Fillers.Contains(rune.Value);
}
