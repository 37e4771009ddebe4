using Platform.Bots.Texts;
using Telegram.Bot.Types;

namespace Platform.Bots.Conversations;

/// <summary>What a person sent, parsed from one update: a text, a command, a contact or a pressed button.</summary>
internal sealed class UserInput(Update update)
{
    /// <summary>Unique per bot, and the same each time that the update is handled.</summary>
    public long UpdateId => update.Id;

    public User From => (update.Message?.From ?? update.CallbackQuery?.From ?? update.MyChatMember?.From)!;

    public string FullName => $"{From.FirstName} {From.LastName}".Trim();

    /// <summary>Null unless it is a text and not a command.</summary>
    public string? Text => Command is null ? update.Message?.Text?.Trim() : null;

    public Contact? Contact => update.Message?.Contact;

    /// <summary>With its slash and without the bot's name: <c>/start</c>.</summary>
    public string? Command => update.Message?.Text is ['/', ..] text ? text.Split([' ', '\n'], 2)[0].Split('@')[0].ToLowerInvariant() : null;

    public CallbackQuery? Press => update.CallbackQuery;

    /// <summary>The pressed button, without its argument.</summary>
    public string? Button => Press?.Data?.Split(':', 2)[0];

    public long? PressedMessage => Press?.Message?.Id;

    /// <summary>What follows a command or a button's name; empty when nothing does.</summary>
    public string Argument =>
        Press?.Data is { } data ? data.Split(':', 2) is [_, var argument] ? argument : ""
        : update.Message?.Text?.Split(' ', 2) is [_, var rest] ? rest.Trim()
        : "";

    /// <summary>Whether the text is a button's label, in any language.</summary>
    public bool Says(string label) => Text is { } text && BotText.Is(label, text);
}
