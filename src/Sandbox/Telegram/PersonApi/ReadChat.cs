using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;

namespace Platform.Sandbox.Telegram.PersonApi;

internal static class ReadChat
{
    public static Results<Ok<ChatState>, ProblemHttpResult> Handle(string bot, TelegramId personId, Messenger messenger)
    {
        lock (messenger.Lock)
        {
            return messenger.TryFindChat(bot, personId, out var chat, out var problem)
                ? TypedResults.Ok(ChatState.Of(chat, messenger.Now))
                : problem;
        }
    }
}
