using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.Contracts;

namespace Platform.Users.SignIn;

/// <summary>What Telegram told a Mini App of the person who opened it, and signed.</summary>
/// <param name="SignedAt">To the second.</param>
/// <param name="Hash">Telegram's signature, 32 bytes: each opening of the Mini App has its own.</param>
/// <remarks>Source: core.telegram.org/bots/webapps, "Validating data received via the Mini App".</remarks>
internal sealed record InitData(TelegramId TelegramId, DateTimeOffset SignedAt, byte[] Hash)
{
    /// <summary>Telegram's is about 500 characters; names and a start parameter make it longer.</summary>
    public const int MaxLength = 4096;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>How far Telegram's clock may be ahead of ours.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <param name="text">The query string that is <c>Telegram.WebApp.initData</c>.</param>
    /// <param name="botToken">Of the bot whose Mini App it is.</param>
    /// <returns>Null when it is not what Telegram signed for this bot, or names no person.</returns>
    public static InitData? Read(string text, string botToken)
    {
        // By the bytes of the names, as Telegram sorts them, and not as any language does.
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split('&'))
        {
            // Twice the same name: one program would see the first, another the last.
            if (pair.Split('=', 2) is not [var name, var value] || !fields.TryAdd(WebUtility.UrlDecode(name), WebUtility.UrlDecode(value)))
            {
                return null;
            }
        }

        if (!fields.Remove("hash", out var claimed) || claimed.Length != 2 * SHA256.HashSizeInBytes || !claimed.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        var secret = HMACSHA256.HashData("WebAppData"u8, Encoding.UTF8.GetBytes(botToken));
        var signed = string.Join('\n', fields.Select(field => $"{field.Key}={field.Value}"));
        var hash = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(signed));
        return CryptographicOperations.FixedTimeEquals(hash, Convert.FromHexString(claimed))
            && SignedAtOf(fields) is { } signedAt && PersonOf(fields) is { } person
            ? new InitData(person, signedAt, hash)
            : null;
    }

    private static DateTimeOffset? SignedAtOf(SortedDictionary<string, string> fields) =>
        // Eleven digits reach to the year 5138, and DateTimeOffset further.
        fields.TryGetValue("auth_date", out var text) && text.Length <= 11 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static TelegramId? PersonOf(SortedDictionary<string, string> fields)
    {
        if (!fields.TryGetValue("user", out var json))
        {
            return null;
        }

        try
        {
            using var user = JsonDocument.Parse(json);
            return user.RootElement.ValueKind == JsonValueKind.Object
                && user.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var number) && number > 0
                ? new TelegramId(number)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
