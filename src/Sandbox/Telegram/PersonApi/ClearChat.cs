using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>The person clears the history, for themselves and for the bot, which is not told.</summary>
internal static class ClearChat
{
    public static Results<NoContent, ProblemHttpResult> Handle(string bot, TelegramId personId, Confirmed _, Messenger messenger)
    {
        lock (messenger.Lock)
        {
            if (!messenger.TryFindChat(bot, personId, out var chat, out var problem))
            {
                return problem;
            }

            chat.ClearHistory();
            return TypedResults.NoContent();
        }
    }
}
