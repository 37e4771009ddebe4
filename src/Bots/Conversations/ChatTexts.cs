using System.Globalization;
using Platform.Bots.Texts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.Conversations;

/// <summary>The bots' texts in the language of one chat.</summary>
internal sealed class ChatTexts(Chat chat)
{
    /// <summary>A message, or a line of one, as HTML.</summary>
    public string Line(string key, params (string Name, object? Value)[] values) => BotText.Get(chat.Language, key, values);

    /// <summary>Without markup, for buttons and toasts.</summary>
    public string Label(string key, params (string Name, object? Value)[] values) => BotText.Plain(chat.Language, key, values);

    public InlineKeyboardButton Button(string key, string data, params (string Name, object? Value)[] values) =>
        InlineKeyboardButton.WithCallbackData(Label(key, values), data);

    /// <summary>Buttons that send their label, one per row.</summary>
    /// <param name="oneTime">Telegram hides the keyboard when a button was pressed.</param>
    public ReplyKeyboardMarkup Keyboard(bool oneTime, params string[] labels) =>
        new(labels.Select(label => new[] { new KeyboardButton(Label(label)) })) { ResizeKeyboard = true, OneTimeKeyboard = oneTime };

    /// <summary>Such as <c>12 марта 1994</c>.</summary>
    public string DayInWords(DateOnly day) => DayInWords(day.Day, day.Month, day.Year);

    /// <param name="day">May be one that the month does not have.</param>
    public string DayInWords(int day, int month, int year) =>
        string.Create(CultureInfo.InvariantCulture, $"{day} {BotText.List(chat.Language, "months.of")[month - 1]} {year}");
}
