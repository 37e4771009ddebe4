using Telegram.Bot.Types.Enums;

namespace Telegram.Bot.Types;

public class BotCommand
{
    public BotCommand()
    {
    }

    public BotCommand(string command, string description) => (Command, Description) = (command, description);

    /// <summary>1 to 32 small Latin letters, digits and underscores, without the slash.</summary>
    public string Command { get; set; } = default!;

    public string Description { get; set; } = default!;

    public static implicit operator BotCommand((string text, string description) tuple) => new(tuple.text, tuple.description);
}

/// <summary>For whom a list of commands is.</summary>
public abstract class BotCommandScope
{
    public abstract BotCommandScopeType Type { get; }

    public static BotCommandScopeDefault Default() => new();

    public static BotCommandScopeAllPrivateChats AllPrivateChats() => new();

    public static BotCommandScopeChat Chat(ChatId chatId) => new() { ChatId = chatId };
}

public class BotCommandScopeDefault : BotCommandScope
{
    public override BotCommandScopeType Type => BotCommandScopeType.Default;
}

public class BotCommandScopeAllPrivateChats : BotCommandScope
{
    public override BotCommandScopeType Type => BotCommandScopeType.AllPrivateChats;
}

public class BotCommandScopeChat : BotCommandScope
{
    public override BotCommandScopeType Type => BotCommandScopeType.Chat;

    public ChatId ChatId { get; set; } = default!;
}
