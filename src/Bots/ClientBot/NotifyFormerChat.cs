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
/// Tells a chat that its card has moved to another Telegram account, and deletes the conversation. Not a notification, since those go
/// to the person, who has another chat now. The message may arrive twice, if the process dies after sending it.
/// </summary>
internal sealed class NotifyFormerChat(BotsDb db, IServiceProvider services) : IEventHandler<AccountRecovered>
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
            await account.Client.SendMessage(
                former.Value, BotText.Get(chat.Language, "recover.moved_away"), ParseMode.Html, replyMarkup: new ReplyKeyboardRemove(), cancellationToken: ct);
        }
        // The account is deleted, or has blocked the bot.
        catch (ApiRequestException refused) when (refused.ErrorCode is 400 or 403)
        {
        }

        // A newer conversation stays.
        await db.Database.ExecuteSqlAsync($"""
            delete from chats
            where bot = {BotNames.Client} and telegram_id = {former.Value} and updated_at <= {happened.RecoveredAt.ToUniversalTime()}
            """, ct);
        await db.Countdowns.Where(countdown => countdown.TelegramId == former).ExecuteDeleteAsync(ct);
    }
}
