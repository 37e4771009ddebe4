using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Platform.Users.People;

/// <summary>A phone number in E.164: <c>+</c> and 7 to 15 digits. However it was typed, one number has one form.</summary>
/// <remarks>
/// Russian habits are understood: <c>8 999 123-45-67</c> and <c>7 999 …</c> without the plus are <c>+7 999 …</c>, and a
/// number of +7 has ten digits after it (numbering plan of Russia and Kazakhstan). <c>+8 999 …</c> is refused: it is one habit or the
/// other, and no country has +89.
/// </remarks>
internal readonly record struct PhoneNumber
{
    private PhoneNumber(string e164) => E164 = e164;

    public string E164 { get; }

    public static bool TryParse([NotNullWhen(true)] string? typed, out PhoneNumber phone)
    {
        phone = default;
        var digits = new StringBuilder(capacity: 16);
        var hasPlus = false;
        foreach (var character in (typed ?? "").Trim())
        {
            switch (character)
            {
                case >= '0' and <= '9':
                    digits.Append(character);
                    break;
                case '+' when !hasPlus && digits.Length == 0:
                    hasPlus = true;
                    break;
                case ' ' or '\u00A0' or '-' or '\u2011' or '\u2013' or '(' or ')' or '.':
                    break;
                default:
                    return false;
            }
        }

        if (!hasPlus)
        {
            if (digits.Length != 11 || digits[0] is not ('7' or '8'))
            {
                return false;
            }

            digits[0] = '7';
        }

        if (digits.Length is < 7 or > 15 || digits[0] == '0' || (digits[0] == '7' && digits.Length != 11) || (digits[0] == '8' && digits[1] == '9'))
        {
            return false;
        }

        phone = new PhoneNumber($"+{digits}");
        return true;
    }

    public override string ToString() => E164;
}
