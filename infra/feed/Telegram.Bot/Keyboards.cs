using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Telegram.Bot.Types.ReplyMarkups;

public abstract class ReplyMarkup
{
    public static readonly ReplyKeyboardRemove RemoveKeyboard = new();

    public static readonly ForceReplyMarkup ForceReply = new();

    [return: NotNullIfNotNull(nameof(button))]
    public static implicit operator ReplyMarkup?(InlineKeyboardButton? button) => button is null ? null : new InlineKeyboardMarkup(button);

    [return: NotNullIfNotNull(nameof(buttons))]
    public static implicit operator ReplyMarkup?(InlineKeyboardButton[]? buttons) => buttons is null ? null : new InlineKeyboardMarkup(buttons);
}

/// <summary>Buttons below a message.</summary>
public class InlineKeyboardMarkup : ReplyMarkup
{
    [SetsRequiredMembers]
    public InlineKeyboardMarkup() => InlineKeyboard = new List<List<InlineKeyboardButton>>();

    [SetsRequiredMembers]
    public InlineKeyboardMarkup(IEnumerable<IEnumerable<InlineKeyboardButton>> inlineKeyboard) => InlineKeyboard = inlineKeyboard;

    [SetsRequiredMembers]
    public InlineKeyboardMarkup(InlineKeyboardButton inlineKeyboardButton)
        : this(new List<InlineKeyboardButton> { inlineKeyboardButton })
    {
    }

    [SetsRequiredMembers]
    public InlineKeyboardMarkup(params InlineKeyboardButton[] inlineKeyboardRow)
        : this(inlineKeyboardRow.AsEnumerable())
    {
    }

    [SetsRequiredMembers]
    public InlineKeyboardMarkup(IEnumerable<InlineKeyboardButton> inlineKeyboardRow) =>
        InlineKeyboard = new List<List<InlineKeyboardButton>> { inlineKeyboardRow.ToList() };

    [SetsRequiredMembers]
    public InlineKeyboardMarkup(List<InlineKeyboardButton> inlineKeyboardRow)
        : this(inlineKeyboardRow.AsEnumerable())
    {
    }

    public required IEnumerable<IEnumerable<InlineKeyboardButton>> InlineKeyboard { get; set; }

    private List<List<InlineKeyboardButton>> Rows => InlineKeyboard as List<List<InlineKeyboardButton>>
        ?? throw new InvalidOperationException("This method works only with a List<List<InlineKeyboardButton>> keyboard");

    public static InlineKeyboardMarkup Empty() => new();

    public InlineKeyboardMarkup AddButton(InlineKeyboardButton button) => AddButtons(button);

    public InlineKeyboardMarkup AddButton(string text, string callbackData) => AddButtons(InlineKeyboardButton.WithCallbackData(text, callbackData));

    /// <summary>To the last row.</summary>
    public InlineKeyboardMarkup AddButtons(params InlineKeyboardButton[] buttons)
    {
        if (Rows.Count == 0)
        {
            Rows.Add([]);
        }

        Rows[^1].AddRange(buttons);
        return this;
    }

    public InlineKeyboardMarkup AddNewRow(params InlineKeyboardButton[] buttons)
    {
        Rows.Add([.. buttons]);
        return this;
    }
}

public class InlineKeyboardButton
{
    public InlineKeyboardButton()
    {
    }

    [SetsRequiredMembers]
    public InlineKeyboardButton(string text) => Text = text;

    /// <param name="callbackDataOrUrl">Data, unless it begins with http://, https:// or tg://.</param>
    [SetsRequiredMembers]
    public InlineKeyboardButton(string text, string callbackDataOrUrl)
    {
        ArgumentNullException.ThrowIfNull(callbackDataOrUrl);
        Text = text;
        if (Array.Exists(["https://", "http://", "tg://"], scheme => callbackDataOrUrl.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)))
        {
            Url = callbackDataOrUrl;
        }
        else
        {
            CallbackData = callbackDataOrUrl;
        }
    }

    public required string Text { get; set; }

    public string? Url { get; set; }

    /// <summary>1 to 64 bytes of UTF-8; the Bot API answers anything else with BUTTON_DATA_INVALID.</summary>
    public string? CallbackData { get; set; }

    public string? SwitchInlineQuery { get; set; }

    public string? SwitchInlineQueryCurrentChat { get; set; }

    public bool Pay { get; set; }

    public static InlineKeyboardButton WithUrl(string text, string url) => new(text) { Url = url };

    public static InlineKeyboardButton WithCallbackData(string text, string callbackData) => new(text) { CallbackData = callbackData };

    public static InlineKeyboardButton WithCallbackData(string textAndCallbackData) => new(textAndCallbackData) { CallbackData = textAndCallbackData };

    public static InlineKeyboardButton WithPay(string text) => new(text) { Pay = true };

    public static implicit operator InlineKeyboardButton((string text, string callbackDataOrUrl) tuple) => new(tuple.text, tuple.callbackDataOrUrl);
}

