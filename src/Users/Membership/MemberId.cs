using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Users.Membership;

/// <summary>
/// The number of a card: <c>MNT-</c>, seven random characters of Crockford's base 32, and a check character. One wrong character, and any
/// two that changed places, make it a number that no card has, so that a slip of the finger is told from a card that nobody knows.
/// </summary>
/// <remarks>
/// The check character makes the weighted sum of all eight zero in the field of 32 elements (polynomial x⁵+x²+1), each place weighing
/// another power of x: no single error and no swap leaves such a sum as it was.
/// </remarks>
[JsonConverter(typeof(MemberIdJsonConverter))]
public readonly record struct MemberId
{
    public const int Length = 12;

    private const string Prefix = "MNT-";
    private const int Drawn = 7;

    internal const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private readonly string _text;

    private MemberId(string text) => _text = text;

    public static MemberId Draw()
    {
        Span<char> drawn = stackalloc char[Drawn];
        RandomNumberGenerator.GetItems(Alphabet.AsSpan(), drawn);
        return Of(drawn);
    }

    /// <summary>With these seven characters.</summary>
    internal static MemberId Of(ReadOnlySpan<char> drawn)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(drawn.Length, Drawn);
        // The check character's own weight is one: what is left of the sum is the character itself.
        return new MemberId($"{Prefix}{drawn}{Alphabet[Sum(drawn)]}");
    }

    /// <summary>Reads what a person has typed or a camera has seen.</summary>
    /// <returns>False for what is not of this form, and for what is mistyped.</returns>
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

    /// <summary>One that the database holds.</summary>
    internal static MemberId Stored(string text) => new(text);

    public override string ToString() => _text;

    // As Crockford reads what people have typed: in any case, with O for 0 and I or L for 1, with blanks and hyphens anywhere, and here
    // without the prefix too, which is the same on every card.
    private static string? Normalize(string? typed)
    {
        if (typed is null || typed.Length > 3 * Length)
        {
            return null;
        }

        var characters = typed.ToUpperInvariant().Where(character => character is not (' ' or '-' or '\u2010' or '\u2011' or '\u2013')).ToArray();
        var number = characters is ['M', 'N', 'T', .. var rest] && rest.Length == Drawn + 1 ? rest : characters;
        if (number.Length != Drawn + 1)
        {
            return null;
        }

        for (var place = 0; place < number.Length; place++)
        {
            number[place] = number[place] switch { 'O' => '0', 'I' or 'L' => '1', var other => other };
        }

        return number.All(character => Alphabet.Contains(character, StringComparison.Ordinal)) ? $"{Prefix}{new string(number)}" : null;
    }

    /// <summary>Horner's scheme: each place is multiplied by x once more than the one after it, the check character's place by one.</summary>
    private static int Sum(ReadOnlySpan<char> characters)
    {
        var sum = 0;
        foreach (var character in characters[..Math.Min(characters.Length, Drawn)])
        {
            sum = TimesX(sum ^ Alphabet.IndexOf(character, StringComparison.Ordinal));
        }

        return characters.Length > Drawn ? sum ^ Alphabet.IndexOf(characters[Drawn], StringComparison.Ordinal) : sum;
    }

    private static int TimesX(int element) => (element << 1) ^ ((element & 0b10000) == 0 ? 0 : 0b100101);
}

internal sealed class MemberIdJsonConverter : JsonConverter<MemberId>
{
    public override MemberId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && MemberId.TryParse(reader.GetString(), out var id)
            ? id
            : throw new JsonException("A member id is one such as MNT-7KQ2M9X7.");

    public override void Write(Utf8JsonWriter writer, MemberId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
