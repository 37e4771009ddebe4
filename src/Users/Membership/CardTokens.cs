using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Platform.Users.Membership;

/// <summary>What a card's QR code says: card number, minute and signature. A picture of someone else's card is worthless two minutes later.</summary>
/// <remarks>
/// <c>MNT-7KQ2M9X7-29391270-…</c>: 44 of the at most 64 characters that may follow <c>?start=</c> in a link to a bot. Accepted in its own
/// minute, in the next one, since walking to the counter takes time, and in the previous one, since clocks differ.
/// </remarks>
internal sealed class CardTokens(IOptions<CardSettings> settings, TimeProvider clock)
{
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    /// <summary>Truncated from 32 bytes to keep the QR code small: no one tries 2¹²⁸ cards at a counter.</summary>
    private const int SignatureLength = 16;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(settings.Value.Secret);

    public (string Token, DateTimeOffset RefreshAt) Issue(MemberId member)
    {
        var step = StepAt(clock.GetUtcNow());
        var signed = string.Create(CultureInfo.InvariantCulture, $"{member}-{step}");
        return ($"{signed}-{Base64Url.EncodeToString(Sign(signed))}", DateTimeOffset.FromUnixTimeSeconds((step + 1) * (long)Step.TotalSeconds));
    }

    public CardVerdict Verify(string token, out MemberId member)
    {
        member = default;
        var end = token.Length > MemberId.Length + 1 ? token.IndexOf('-', MemberId.Length + 1) : -1;
        if (end < 0
            || !MemberId.TryParse(token[..MemberId.Length], out member)
            || !long.TryParse(token.AsSpan((MemberId.Length + 1)..end), NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            || !IsValidSignature(token[..end], token.AsSpan(end + 1)))
        {
            return CardVerdict.Forged;
        }

        return Math.Abs(StepAt(clock.GetUtcNow()) - step) <= 1 ? CardVerdict.Genuine : CardVerdict.Stale;
    }

    private bool IsValidSignature(string signed, ReadOnlySpan<char> signature)
    {
        Span<byte> given = stackalloc byte[SignatureLength];
        return Base64Url.IsValid(signature, out var length) && length == SignatureLength
            && Base64Url.DecodeFromChars(signature, given) == SignatureLength
            && CryptographicOperations.FixedTimeEquals(given, Sign(signed));
    }

    private byte[] Sign(string text) => HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes($"member card: {text}"))[..SignatureLength];

    private static long StepAt(DateTimeOffset at) => at.ToUnixTimeSeconds() / (long)Step.TotalSeconds;
}

internal enum CardVerdict
{
    Genuine,

    /// <summary>Genuine but expired: a screenshot, or a card opened early.</summary>
    Stale,

    Forged,
}

internal sealed class CardSettings
{
    public const string SecretKey = "CARD_SECRET";

    /// <summary>Changing it invalidates the cards being shown: members have to open them again.</summary>
    [ConfigurationKeyName(SecretKey)]
    [Required(ErrorMessage = "CARD_SECRET is missing: it signs member cards and needs at least 32 characters.")]
    [MinLength(32, ErrorMessage = "CARD_SECRET is too short: it needs at least 32 characters.")]
    public string Secret { get; set; } = "";
}