/// <summary>Buttons in the place of the phone's keyboard: each sends its text.</summary>
public class ReplyKeyboardMarkup : ReplyMarkup
{
    [SetsRequiredMembers]
    public ReplyKeyboardMarkup() => Keyboard = new List<List<KeyboardButton>>();

    [SetsRequiredMembers]
    public ReplyKeyboardMarkup(bool resizeKeyboard)
        : this() => ResizeKeyboard = resizeKeyboard;

    [SetsRequiredMembers]
    public ReplyKeyboardMarkup(IEnumerable<IEnumerable<KeyboardButton>> keyboard) => Keyboard = keyboard;

    [SetsRequiredMembers]
    public ReplyKeyboardMarkup(KeyboardButton button)
        : this(new List<KeyboardButton> { button })
    {
    }

    [SetsRequiredMembers]
    public ReplyKeyboardMarkup(params KeyboardButton[] keyboardRow)
        : this(keyboardRow.AsEnumerable())
    {
    }

    [SetsRequiredMembers]
    public ReplyKeyboardMarkup(IEnumerable<KeyboardButton> keyboardRow) => Keyboard = new List<List<KeyboardButton>> { keyboardRow.ToList() };

    [SetsRequiredMembers]
    public ReplyKeyboardMarkup(List<KeyboardButton> keyboardRow)
        : this(keyboardRow.AsEnumerable())
    {
    }

    public required IEnumerable<IEnumerable<KeyboardButton>> Keyboard { get; set; }

    public bool IsPersistent { get; set; }

    public bool ResizeKeyboard { get; set; }

    public bool OneTimeKeyboard { get; set; }

    public string? InputFieldPlaceholder { get; set; }

    public bool Selective { get; set; }

    private List<List<KeyboardButton>> Rows => Keyboard as List<List<KeyboardButton>>
        ?? throw new InvalidOperationException("This method works only with a List<List<KeyboardButton>> keyboard");

    public ReplyKeyboardMarkup AddButton(KeyboardButton button) => AddButtons(button);

    /// <summary>To the last row.</summary>
    public ReplyKeyboardMarkup AddButtons(params KeyboardButton[] buttons)
    {
        if (Rows.Count == 0)
        {
            Rows.Add([]);
        }

        Rows[^1].AddRange(buttons);
        return this;
    }

    public ReplyKeyboardMarkup AddNewRow(params KeyboardButton[] buttons)
    {
        Rows.Add([.. buttons]);
        return this;
    }
}

public class KeyboardButton
{
    public KeyboardButton()
    {
    }

    [SetsRequiredMembers]
    public KeyboardButton(string text) => Text = text;

    [SetsRequiredMembers]
    public KeyboardButton(string text, bool requestContact = false, bool requestLocation = false)
        : this(text) => (RequestContact, RequestLocation) = (requestContact, requestLocation);

    public required string Text { get; set; }

    /// <summary>The button sends the person's own phone number, after asking.</summary>
    public bool RequestContact { get; set; }

    public bool RequestLocation { get; set; }

    public static KeyboardButton WithRequestContact(string text) => new(text) { RequestContact = true };

    public static KeyboardButton WithRequestLocation(string text) => new(text) { RequestLocation = true };

    public static implicit operator KeyboardButton(string text) => new(text);
}

public class ReplyKeyboardRemove : ReplyMarkup
{
    [JsonPropertyName("remove_keyboard")]
    public new bool RemoveKeyboard => true;

    public bool Selective { get; set; }
}

public class ForceReplyMarkup : ReplyMarkup
{
    [JsonPropertyName("force_reply")]
    public new bool ForceReply => true;

    public string? InputFieldPlaceholder { get; set; }

    public bool Selective { get; set; }
}
