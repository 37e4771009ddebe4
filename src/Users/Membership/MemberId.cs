using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Users.Membership;

/// <summary>A card number: <c>MNT-</c>, seven random characters of Crockford's base 32 and a check character, which reveals one typo or swap.</summary>
/// <remarks>
/// The check character makes the weighted sum of all eight characters zero in the field of 32 elements (polynomial x⁵+x²+1). Each place
/// weighs a different power of x, so no single error and no swap keeps the sum at zero.
/// </remarks>
[JsonConverter(typeof(MemberIdJsonConverter))]
public readonly record struct MemberId
{
    public const int Length = 12;

    private const string Prefix = "MNT-";
    private const int RandomLength = 7;

    internal const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private readonly string _text;

    private MemberId(string text) => _text = text;

    public static MemberId New()
    {
        Span<char> random = stackalloc char[RandomLength];
        RandomNumberGenerator.GetItems(Alphabet.AsSpan(), random);
        return WithCheckCharacter(random);
    }

    internal static MemberId WithCheckCharacter(ReadOnlySpan<char> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, RandomLength);
        // The check character has weight one, so it equals the sum of the others.
        return new MemberId($"{Prefix}{random}{Alphabet[Sum(random)]}");
    }

    /// <returns>False when the form is wrong or the check character does not match.</returns>
    public static bool TryParse([NotNullWhen(true)] string? typed, out MemberId id)
    {
        id = default;
        if (Normalize(typed) is not { } text || Sum(text.AsSpan(Prefix.Length)) != 0)
        {
            return false;
        }

        id = new MemberId(text);
        return true;
    }

    /// <summary>Trusts text from the database.</summary>
    internal static MemberId Stored(string text) => new(text);

    public override string ToString() => _text;

    // Crockford's rules: any case, O for 0, I or L for 1, spaces and hyphens anywhere. The prefix, the same on every card, may be missing.
    private static string? Normalize(string? typed)
    {
        if (typed is null || typed.Length > 3 * Length)
        {
            return null;
        }

        var characters = typed.ToUpperInvariant().Where(character => character is not (' ' or '-' or '\u2010' or '\u2011' or '\u2013')).ToArray();
        var number = characters is ['M', 'N', 'T', .. var rest] && rest.Length == RandomLength + 1 ? rest : characters;
        if (number.Length != RandomLength + 1)
        {
            return null;
        }

        for (var place = 0; place < number.Length; place++)
        {
            number[place] = number[place] switch { 'O' => '0', 'I' or 'L' => '1', var other => other };
        }

        return number.All(character => Alphabet.Contains(character, StringComparison.Ordinal)) ? $"{Prefix}{new string(number)}" : null;
    }

    /// <summary>Horner's scheme: each place is multiplied by x once more than the next one, and the check character not at all.</summary>
    private static int Sum(ReadOnlySpan<char> characters)
    {
        var sum = 0;
        foreach (var character in characters[..Math.Min(characters.Length, RandomLength)])
        {
            sum = TimesX(sum ^ Alphabet.IndexOf(character, StringComparison.Ordinal));
        }

        return characters.Length > RandomLength ? sum ^ Alphabet.IndexOf(characters[RandomLength], StringComparison.Ordinal) : sum;
    }

    private static int TimesX(int element) => (element << 1) ^ ((element & 0b10000) == 0 ? 0 : 0b100101);
}

internal sealed class MemberIdJsonConverter : JsonConverter<MemberId>
{
    public override MemberId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && MemberId.TryParse(reader.GetString(), out var id)
            ? id
            : throw new JsonException("Send a member id such as MNT-7KQ2M9X7.");

    public override void Write(Utf8JsonWriter writer, MemberId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
