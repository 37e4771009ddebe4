using System.Security.Cryptography;
using System.Text;
using Platform.Contracts;

namespace Platform.Users.Tests;

/// <summary>The initData of the client bot's Mini App, signed as described at core.telegram.org/bots/webapps.</summary>
public sealed class MiniApp
{
    public const string BotToken = "1000001:the-client-bot-of-these-tests";

    private readonly List<(string Name, string Value)> _fields;

    public MiniApp(TelegramId person, DateTimeOffset openedAt)
        : this([
            ("query_id", $"AA{Guid.NewGuid():N}"),
            ("user", $$"""{"id":{{person}},"first_name":"Анна & Co","last_name":"","language_code":"ru","allows_write_to_pm":true}"""),
            ("auth_date", $"{openedAt.ToUnixTimeSeconds()}"),
            // Telegram's own signature, for those who have no bot token: one of the signed fields.
            ("signature", "zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3NSpfe-p7IbCisNlDKlo7Kb6G4D0Ao2mBrSgEk4maLSdv6MLIlADQ"),
        ])
    {
    }

    /// <param name="fields">Sent in this order.</param>
    public MiniApp(IEnumerable<(string Name, string Value)> fields) => _fields = [.. fields];

    public IReadOnlyList<(string Name, string Value)> Fields => _fields;

    public string InitData => SignedBy(BotToken);

    public string SignedBy(string botToken) => $"{Query(_fields)}&hash={ComputeHash(_fields, botToken)}";

    /// <summary>Changes a field and keeps the original signature.</summary>
    public string Tampered(string name, string value) =>
        $"{Query(_fields.Select(field => field.Name == name ? (name, value) : field))}&hash={ComputeHash(_fields, BotToken)}";

    /// <summary>The same person and moment with one field changed.</summary>
    public MiniApp With(string name, string value) => new(_fields.Select(field => field.Name == name ? (name, value) : field));

    public MiniApp Without(string name) => new(_fields.Where(field => field.Name != name));

    private static string Query(IEnumerable<(string Name, string Value)> fields) =>
        string.Join('&', fields.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));

    private static string ComputeHash(IEnumerable<(string Name, string Value)> fields, string botToken)
    {
        var signed = string.Join('\n', fields.OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"{field.Name}={field.Value}"));
        var secret = HMACSHA256.HashData("WebAppData"u8, Encoding.UTF8.GetBytes(botToken));
        return Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(signed)));
    }
}
