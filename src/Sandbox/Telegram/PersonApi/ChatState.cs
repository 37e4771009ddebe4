using Platform.Contracts;
using Platform.Sandbox.Telegram.Bots;
using Platform.Sandbox.Telegram.Chats;
using Platform.Sandbox.Telegram.Formatting;
using Platform.Sandbox.Telegram.People;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>A chat as the person sees it.</summary>
/// <param name="Version">Increases with every change.</param>
/// <param name="Started">Whether the person has written to the bot; before that only the start button is shown.</param>
/// <param name="ReplyKeyboard">The buttons below the input.</param>
/// <param name="Typing">The bot's current action, as in <c>sendChatAction</c>.</param>
/// <param name="Answer">The bot's text answer to the last pressed button.</param>
internal sealed record ChatState(
    long Version,
    ChatState.BotOf Bot,
    Person Person,
    bool Started,
    bool Blocked,
    IReadOnlyList<ChatState.MessageOf> Messages,
    ReplyKeyboard? ReplyKeyboard,
    string? Typing,
    CallbackAnswer? Answer,
    int? PinnedMessageId,
    IReadOnlyList<BotCommand> Commands)
{
    public static ChatState Of(Chat chat, DateTimeOffset now) => new(
        chat.Version,
        new BotOf(chat.Bot.Id, chat.Bot.Username, chat.Bot.Name),
        chat.Person,
        chat.Started,
        chat.Blocked,
        [.. chat.Messages.Select(MessageOf.Of)],
        chat.ReplyKeyboard,
        now < chat.ActionEndsAt ? chat.Action : null,
        chat.Answer,
        chat.PinnedMessageId,
        chat.Bot.CommandsFor(chat.Person.Id, chat.Person.LanguageCode));

    internal sealed record BotOf(TelegramId Id, string Username, string Name);

    /// <param name="From"><c>bot</c> or <c>person</c>.</param>
    /// <param name="Html">The text or caption with formatting, safe to show in a page.</param>
    internal sealed record MessageOf(
        int Id,
        string From,
        DateTimeOffset At,
        DateTimeOffset? EditedAt,
        string? Text,
        string? Html,
        string? Caption,
        PhotoOf? Photo,
        DocumentOf? Document,
        SharedContact? Contact,
        IReadOnlyList<IReadOnlyList<ButtonOf>>? InlineKeyboard,
        int? ReplyToId)
    {
        public static MessageOf Of(Message message) => new(
            message.Id,
            message.FromBot ? "bot" : "person",
            message.At,
            message.EditedAt,
            message.Text?.Text,
            (message.Text ?? message.Caption) is { } text ? HtmlWriter.Write(text) : null,
            message.Caption?.Text,
            message.Photo is { } photo ? new PhotoOf(ReadFile.UrlOf(photo.File), photo.Width, photo.Height) : null,
            message.Document is { } document ? new DocumentOf(document.Name, document.Content.Length, ReadFile.UrlOf(document)) : null,
            message.Contact,
            message.Keyboard is { } keyboard
                ? [.. keyboard.Rows.Select(row =>
                    row.Select(button => new ButtonOf(button.Text, button.CallbackData, button.Url, button.CopyText?.Text)).ToArray())]
                : null,
            message.ReplyToId);
    }

    internal sealed record PhotoOf(string Url, int Width, int Height);

    internal sealed record DocumentOf(string Name, int Bytes, string Url);

    internal sealed record ButtonOf(string Text, string? Data, string? Url, string? Copy);
}
