using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.BotApi;
using Platform.Sandbox.Telegram.Chats;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>The person blocks or unblocks the bot, which gets an update if that changes anything.</summary>
internal static class BlockBot
{
    public static Results<NoContent, ProblemHttpResult> Block(string bot, TelegramId personId, EmptyRequest _, Messenger messenger) =>
        Change(bot, personId, messenger, block: true);

    public static Results<NoContent, ProblemHttpResult> Unblock(string bot, TelegramId personId, EmptyRequest _, Messenger messenger) =>
        Change(bot, personId, messenger, block: false);

    private static Results<NoContent, ProblemHttpResult> Change(string bot, TelegramId personId, Messenger messenger, bool block)
    {
        lock (messenger.Lock)
        {
            if (!messenger.TryFindChat(bot, personId, out var chat, out var problem))
            {
                return problem;
            }

            if (chat.Blocked == block)
            {
                return TypedResults.NoContent();
            }

            if (block)
            {
                chat.Block();
            }
            else
            {
                chat.Unblock();
            }

            chat.Bot.Updates.Add(new WireUpdate
            {
                MyChatMember = new WireChatMemberUpdated(
                    Wire.ChatWith(chat.Person), Wire.Of(chat.Person), messenger.Now.ToUnixTimeSeconds(),
                    Member(chat, kicked: !block), Member(chat, kicked: block)),
            });
            return TypedResults.NoContent();
        }
    }

    private static WireChatMember Member(Chat chat, bool kicked) =>
        new(Wire.Of(chat.Bot), kicked ? "kicked" : "member", kicked ? 0 : null);
}
