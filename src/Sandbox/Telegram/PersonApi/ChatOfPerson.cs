using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.Chats;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>Finds the chat for a person's call, or the reason why it cannot be used.</summary>
internal static class ChatOfPerson
{
    /// <param name="bot">Username.</param>
    public static bool TryFindChat(
        this Messenger messenger, string bot, TelegramId personId, [NotNullWhen(true)] out Chat? chat, [NotNullWhen(false)] out ProblemHttpResult? problem)
    {
        var (found, person) = (messenger.FindBot(bot), messenger.FindPerson(personId));
        chat = found is null || person is null ? null : messenger.ChatOf(found, person);
        problem = chat is null ? Refused.NotFound("chat_not_found", "There is no such bot or person.") : null;
        return chat is not null;
    }

    /// <summary>Like <see cref="TryFindChat"/>, but refuses when the person blocks the bot.</summary>
    public static bool TryFindOpenChat(
        this Messenger messenger, string bot, TelegramId personId, [NotNullWhen(true)] out Chat? chat, [NotNullWhen(false)] out ProblemHttpResult? problem)
    {
        if (messenger.TryFindChat(bot, personId, out chat, out problem) && chat.Blocked)
        {
            problem = Refused.Conflict("bot_blocked", "The person has blocked this bot. Unblock it first.");
        }

        return problem is null;
    }
}
