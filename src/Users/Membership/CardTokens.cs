using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Platform.Users.Membership;

/// <summary>
/// What the QR code of a card says: the number, the minute and a signature over both. A picture of somebody else's card is worth nothing
/// two minutes later.
/// </summary>
/// <remarks>
/// <c>MNT-7KQ2M9X7-29391270-…</c>: 44 of the characters that may follow <c>?start=</c> in a link to a bot, which are 64 at most. It is
/// accepted in its own minute, in the next, since it takes time to walk up to the counter, and in the one before, since the clocks
/// of two machines differ.
/// </remarks>
internal sealed class CardTokens(IOptions<CardSettings> settings, TimeProvider clock)
{
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    /// <summary>Of the 32 bytes of the signature, so that the code stays small: nobody tries 2¹²⁸ cards at a counter.</summary>
    private const int SignatureLength = 16;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(settings.Value.Secret);

    /// <returns>The token, and the moment from which a new one is to be shown.</returns>
    public (string Token, DateTimeOffset RefreshAt) Issue(MemberId member)
    {
        var step = StepOf(clock.GetUtcNow());
        var signed = string.Create(CultureInfo.InvariantCulture, $"{member}-{step}");
        return ($"{signed}-{Base64Url.EncodeToString(Sign(signed))}", DateTimeOffset.FromUnixTimeSeconds((step + 1) * (long)Step.TotalSeconds));
    }

    public CardVerdict Read(string token, out MemberId member)
    {
        member = default;
        var end = token.Length > MemberId.Length + 1 ? token.IndexOf('-', MemberId.Length + 1) : -1;
        if (end < 0
            || !MemberId.TryParse(token[..MemberId.Length], out member)
            || !long.TryParse(token.AsSpan((MemberId.Length + 1)..end), NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            || !IsSignatureOf(token[..end], token.AsSpan(end + 1)))
        {
            return CardVerdict.Forged;
        }

        return Math.Abs(StepOf(clock.GetUtcNow()) - step) <= 1 ? CardVerdict.Genuine : CardVerdict.Stale;
    }

    private bool IsSignatureOf(string signed, ReadOnlySpan<char> signature)
    {
        Span<byte> given = stackalloc byte[SignatureLength];
        return Base64Url.IsValid(signature, out var length) && length == SignatureLength
            && Base64Url.DecodeFromChars(signature, given) == SignatureLength
            && CryptographicOperations.FixedTimeEquals(given, Sign(signed));
    }

    private byte[] Sign(string text) => HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes($"member card: {text}"))[..SignatureLength];

    private static long StepOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / (long)Step.TotalSeconds;
}

internal enum CardVerdict
{
    Genuine,

    /// <summary>It was genuine a while ago: a screenshot, or a card that was opened early.</summary>
    Stale,

    Forged,
}

/// <summary>What the owner knows by this name.</summary>
internal sealed class CardSettings
{
    public const string SecretKey = "CARD_SECRET";

    /// <summary>What cards are signed with. With another one every card that is being shown has to be opened anew.</summary>
    [ConfigurationKeyName(SecretKey)]
    [Required(ErrorMessage = "CARD_SECRET is missing: what member cards are signed with, 32 characters or more.")]
    [MinLength(32, ErrorMessage = "CARD_SECRET is too short: it takes 32 characters or more.")]
    public string Secret { get; set; } = "";
}
