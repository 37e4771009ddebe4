using System.Globalization;
using Platform.Bots.Gateway;
using Platform.Bots.Storage;
using Platform.Bots.Texts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Features;
using Platform.ServiceDefaults.Time;
using Telegram.Bot.Types;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.Conversations;

/// <summary>One update of one chat, and what is done about it: what came, what the gateway says, what is answered.</summary>
internal sealed class Turn(
    Update update, Chat chat, BotScript script, Replies replies, string? botUsername, GatewayCalls gateway, BotsDb db, WallClock wall, DateTimeOffset now)
{
    /// <summary>The same each time that it is handled, and nobody else's.</summary>
    public long UpdateId => update.Id;

    public Chat Chat => chat;

    public GatewayCalls Gateway => gateway;

    /// <summary>What is added here is saved together with the chat.</summary>
    public BotsDb Db => db;

    public DateTimeOffset Now => now;

    /// <summary>For what people are told of days and times.</summary>
    public WallClock Wall => wall;

    /// <summary>Of the bot, without the @; null while Telegram has not told it.</summary>
    public string? BotUsername => botUsername;

    public User From => (update.Message?.From ?? update.CallbackQuery?.From ?? update.MyChatMember?.From)!;

    /// <summary>As he calls himself in Telegram.</summary>
    public string FullName => $"{From.FirstName} {From.LastName}".Trim();

    /// <summary>Null for anything but a text that is not a command.</summary>
    public string? Text => Command is null ? update.Message?.Text?.Trim() : null;

    /// <summary>Whether he has sent the label of a button, in whatever language it was shown.</summary>
    /// <param name="label">Key of its text.</param>
    public bool Says(string label) => Text is { } text && BotText.Is(label, text);

    public Contact? Contact => update.Message?.Contact;

    /// <summary>With its slash and without the bot's name: <c>/start</c>.</summary>
    public string? Command => update.Message?.Text is ['/', ..] text ? text.Split([' ', '\n'], 2)[0].Split('@')[0].ToLowerInvariant() : null;

    /// <summary>The button that was pressed, without its argument.</summary>
    public string? Button => update.CallbackQuery?.Data?.Split(':', 2)[0];

    /// <summary>What follows a command or a button's name; empty when nothing does.</summary>
    public string Argument =>
        update.CallbackQuery?.Data is { } data ? data.Split(':', 2) is [_, var argument] ? argument : ""
        : update.Message?.Text?.Split(' ', 2) is [_, var rest] ? rest.Trim()
        : "";

    /// <summary>The message that the pressed button stands under.</summary>
    public long? PressedOn => update.CallbackQuery?.Message?.Id;

    /// <summary>Which part of the script handles it: what a person is brought back to after he has registered.</summary>
    public string? Route { get; private set; }

    public Task Handle(CancellationToken ct)
    {
        Route = script.Find(this);
        return script.Of(Route)(this, ct);
    }

    /// <summary>Goes on with what he had asked for before something else came between.</summary>
    public Task Continue(string route, CancellationToken ct) => script.Of(Route = route)(this, ct);

    /// <summary>Says a text in the person's language.</summary>
    /// <param name="key">Of the text.</param>
    /// <param name="keyboard">Null leaves the keyboard that he has.</param>
    /// <returns>The message's number in this chat.</returns>
    public Task<long> Say(string key, ReplyMarkup? keyboard, CancellationToken ct, params (string Name, object? Value)[] values) =>
        replies.Say(BotText.Get(chat.Language, key, values), keyboard, ct);

    public Task<long> Say(string key, CancellationToken ct, params (string Name, object? Value)[] values) => Say(key, keyboard: null, ct, values);

    /// <summary>A line of a message that is put together of several.</summary>
    public string Line(string key, params (string Name, object? Value)[] values) => BotText.Get(chat.Language, key, values);

    /// <param name="lines">As <see cref="Line"/> gives them; a null is left out.</param>
    public Task<long> SayLines(ReplyMarkup? keyboard, CancellationToken ct, params string?[] lines) => replies.Say(Join(lines), keyboard, ct);

    /// <summary>Shows a picture in place of the message whose button was pressed; as a new one when no button was, or that message cannot be changed.</summary>
    /// <inheritdoc cref="SayLines"/>
    public async Task ShowPhoto(byte[] png, InlineKeyboardMarkup keyboard, CancellationToken ct, params string?[] lines)
    {
        if (PressedOn is not { } message || !await replies.EditPhoto(message, png, Join(lines), keyboard, ct))
        {
            await replies.SayPhoto(png, Join(lines), keyboard, ct);
        }
    }

    /// <param name="key">Of the text under it.</param>
    public Task SayDocument(byte[] content, string fileName, string key, CancellationToken ct) =>
        replies.SayDocument(content, fileName, BotText.Get(chat.Language, key), ct);

    /// <param name="feature">One of <see cref="Features"/>.</param>
    public Task<bool> IsOn(string feature, CancellationToken ct) => FeatureSwitches.IsOn(db, feature, ct);

    /// <summary>Replaces the message whose button was pressed, and takes its buttons.</summary>
    /// <inheritdoc cref="SayLines"/>
    public Task ReplaceLines(CancellationToken ct, params string?[] lines) =>
        PressedOn is { } message ? replies.Edit(message, Join(lines), keyboard: null, ct) : replies.Say(Join(lines), keyboard: null, ct);

    /// <summary>Asks, and waits for the answer to <paramref name="step"/>.</summary>
    public async Task Ask(string step, object? form, string key, ReplyMarkup? keyboard, CancellationToken ct, params (string Name, object? Value)[] values)
    {
        var question = await Say(key, keyboard, ct, values);
        chat.Await(step, form, keyboard is InlineKeyboardMarkup ? question : null);
    }

    /// <summary>Replaces the text of the message whose button was pressed, and its buttons.</summary>
    public Task Replace(string key, InlineKeyboardMarkup? keyboard, CancellationToken ct, params (string Name, object? Value)[] values) =>
        PressedOn is { } message ? replies.Edit(message, BotText.Get(chat.Language, key, values), keyboard, ct) : Say(key, keyboard, ct, values);

    public Task Edit(long message, string html, InlineKeyboardMarkup? keyboard, CancellationToken ct) => replies.Edit(message, html, keyboard, ct);

    /// <summary>Takes the buttons from the message whose button was pressed: it is answered.</summary>
    public Task TakeButtons(CancellationToken ct) => PressedOn is { } message ? replies.TakeButtons(message, ct) : Task.CompletedTask;

    /// <summary>Shows a line for a moment, in answer to a pressed button.</summary>
    public Task Toast(string key, CancellationToken ct, params (string Name, object? Value)[] values) =>
        replies.Answer(update.CallbackQuery, BotText.Plain(chat.Language, key, values), ct);

    /// <summary>A keyboard button in the person's language.</summary>
    public InlineKeyboardButton Pressable(string key, string data, params (string Name, object? Value)[] values) =>
        InlineKeyboardButton.WithCallbackData(BotText.Plain(chat.Language, key, values), data);

    public string Label(string key) => BotText.Plain(chat.Language, key);

    /// <summary>As people say it: <c>12 марта 1994</c>.</summary>
    public string DayInWords(DateOnly day) => DayInWords(day.Day, day.Month, day.Year);

    /// <param name="day">Also one that the month does not have.</param>
    public string DayInWords(int day, int month, int year) =>
        string.Create(CultureInfo.InvariantCulture, $"{day} {BotText.List(chat.Language, "months.of")[month - 1]} {year}");

    private static string Join(string?[] lines) => string.Join('\n', lines.OfType<string>());
}
