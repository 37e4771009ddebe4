using Platform.Contracts;

namespace Platform.Sandbox.Telegram.Bots;

internal sealed class Bot
{
    public const string TokenPattern = "^[1-9][0-9]{0,15}:[A-Za-z0-9_-]{1,64}$";
    public const string UsernamePattern = "^[A-Za-z][A-Za-z0-9_]{2,31}$";

    private readonly Dictionary<CommandScope, IReadOnlyList<BotCommand>> _commands = [];
    private int _lastMessageId;

    /// <param name="firstId">Ids of messages and updates continue after it.</param>
    public Bot(string token, string username, string? name, int firstId)
    {
        Token = token;
        Username = username;
        Name = name ?? username;
        Id = TelegramId.Parse(token[..token.IndexOf(':', StringComparison.Ordinal)], provider: null);
        _lastMessageId = firstId;
        Updates = new UpdateQueue(firstId);
    }

    public string Token { get; }

    public TelegramId Id { get; }

    public string Username { get; }

    public string Name { get; }

    public UpdateQueue Updates { get; }

    /// <summary>Null while the bot polls.</summary>
    public Webhook? Webhook { get; set; }

    public int NextMessageId() => ++_lastMessageId;

    public IReadOnlyList<BotCommand> CommandsIn(CommandScope scope) => _commands.GetValueOrDefault(scope, []);

    public void SetCommands(CommandScope scope, IReadOnlyList<BotCommand> commands) => _commands[scope] = commands;

    public void DeleteCommands(CommandScope scope) => _commands.Remove(scope);

    /// <summary>The commands in a chat's menu: those of the narrowest scope that has any, in the person's language if available.</summary>
    public IReadOnlyList<BotCommand> CommandsFor(TelegramId person, string? language)
    {
        string[] scopes = [CommandScope.OfChat(person), CommandScope.PrivateChats, CommandScope.Default];
        return scopes
            .SelectMany(scope => new[] { new CommandScope(scope, language ?? ""), new CommandScope(scope, "") })
            .Select(scope => _commands.GetValueOrDefault(scope))
            .FirstOrDefault(commands => commands is { Count: > 0 }) ?? [];
    }
}

internal sealed record BotCommand(string Command, string Description);

/// <param name="Scope"><c>default</c>, <c>all_private_chats</c>, <c>chat:5</c> and so on.</param>
/// <param name="Language">Two letters; empty for all other languages.</param>
internal readonly record struct CommandScope(string Scope, string Language)
{
    public const string Default = "default";
    public const string PrivateChats = "all_private_chats";

    public static string OfChat(TelegramId person) => $"chat:{person}";
}
