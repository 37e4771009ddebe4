using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Telegram.Bot;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;
using TelegramChat = Telegram.Bot.Types.Chat;
using TelegramId = Platform.Contracts.TelegramId;

namespace Platform.Bots.Conversations;

/// <summary>An update as Telegram sent it, byte for byte.</summary>
/// <param name="Id">Null when it has no valid number, so that it cannot be confirmed.</param>
internal sealed record SentUpdate(int? Id, ReadOnlyMemory<byte> Json);

/// <summary>
/// Splits Telegram's answer and parses each update by itself. The sender of a pressed button's data chooses its bytes: they may be
/// invalid UTF-8, or contain U+0000, which the database cannot store.
/// </summary>
internal static partial class UpdateReader
{
    /// <summary>Splitting is not recursive, so depth is harmless.</summary>
    private const int AnyDepth = 1_000_000;

    /// <returns>Null when the answer cannot be split.</returns>
    public static IReadOnlyList<SentUpdate>? Split(ReadOnlyMemory<byte> answer)
    {
        try
        {
            var reader = new Utf8JsonReader(answer.Span, new JsonReaderOptions { MaxDepth = AnyDepth });
            if (!MoveTo(ref reader, "result"u8) || reader.TokenType != JsonTokenType.StartArray)
            {
                return null;
            }

            var updates = new List<SentUpdate>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var begin = (int)reader.TokenStartIndex;
                reader.Skip();
                var json = answer[begin..(int)reader.BytesConsumed];
                updates.Add(new SentUpdate(IdOf(json.Span), json));
            }

            // The rest must be valid too: the answer may be truncated.
            while (reader.Read())
            {
            }

            return updates;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The first update number in an answer that cannot be split.</summary>
    public static int? FindId(ReadOnlySpan<byte> answer) => UpdateId().Match(Encoding.Latin1.GetString(answer)) is { Success: true } found
        && int.TryParse(found.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && IsId(id) ? id : null;

    /// <returns>Null when the bots ignore updates of this kind.</returns>
    /// <exception cref="Exception">It cannot be parsed; of any type, since the sender controls where the parser fails.</exception>
    public static PendingUpdate? Read(SentUpdate sent)
    {
        if (sent.Id is not { } id)
        {
            throw new FormatException("The update has no number.");
        }

        var update = Parse(Sanitize(Encoding.UTF8.GetString(sent.Json.Span)));
        update.Id = id;
        if (OriginOf(update) is not var (chat, from))
        {
            return null;
        }

        // In a group, everyone would see a guest's points.
        if ((chat ?? throw new FormatException("The update has no chat.")).Type != ChatType.Private)
        {
            return null;
        }

        return from?.Id == chat.Id && chat.Id > 0
            ? new PendingUpdate(id, new TelegramId(chat.Id), update)
            : throw new FormatException("The sender is not the owner of the private chat.");
    }

    private static (TelegramChat? Chat, User? From)? OriginOf(Update update) => update switch
    {
        { Message: { } message } => (message.Chat, message.From),
        { CallbackQuery: { Message: { } message } press } => (message.Chat, press.From),
        { MyChatMember: { NewChatMember: not null } changed } => (changed.Chat, changed.From),
        { MyChatMember: not null } => throw new FormatException("The update does not say what changed."),
        // Text only: a live location edits its message every few seconds.
        { EditedMessage: { Text: not null } edited } => (edited.Chat, edited.From),
        _ => null,
    };

    /// <summary>The sender of an update that cannot be parsed, if it can be found.</summary>
    public static TelegramId? FindSender(SentUpdate sent)
    {
        try
        {
            using var update = JsonDocument.Parse(Encoding.UTF8.GetString(sent.Json.Span), new JsonDocumentOptions { MaxDepth = AnyDepth });
            foreach (var content in update.RootElement.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.Object))
            {
                if (content.Value.TryGetProperty("from", out var from) && from.ValueKind == JsonValueKind.Object
                    && from.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var person))
                {
                    return new TelegramId(person);
                }
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Then the sender is unknown.
        }

        return null;
    }

    public static string Payload(Update update) => JsonSerializer.Serialize(update, JsonBotAPI.Options);

    public static Update Parse(string payload) =>
        JsonSerializer.Deserialize<Update>(payload, JsonBotAPI.Options) ?? throw new FormatException("The update is null.");

    /// <summary>Replaces invalid characters, and U+0000, with U+FFFD.</summary>
    private static string Sanitize(string json) => Escape().Replace(json, escape => escape.Groups["bad"].Success ? @"\ufffd" : escape.Value);

    private static int? IdOf(ReadOnlySpan<byte> update)
    {
        var reader = new Utf8JsonReader(update, new JsonReaderOptions { MaxDepth = AnyDepth });
        return MoveTo(ref reader, "update_id"u8) && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var id) && IsId(id) ? id : null;
    }

    // The next request confirms up to the id plus one; a negative offset would count from the end.
    private static bool IsId(int id) => id is > 0 and < int.MaxValue;

    private static bool MoveTo(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isFound = !reader.ValueIsEscaped && reader.ValueSpan.SequenceEqual(name);
            reader.Read();
            if (isFound)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    // Matches every escape in order: \\u0000 is a backslash and four digits, not U+0000.
    [GeneratedRegex(@"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<bad>\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2}))|\\.",
        RegexOptions.Singleline)]
    private static partial Regex Escape();

    [GeneratedRegex("""\"update_id"\s*:\s*([0-9]{1,10})\b""")]
    private static partial Regex UpdateId();
}
