using System.Text;
using System.Text.Json;
using Platform.Sandbox.Telegram.BotApi;

namespace Platform.Sandbox.Telegram.Chats;

/// <summary>Buttons of a message.</summary>
internal sealed record InlineKeyboard(IReadOnlyList<IReadOnlyList<InlineButton>> Rows)
{
    public bool SameAs(InlineKeyboard? other) =>
        other is not null && Rows.Count == other.Rows.Count && Rows.Zip(other.Rows).All(rows => rows.First.SequenceEqual(rows.Second));
}

/// <summary>Does exactly one thing: sends data to the bot, opens an address, or copies a text.</summary>
internal sealed record InlineButton(string Text, string? CallbackData = null, string? Url = null, CopyText? CopyText = null);

internal sealed record CopyText(string Text);

/// <summary>Buttons below the input, which send their text or the person's contact.</summary>
/// <param name="Rows">Empty if only the placeholder is set.</param>
internal sealed record ReplyKeyboard(IReadOnlyList<IReadOnlyList<ReplyButton>> Rows, bool OneTime, string? Placeholder);

internal sealed record ReplyButton(string Text, bool RequestContact);

/// <summary>A parsed <c>reply_markup</c>: one of these or none.</summary>
/// <param name="RemovesReply">Whether it removes the keyboard below the input.</param>
internal sealed record ReplyMarkup(InlineKeyboard? Inline, ReplyKeyboard? Reply, bool RemovesReply)
{
    public bool ChangesReplyKeyboard => Reply is not null || RemovesReply;

    private const int MaxButtons = 100;
    private const int MaxCallbackBytes = 64;

    /// <summary>Parses the JSON that bots send.</summary>
    /// <returns>Null if it is valid.</returns>
    public static Refusal? Read(string json, out ReplyMarkup? markup)
    {
        markup = null;
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement, out markup);
        }
        // The latter for an unpaired surrogate.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Refusal.BadRequest("can't parse reply keyboard markup JSON object");
        }
    }

    private static Refusal? Read(JsonElement json, out ReplyMarkup? markup)
    {
        markup = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            return Refusal.BadRequest("object expected as reply markup");
        }

        var placeholder = Text(json, "input_field_placeholder");
        if (json.TryGetProperty("inline_keyboard", out var inline))
        {
            var refusal = ReadRows<InlineButton>(inline, "inline_keyboard", ReadInlineButton, out var rows);
            markup = new ReplyMarkup(rows.Count == 0 ? null : new InlineKeyboard(rows), Reply: null, RemovesReply: false);
            return refusal;
        }

        if (json.TryGetProperty("keyboard", out var keyboard))
        {
            var refusal = ReadRows<ReplyButton>(keyboard, "keyboard", ReadReplyButton, out var rows);
            markup = new ReplyMarkup(Inline: null, new ReplyKeyboard(rows, IsTrue(json, "one_time_keyboard"), placeholder), RemovesReply: false);
            return refusal;
        }

        markup = json switch
        {
            _ when IsTrue(json, "remove_keyboard") => new ReplyMarkup(Inline: null, Reply: null, RemovesReply: true),
            _ when IsTrue(json, "force_reply") => new ReplyMarkup(Inline: null, new ReplyKeyboard([], OneTime: true, placeholder), RemovesReply: false),
            _ => null,
        };
        return null;
    }

    private delegate Refusal? ReadButton<TButton>(JsonElement json, out TButton? button);

    private static Refusal? ReadRows<TButton>(
        JsonElement json, string field, ReadButton<TButton> read, out IReadOnlyList<IReadOnlyList<TButton>> rows) where TButton : class
    {
        rows = [];
        if (json.ValueKind != JsonValueKind.Array)
        {
            return Refusal.BadRequest($"field \"{field}\" of the reply markup must be an Array of Arrays");
        }

        var all = new List<IReadOnlyList<TButton>>();
        foreach (var line in json.EnumerateArray())
        {
            if (line.ValueKind != JsonValueKind.Array)
            {
                return Refusal.BadRequest($"field \"{field}\" of the reply markup must be an Array of Arrays");
            }

            var row = new List<TButton>();
            foreach (var item in line.EnumerateArray())
            {
                if (read(item, out var button) is { } refusal)
                {
                    return refusal;
                }

                row.Add(button!);
            }

            if (row.Count > 0)
            {
                all.Add(row);
            }
        }

        rows = all;
        return all.Sum(row => row.Count) > MaxButtons ? Refusal.BadRequest("reply markup is too long") : null;
    }

    private static Refusal? ReadInlineButton(JsonElement json, out InlineButton? button)
    {
        button = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            return Refusal.BadRequest("InlineKeyboardButton must be an Object");
        }

        if (Text(json, "text") is not { Length: > 0 } text)
        {
            return Refusal.BadRequest("can't parse inline keyboard button: field \"text\" must be of type String and non-empty");
        }

        if (Text(json, "callback_data") is { } data)
        {
            button = new InlineButton(text, CallbackData: data);
            return Encoding.UTF8.GetByteCount(data) is >= 1 and <= MaxCallbackBytes ? null : Refusal.BadRequest("BUTTON_DATA_INVALID");
        }

        // A web app opens as a plain page: the sandbox has no bridge to it.
        var address = Text(json, "url") ?? (json.TryGetProperty("web_app", out var application) ? Text(application, "url") : null);
        if (address is not null)
        {
            button = new InlineButton(text, Url: address);
            return Links.IsOpenable(address) ? null : Refusal.BadRequest($"inline keyboard button URL '{address}' is invalid: wrong HTTP URL");
        }

        if (json.TryGetProperty("copy_text", out var copy) && Text(copy, "text") is { Length: > 0 } copied)
        {
            button = new InlineButton(text, CopyText: new CopyText(copied));
            return null;
        }

        return Refusal.BadRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
    }

    private static Refusal? ReadReplyButton(JsonElement json, out ReplyButton? button)
    {
        var text = json.ValueKind == JsonValueKind.String ? json.GetString() : Text(json, "text");
        button = new ReplyButton(text ?? "", IsTrue(json, "request_contact"));
        return string.IsNullOrWhiteSpace(text)
            ? Refusal.BadRequest("can't parse keyboard button: field \"text\" must be of type String and non-empty")
            : null;
    }

    private static bool IsTrue(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}
