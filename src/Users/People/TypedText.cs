using System.Globalization;
using System.Text;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.People;

/// <summary>Cleans text that people type and others see: removes invisible characters, which can hide or reverse the text around them.</summary>
internal static class TypedText
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;
    private const int BlackFlag = 0x1F3F4;

    /// <returns>The text with single spaces and no invisible characters, except joiners of emoji and Persian letters inside it.</returns>
    public static string Clean(string typed)
    {
        var clean = new StringBuilder(typed.Length);
        var pending = "";
        var last = default(Rune);
        foreach (var rune in typed.EnumerateRunes())
        {
            if (NotBlankAttribute.IsBlank(rune))
            {
                pending = " ";
            }
            else if (rune.Value is ZeroWidthJoiner or ZeroWidthNonJoiner)
            {
                // Kept only between two characters.
                pending = pending.Length == 0 && clean.Length > 0 ? rune.ToString() : pending;
            }
            else if (Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Format || IsFlagTag(rune, after: last))
            {
                clean.Append(clean.Length > 0 ? pending : "").Append(rune.ToString());
                (pending, last) = ("", rune);
            }
        }

        return clean.ToString();
    }

    public static string? CleanOrNull(string? typed) => typed is null ? null : Clean(typed);

    public static bool HasLetter(string typed) => Clean(typed).EnumerateRunes().Any(Rune.IsLetter);

    // Tag letters of flags such as 🏴󠁧󠁢󠁥󠁮󠁧󠁿.
    private static bool IsFlagTag(Rune rune, Rune after) =>
        rune.Value is >= 0xE0020 and <= 0xE007F && (after.Value is BlackFlag or (>= 0xE0020 and <= 0xE007F));
}
