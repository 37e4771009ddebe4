using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using PhoneNumbers;

namespace Platform.Users.People;

/// <summary>A person's phone number in E.164, such as <c>+79991234567</c>. However it was typed or pasted, one number has one form.</summary>
/// <remarks>
/// Numbering plans are libphonenumber's: a number that no plan has is refused, and so is one that rings at a business (8 800, 0900) and not
/// with a person.
/// </remarks>
internal readonly record struct PhoneNumber
{
    // What the database takes: some plans know shorter numbers.
    private const int ShortestDigits = 7;

    private static readonly PhoneNumberUtil Plans = PhoneNumberUtil.GetInstance();

    private static readonly HashSet<PhoneNumberType> Personal =
    [
        PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.PERSONAL_NUMBER, PhoneNumberType.VOIP,
    ];

    private PhoneNumber(string e164, string written) => (E164, Written) = (e164, written);

    public string E164 { get; }

    /// <summary>In groups, as people read it: <c>+7 999 123-45-67</c>.</summary>
    public string Written { get; }

    public static bool IsRegion(string region) => Plans.GetSupportedRegions().Contains(region);

    /// <param name="typed">Without a country code it is read by the habits of the region: in Russia as <c>8 999 …</c>, <c>7 999 …</c> or <c>999 …</c>.</param>
    /// <param name="region">One for which <see cref="IsRegion"/> holds.</param>
    public static bool TryParse([NotNullWhen(true)] string? typed, string region, out PhoneNumber phone)
    {
        phone = default;
        return DialledOf(typed) is { } dialled && TryRead(dialled, region, out phone);
    }

    /// <summary>A number that a person's Telegram has told: with the country code, but mostly without the plus; or as it is dialled at home.</summary>
    /// <inheritdoc cref="TryParse"/>
    public static bool TryParseContact([NotNullWhen(true)] string? told, string region, out PhoneNumber phone)
    {
        phone = default;
        return DialledOf(told) is { } dialled
            && (TryRead(dialled.StartsWith('+') ? dialled : $"+{dialled}", region, out phone) || TryRead(dialled, region, out phone));
    }

    public bool Equals(PhoneNumber other) => E164 == other.E164;

    public override int GetHashCode() => E164.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => E164;

    private static bool TryRead(string dialled, string region, out PhoneNumber phone)
    {
        phone = default;
        PhoneNumbers.PhoneNumber number;
        try
        {
            number = Plans.Parse(dialled, region);
        }
        // The library has no other way to say so.
        catch (NumberParseException)
        {
            return false;
        }

        var e164 = Plans.Format(number, PhoneNumberFormat.E164);
        if (!Plans.IsValidNumber(number) || !Personal.Contains(Plans.GetNumberType(number)) || e164.Length <= ShortestDigits)
        {
            return false;
        }

        phone = new PhoneNumber(e164, Plans.Format(number, PhoneNumberFormat.INTERNATIONAL));
        return true;
    }

    /// <summary>The digits, and a plus before them if there is one; null when anything else stands among them but what people write between digits.</summary>
    private static string? DialledOf(string? typed)
    {
        var dialled = new StringBuilder(capacity: 16);
        foreach (var rune in (typed ?? "").EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                // In whatever script the keyboard has them.
                case UnicodeCategory.DecimalDigitNumber:
                    dialled.Append((int)Rune.GetNumericValue(rune));
                    break;
                case UnicodeCategory.MathSymbol when rune.Value is '+' or 0xFF0B && dialled.Length == 0:
                    dialled.Append('+');
                    break;
                // Spaces and dashes of any kind, and the signs of direction that come along with a number copied from a contact.
                case UnicodeCategory.SpaceSeparator or UnicodeCategory.DashPunctuation or UnicodeCategory.Format:
                    break;
                default:
                    if (rune.Value is not ('(' or ')' or '.' or '/' or 0x2212))
                    {
                        return null;
                    }

                    break;
            }
        }

        return dialled.Length > 0 ? dialled.ToString() : null;
    }
}
