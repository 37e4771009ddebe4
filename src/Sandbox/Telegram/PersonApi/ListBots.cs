using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.Bots;

namespace Platform.Sandbox.Telegram.PersonApi;

internal static class ListBots
{
    /// <param name="Commands">The default ones.</param>
    public sealed record Response(TelegramId Id, string Username, string Name, IReadOnlyList<BotCommand> Commands);

    public static Ok<IReadOnlyList<Response>> Handle(Messenger messenger)
    {
        lock (messenger.Lock)
        {
            return TypedResults.Ok<IReadOnlyList<Response>>([.. messenger.Bots.Select(bot =>
                new Response(bot.Id, bot.Username, bot.Name, bot.CommandsIn(new CommandScope(CommandScope.Default, ""))))]);
        }
    }
}
