using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>The person clears the history for both sides. The bot gets no update.</summary>
internal static class ClearChat
{
    public static Results<NoContent, ProblemHttpResult> Handle(string bot, TelegramId personId, EmptyRequest _, Messenger messenger)
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
