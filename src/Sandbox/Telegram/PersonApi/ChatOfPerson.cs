using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.Chats;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>What the calls of a person's side have in common: his chat, and why it will not do.</summary>
internal static class ChatOfPerson
{
    /// <param name="bot">Username.</param>
    public static bool TryFindChat(
        this Messenger messenger, string bot, TelegramId personId, [NotNullWhen(true)] out Chat? chat, [NotNullWhen(false)] out ProblemHttpResult? problem)
    {
        var (found, person) = (messenger.FindBot(bot), messenger.FindPerson(personId));
        chat = found is null || person is null ? null : messenger.ChatOf(found, person);
        problem = chat is null ? TypedResults.Problem("There is no such bot or person.", statusCode: StatusCodes.Status404NotFound) : null;
        return chat is not null;
    }

    /// <summary>The same, for what a person cannot do while he blocks the bot.</summary>
    public static bool TryFindOpenChat(
        this Messenger messenger, string bot, TelegramId personId, [NotNullWhen(true)] out Chat? chat, [NotNullWhen(false)] out ProblemHttpResult? problem)
    {
        if (messenger.TryFindChat(bot, personId, out chat, out problem) && chat.Blocked)
        {
            problem = TypedResults.Problem("The person blocks this bot: unblock it first.", statusCode: StatusCodes.Status409Conflict);
        }

        return problem is null;
    }
}
