using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using PhoneNumbers;

namespace Platform.Users.People;

/// <summary>A person's phone number in E.164, such as <c>+79991234567</c>, however it was typed or pasted.</summary>
/// <remarks>By libphonenumber's numbering plans. Numbers outside every plan and business numbers (8 800, 0900) are refused.</remarks>
internal readonly record struct PhoneNumber
{
    // The database's minimum; some plans have shorter numbers.
    private const int ShortestDigits = 7;

    private static readonly PhoneNumberUtil Plans = PhoneNumberUtil.GetInstance();

    private static readonly HashSet<PhoneNumberType> Personal =
    [
        PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.PERSONAL_NUMBER, PhoneNumberType.VOIP,
    ];

    private PhoneNumber(string e164, string written) => (E164, Written) = (e164, written);

    public string E164 { get; }

    /// <summary>Formatted in groups: <c>+7 999 123-45-67</c>.</summary>
    public string Written { get; }

    public static bool IsRegion(string region) => Plans.GetSupportedRegions().Contains(region);

    /// <param name="typed">Without a country code it is parsed by the rules of the region: in Russia <c>8 999 …</c>, <c>7 999 …</c> or <c>999 …</c>.</param>
    /// <param name="region">Accepted by <see cref="IsRegion"/>.</param>
    public static bool TryParse([NotNullWhen(true)] string? typed, string region, out PhoneNumber phone)
    {
        phone = default;
        return ReadDialled(typed) is { } dialled && TryRead(dialled, region, out phone);
    }

    /// <summary>Parses a number from a Telegram contact: with the country code but mostly without the plus, or in national form.</summary>
    public static bool TryParseContact([NotNullWhen(true)] string? contact, string region, out PhoneNumber phone)
    {
        phone = default;
        return ReadDialled(contact) is { } dialled
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
        // The library has no TryParse.
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

    /// <summary>The digits, with a leading plus if there is one; null when there is anything but digits and usual separators.</summary>
    private static string? ReadDialled(string? typed)
    {
        var dialled = new StringBuilder(capacity: 16);
        foreach (var rune in (typed ?? "").EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                // Digits of any script.
                case UnicodeCategory.DecimalDigitNumber:
                    dialled.Append((int)Rune.GetNumericValue(rune));
                    break;
                case UnicodeCategory.MathSymbol when rune.Value is '+' or 0xFF0B && dialled.Length == 0:
                    dialled.Append('+');
                    break;
                // Any spaces and dashes, and the direction marks that come with a number copied from a contact.
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
