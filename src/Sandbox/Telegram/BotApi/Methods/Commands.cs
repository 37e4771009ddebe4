using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Contracts;
using Platform.Sandbox.Telegram.Bots;

namespace Platform.Sandbox.Telegram.BotApi.Methods;

internal static partial class SetMyCommands
{
    private const int MaxCommands = 100;
    private const int MaxDescription = 256;

    public static BotAnswer Handle(BotCall call)
    {
        if (CommandScopes.Read(call, out var scope) is { } refusal)
        {
            return refusal;
        }

        if (call.Parameters.Text("commands") is not { } json)
        {
            return Refusal.BadRequest("parameter \"commands\" is required");
        }

        List<BotCommand?>? commands;
        try
        {
            commands = JsonSerializer.Deserialize<List<BotCommand?>>(json, Wire.Json);
        }
        catch (JsonException)
        {
            return Refusal.BadRequest("can't parse commands JSON object");
        }

        var all = new List<BotCommand>();
        foreach (var sent in commands ?? [])
        {
            if (sent?.Command?.TrimStart('/') is not { } command || !CommandPattern().IsMatch(command))
            {
                return Refusal.BadRequest("BOT_COMMAND_INVALID");
            }

            if (sent.Description?.Trim() is not { Length: >= 1 and <= MaxDescription } description)
            {
                return Refusal.BadRequest("BOT_COMMAND_DESCRIPTION_INVALID");
            }

            all.Add(new BotCommand(command, description));
        }

        if (all.Count > MaxCommands)
        {
            return Refusal.BadRequest("BOT_COMMANDS_TOO_MUCH");
        }

        call.Bot.SetCommands(scope, all);
        CommandScopes.ShowIn(call);
        return BotAnswer.True;
    }

    [GeneratedRegex("^[a-z0-9_]{1,32}$")]
    private static partial Regex CommandPattern();
}

internal static class GetMyCommands
{
    public static BotAnswer Handle(BotCall call) =>
        CommandScopes.Read(call, out var scope) is { } refusal ? refusal : BotAnswer.Of(call.Bot.CommandsIn(scope));
}

internal static class DeleteMyCommands
{
    public static BotAnswer Handle(BotCall call)
    {
        if (CommandScopes.Read(call, out var scope) is { } refusal)
        {
            return refusal;
        }

        call.Bot.DeleteCommands(scope);
        CommandScopes.ShowIn(call);
        return BotAnswer.True;
    }
}

/// <summary>The button beside the input. Only the default one, which opens the commands, exists, so nothing changes.</summary>
internal static class SetChatMenuButton
{
    public static BotAnswer Handle(BotCall call) =>
        call.Parameters.Text("chat_id") is not null && call.FindChat(out _) is { } refusal ? refusal : BotAnswer.True;
}

file static class CommandScopes
{
    public static Refusal? Read(BotCall call, out CommandScope scope)
    {
        var language = call.Parameters.Text("language_code")?.ToLowerInvariant() ?? "";
        scope = new CommandScope(CommandScope.Default, language);
        if (call.Parameters.Text("scope") is not { } json)
        {
            return null;
        }

        try
        {
            var sent = JsonSerializer.Deserialize<Scope>(json, Wire.Json);
            switch (sent?.Type)
            {
                case "chat" when sent.ChatId is > 0:
                    scope = new CommandScope(CommandScope.OfChat(new TelegramId(sent.ChatId.Value)), language);
                    return null;
                case CommandScope.Default or CommandScope.PrivateChats or "all_group_chats" or "all_chat_administrators":
                    scope = new CommandScope(sent.Type, language);
                    return null;
                default:
                    return Refusal.BadRequest("can't parse BotCommandScope: unsupported type specified");
            }
        }
        catch (JsonException)
        {
            return Refusal.BadRequest("can't parse BotCommandScope JSON object");
        }
    }

    public static void ShowIn(BotCall call)
    {
        foreach (var chat in call.Messenger.ChatsOf(call.Bot))
        {
            chat.Touch();
        }
    }

    private sealed record Scope(string? Type, long? ChatId);
}
