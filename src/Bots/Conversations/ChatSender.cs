using System.Net;
using Polly;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;
using Telegram.Bot.Types.ReplyMarkups;
using TelegramId = Platform.Contracts.TelegramId;

namespace Platform.Bots.Conversations;

/// <summary>The person blocked the bot or deleted their account: nothing can be sent to them.</summary>
internal sealed class BotBlockedException(Exception fault) : Exception("The chat cannot be written to.", fault);

/// <summary>Sends to one chat, at least once. While it waits to retry, another chat uses its slot.</summary>
/// <exception cref="BotBlockedException">From every method.</exception>
internal sealed partial class ChatSender(ITelegramBotClient telegram, TelegramId person, Slot slot, TimeProvider clock, ILogger log)
{
    private readonly HashSet<string> _answered = [];
    private readonly HashSet<long> _withoutButtons = [];
    private readonly ResiliencePipeline _retries = RetryPolicies.TelegramMessage(clock, onRetry: slot.Release);

    /// <returns>The message's number in this chat; 0 when Telegram accepted it but its answer cannot be parsed.</returns>
    public async Task<long> Send(string html, ReplyMarkup? keyboard, CancellationToken ct)
    {
        var sent = await Call(
            attempt => telegram.SendMessage(
                person.Value, html, ParseMode.Html, replyMarkup: keyboard, linkPreviewOptions: new LinkPreviewOptions { IsDisabled = true },
                cancellationToken: attempt),
            ct);
        return sent?.Id ?? 0;
    }

    public Task SendPhoto(byte[] png, string html, InlineKeyboardMarkup keyboard, CancellationToken ct) => Call(
        async attempt =>
        {
            using var picture = new MemoryStream(png);
            return await telegram.SendPhoto(person.Value, Picture(picture), html, ParseMode.Html, replyMarkup: keyboard, cancellationToken: attempt);
        },
        ct);

    public Task SendDocument(byte[] content, string fileName, string html, CancellationToken ct) => Call(
        async attempt =>
        {
            using var document = new MemoryStream(content);
            return await telegram.SendDocument(person.Value, InputFile.FromStream(document, fileName), html, ParseMode.Html, cancellationToken: attempt);
        },
        ct);

    public Task Edit(long message, string html, InlineKeyboardMarkup? keyboard, CancellationToken ct)
    {
        if (keyboard is null)
        {
            _withoutButtons.Add(message);
        }

        return TryEdit(
            attempt => telegram.EditMessageText(
                person.Value, (int)message, html, ParseMode.Html, replyMarkup: keyboard, linkPreviewOptions: new LinkPreviewOptions { IsDisabled = true },
                cancellationToken: attempt),
            ct);
    }

    /// <returns>False when the message cannot be changed: it was deleted, or is too old.</returns>
    public Task<bool> EditPhoto(long message, byte[] png, string html, InlineKeyboardMarkup keyboard, CancellationToken ct) => TryEdit(
        async attempt =>
        {
            using var picture = new MemoryStream(png);
            var media = new InputMediaPhoto(Picture(picture)) { Caption = html, ParseMode = ParseMode.Html };
            return await telegram.EditMessageMedia(person.Value, (int)message, media, keyboard, cancellationToken: attempt);
        },
        ct);

    public Task RemoveButtons(long message, CancellationToken ct) => _withoutButtons.Add(message)
        ? TryEdit(attempt => telegram.EditMessageReplyMarkup(person.Value, (int)message, replyMarkup: null, cancellationToken: attempt), ct)
        : Task.CompletedTask;

    /// <summary>Answers a pressed button. Telegram shows the first answer only, so later ones are skipped.</summary>
    public async Task AnswerPress(CallbackQuery? press, string? text, CancellationToken ct)
    {
        if (press is null || !_answered.Add(press.Id))
        {
            return;
        }

        try
        {
            await Call(
                async attempt =>
                {
                    await telegram.AnswerCallbackQuery(press.Id, text, cancellationToken: attempt);
                    return true;
                },
                ct);
        }
        // The press has expired, such as after a restart.
        catch (ApiRequestException refused) when (refused.ErrorCode == 400)
        {
        }
    }

    private static InputFileStream Picture(Stream png) => InputFile.FromStream(png, "card.png");

    private async Task<bool> TryEdit(Func<CancellationToken, Task<Message>> edit, CancellationToken ct)
    {
        try
        {
            await Call(edit, ct);
            return true;
        }
        // Nothing to change: the message has this content already, or is gone.
        catch (ApiRequestException refused) when (refused.ErrorCode == 400)
        {
            return false;
        }
    }

    /// <returns>Null when Telegram did it but its answer cannot be parsed: a retry would send the message twice.</returns>
    private async Task<T?> Call<T>(Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        try
        {
            return await slot.Await(_retries.ExecuteAsync(async attempt => await call(attempt), ct).AsTask(), ct);
        }
        catch (RequestException unreadable) when (unreadable is not ApiRequestException && unreadable.HttpStatusCode is HttpStatusCode.OK)
        {
            LogUnreadableAnswer(unreadable);
            return default;
        }
        catch (ApiRequestException refused) when (refused.ErrorCode == 403)
        {
            throw new BotBlockedException(refused);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telegram's answer to a successful call cannot be parsed. The call is not retried.")]
    private partial void LogUnreadableAnswer(Exception fault);
}
