using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram;
using Platform.Sandbox.Telegram.Bots;

namespace Platform.Sandbox.Control;

internal static class AddBot
{
    public sealed record Request(
        [Required, RegularExpression(Bot.TokenPattern)] string Token,
        [Required, RegularExpression(Bot.UsernamePattern)] string Username,
        [StringLength(64)] string? Name);

    public sealed record Response(TelegramId Id, string Username, string Name);

    public static Results<Created<Response>, ProblemHttpResult> Handle(Request request, Messenger messenger)
    {
        lock (messenger.Lock)
        {
            return messenger.AddBot(request.Token, request.Username, request.Name) is { } bot
                ? TypedResults.Created((string?)null, new Response(bot.Id, bot.Username, bot.Name))
                : TypedResults.Problem("Another bot already has this username or the number in this token.", statusCode: StatusCodes.Status409Conflict);
        }
    }
}
