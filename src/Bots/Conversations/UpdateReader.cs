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
/// <param name="Id">Null when it has no number that can be read: such an update cannot be confirmed by itself.</param>
internal sealed record SentUpdate(int? Id, ReadOnlyMemory<byte> Json);

/// <summary>
/// Takes Telegram's answer apart and reads it update by update. The data of a pressed button are bytes of the sender's choice: they
/// may be no UTF-8, or have U+0000 in them, which the database does not keep.
/// </summary>
internal static partial class UpdateReader
{
    /// <summary>An answer is only walked through here, so no depth does harm.</summary>
    private const int AnyDepth = 1_000_000;

    /// <returns>Null when the answer is not one that can be taken apart.</returns>
    public static IReadOnlyList<SentUpdate>? Split(ReadOnlyMemory<byte> answer)
    {
        try
        {
            var reader = new Utf8JsonReader(answer.Span, new JsonReaderOptions { MaxDepth = AnyDepth });
            if (!GoTo(ref reader, "result"u8) || reader.TokenType != JsonTokenType.StartArray)
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

            // What follows must be readable, too: half an answer is none.
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

    /// <summary>The first number of an update in an answer that cannot be taken apart.</summary>
    public static int? FindId(ReadOnlySpan<byte> answer) => UpdateId().Match(Encoding.Latin1.GetString(answer)) is { Success: true } found
        && int.TryParse(found.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && IsId(id) ? id : null;

    /// <returns>Null when it is nothing that a bot here has to do with.</returns>
    /// <exception cref="Exception">It cannot be read; of any kind, since its content decides where the reader stumbles.</exception>
    public static WaitingUpdate? Read(SentUpdate sent)
    {
        if (sent.Id is not { } id)
        {
            throw new FormatException("It has no number.");
        }

        var update = Parse(Repaired(Encoding.UTF8.GetString(sent.Json.Span)));
        update.Id = id;
        if (OriginOf(update) is not var (chat, from))
        {
            return null;
        }

        // Only private chats: in a group everybody would read a guest's points.
        if ((chat ?? throw new FormatException("It has no chat.")).Type != ChatType.Private)
        {
            return null;
        }

        return from?.Id == chat.Id && chat.Id > 0
            ? new WaitingUpdate(id, new TelegramId(chat.Id), update)
            : throw new FormatException("A private chat is its sender's.");
    }

    /// <summary>In which chat it happened, and who did it; null for what no bot here answers.</summary>
    private static (TelegramChat? Chat, User? From)? OriginOf(Update update) => update switch
    {
        { Message: { } message } => (message.Chat, message.From),
        { CallbackQuery: { Message: { } message } press } => (message.Chat, press.From),
        { MyChatMember: { NewChatMember: not null } changed } => (changed.Chat, changed.From),
        { MyChatMember: not null } => throw new FormatException("It does not say what has changed."),
        // Only text that was changed: a live location is an edited message every few seconds.
        { EditedMessage: { Text: not null } edited } => (edited.Chat, edited.From),
        _ => null,
    };

    /// <summary>Whose it is, as far as that can be told of what cannot be read.</summary>
    public static TelegramId? SenderOf(SentUpdate sent)
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
            // Then nobody can tell.
        }

        return null;
    }

    public static string Payload(Update update) => JsonSerializer.Serialize(update, JsonBotAPI.Options);

    public static Update Parse(string payload) => JsonSerializer.Deserialize<Update>(payload, JsonBotAPI.Options) ?? throw new FormatException("It is null.");

    /// <summary>With U+FFFD for what is no character, or none that the database keeps.</summary>
    private static string Repaired(string json) => Escape().Replace(json, escape => escape.Groups["bad"].Success ? @"\ufffd" : escape.Value);

    private static int? IdOf(ReadOnlySpan<byte> update)
    {
        var reader = new Utf8JsonReader(update, new JsonReaderOptions { MaxDepth = AnyDepth });
        return GoTo(ref reader, "update_id"u8) && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var id) && IsId(id) ? id : null;
    }

    // The next request confirms all before the number that follows, and a negative one would count from the end.
    private static bool IsId(int id) => id is > 0 and < int.MaxValue;

    /// <summary>Goes to the value of a property of the outermost object.</summary>
    private static bool GoTo(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = !reader.ValueIsEscaped && reader.ValueSpan.SequenceEqual(name);
            reader.Read();
            if (isIt)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    // Every escape is looked at in its turn: in \\u0000 there is a backslash, and no U+0000.
    [GeneratedRegex(@"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<bad>\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2}))|\\.", RegexOptions.Singleline)]
    private static partial Regex Escape();

    [GeneratedRegex("""\"update_id"\s*:\s*([0-9]{1,10})\b""")]
    private static partial Regex UpdateId();
}
