using System.Globalization;
using System.Text;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.People;

/// <summary>What people type of themselves and others are shown: without the signs that nobody sees and that turn or hide the text around them.</summary>
internal static class TypedText
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;
    private const int BlackFlag = 0x1F3F4;

    /// <returns>
    /// The text with single spaces, and without direction signs, zero-width spaces and the like. What joins an emoji or parts Persian letters
    /// stays, within the text.
    /// </returns>
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
                // Between two characters only.
                pending = pending.Length == 0 && clean.Length > 0 ? rune.ToString() : pending;
            }
            else if (Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Format || IsOfFlag(rune, after: last))
            {
                clean.Append(clean.Length > 0 ? pending : "").Append(rune.ToString());
                (pending, last) = ("", rune);
            }
        }

        return clean.ToString();
    }

    /// <inheritdoc cref="Clean"/>
    /// <returns>Null when nothing was typed.</returns>
    public static string? CleanOrNull(string? typed) => typed is null ? null : Clean(typed);

    public static bool HasLetter(string typed) => Clean(typed).EnumerateRunes().Any(Rune.IsLetter);

    // The letters of 🏴󠁧󠁢󠁥󠁮󠁧󠁿 and its like.
    private static bool IsOfFlag(Rune rune, Rune after) => rune.Value is >= 0xE0020 and <= 0xE007F && (after.Value is BlackFlag or (>= 0xE0020 and <= 0xE007F));
}
