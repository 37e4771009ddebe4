using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.Contracts;

namespace Platform.Users.SignIn;

/// <summary>What Telegram signed about the person who opened a Mini App.</summary>
/// <param name="SignedAt">To the second.</param>
/// <param name="Hash">Telegram's signature, 32 bytes, different each time the Mini App is opened.</param>
/// <remarks>Source: core.telegram.org/bots/webapps, "Validating data received via the Mini App".</remarks>
internal sealed record InitData(TelegramId TelegramId, DateTimeOffset SignedAt, byte[] Hash)
{
    /// <summary>Typically about 500 characters; names and a start parameter make it longer.</summary>
    public const int MaxLength = 4096;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>How far Telegram's clock may be ahead of ours.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <param name="text">The query string <c>Telegram.WebApp.initData</c>.</param>
    /// <param name="botToken">Token of the bot whose Mini App it is.</param>
    /// <returns>Null when Telegram did not sign it for this bot, or it names no person.</returns>
    public static InitData? Parse(string text, string botToken)
    {
        // Ordinal, as Telegram sorts the names.
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split('&'))
        {
            // Refuses duplicate names: one parser would see the first, another the last.
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
            && ReadSignedAt(fields) is { } signedAt && ReadPerson(fields) is { } person
            ? new InitData(person, signedAt, hash)
            : null;
    }

    private static DateTimeOffset? ReadSignedAt(SortedDictionary<string, string> fields) =>
        // Eleven digits reach the year 5138, within the range of DateTimeOffset.
        fields.TryGetValue("auth_date", out var text) && text.Length <= 11
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static TelegramId? ReadPerson(SortedDictionary<string, string> fields)
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
