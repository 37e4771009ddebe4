using Microsoft.EntityFrameworkCore;
using Platform.Bots.Conversations;
using Platform.Bots.Storage;
using Platform.Bots.Texts;
using Platform.Contracts.Bots;
using Platform.Contracts.Users;
using Platform.Messaging;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types.Enums;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>
/// Tells the chat that a card was in that it has moved to another Telegram account: its owner may know nothing of it. What they write from
/// then on they write as a stranger, so the conversation is forgotten.
/// </summary>
/// <remarks>
/// Said here and not by a notification: those go to the person, and the person is in another chat now. A message cannot be taken back:
/// when the process dies after it, it comes twice.
/// </remarks>
internal sealed class TellFormerAccount(BotsDb db, IServiceProvider services) : IHandle<AccountRecovered>
{
    public async Task Handle(AccountRecovered happened, CancellationToken ct)
    {
        if (happened.FormerTelegramId is not { } former
            || services.GetKeyedService<BotAccount>(BotNames.Client) is not { } account
            || await db.Chats.AsNoTracking().SingleOrDefaultAsync(chat => chat.Bot == BotNames.Client && chat.TelegramId == former, ct) is not { } chat)
        {
            return;
        }

        try
        {
            await account.Calls.SendMessage(
                former.Value, BotText.Get(chat.Language, "recover.moved_away"), ParseMode.Html, replyMarkup: new ReplyKeyboardRemove(), cancellationToken: ct);
        }
        // The account is deleted, or has blocked the bot: nobody is there to be told.
        catch (ApiRequestException refused) when (refused.ErrorCode is 400 or 403)
        {
        }

        // What is being said at the moment stays: it is said by whoever has the account now.
        await db.Database.ExecuteSqlAsync($"""
            delete from chats
            where bot = {BotNames.Client} and telegram_id = {former.Value} and updated_at <= {happened.RecoveredAt.ToUniversalTime()}
            """, ct);
        await db.Countdowns.Where(countdown => countdown.TelegramId == former).ExecuteDeleteAsync(ct);
    }
}
