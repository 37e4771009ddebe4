using System.Net;
using Polly;
using Polly.Retry;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;
using Telegram.Bot.Types.ReplyMarkups;
using TelegramId = Platform.Contracts.TelegramId;

namespace Platform.Bots.Conversations;

/// <summary>The person has blocked the bot, or deleted his account: nothing more can be said to him.</summary>
internal sealed class PersonIsGoneException(Exception fault) : Exception("The person cannot be written to.", fault);

/// <summary>
/// Says things to one person, for as long as it takes: while Telegram is away or asks to wait, it is tried again, so that a
/// reply comes at least once. Meanwhile its place is another chat's.
/// </summary>
internal sealed partial class Replies(ITelegramBotClient telegram, TelegramId person, Place place, TimeProvider clock, ILogger log)
{
    private readonly HashSet<string> _answered = [];
    private readonly HashSet<long> _withoutButtons = [];
    private readonly ResiliencePipeline _persistence = new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(300),
            MaxDelay = TimeSpan.FromSeconds(10),
            ShouldHandle = attempt => ValueTask.FromResult(IsPassing(attempt.Outcome.Exception)),
            DelayGenerator = attempt => ValueTask.FromResult(
                attempt.Outcome.Exception is ApiRequestException { Parameters.RetryAfter: { } seconds } ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null),
            OnRetry = _ =>
            {
                place.GiveBack();
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    /// <returns>The message's number in this chat; 0 when Telegram took it and its answer cannot be read.</returns>
    public async Task<long> Say(string html, ReplyMarkup? keyboard, CancellationToken ct)
    {
        var sent = await Persist(
            attempt => telegram.SendMessage(
                person.Value, html, ParseMode.Html, replyMarkup: keyboard, linkPreviewOptions: new LinkPreviewOptions { IsDisabled = true }, cancellationToken: attempt),
            ct);
        return sent?.Id ?? 0;
    }

    /// <summary>Shows a picture with a text under it.</summary>
    public Task SayPhoto(byte[] png, string html, InlineKeyboardMarkup keyboard, CancellationToken ct) => Persist(
        async attempt =>
        {
            using var picture = new MemoryStream(png);
            return await telegram.SendPhoto(person.Value, Picture(picture), html, ParseMode.Html, replyMarkup: keyboard, cancellationToken: attempt);
        },
        ct);

    /// <summary>Puts another picture, text and buttons in a message's place.</summary>
    /// <returns>False when the message cannot be changed any more: it was deleted, or is too old.</returns>
    public async Task<bool> EditPhoto(long message, byte[] png, string html, InlineKeyboardMarkup keyboard, CancellationToken ct)
    {
        try
        {
            await Persist(
                async attempt =>
                {
                    using var picture = new MemoryStream(png);
                    var media = new InputMediaPhoto(Picture(picture)) { Caption = html, ParseMode = ParseMode.Html };
                    return await telegram.EditMessageMedia(person.Value, (int)message, media, keyboard, cancellationToken: attempt);
                },
                ct);
            return true;
        }
        catch (ApiRequestException refused) when (refused.ErrorCode == 400)
        {
            return false;
        }
    }

    public Task SayDocument(byte[] content, string fileName, string html, CancellationToken ct) => Persist(
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

        return Edit(
            attempt => telegram.EditMessageText(
                person.Value, (int)message, html, ParseMode.Html, replyMarkup: keyboard, linkPreviewOptions: new LinkPreviewOptions { IsDisabled = true },
                cancellationToken: attempt),
            ct);
    }

    /// <summary>Nothing when it has lost them already.</summary>
    public Task TakeButtons(long message, CancellationToken ct) => _withoutButtons.Add(message)
        ? Edit(attempt => telegram.EditMessageReplyMarkup(person.Value, (int)message, replyMarkup: null, cancellationToken: attempt), ct)
        : Task.CompletedTask;

    /// <summary>Answers a pressed button, once: the first answer is the one that is shown.</summary>
    public async Task Answer(CallbackQuery? press, string? text, CancellationToken ct)
    {
        if (press is null || !_answered.Add(press.Id))
        {
            return;
        }

        try
        {
            await Persist(
                async attempt =>
                {
                    await telegram.AnswerCallbackQuery(press.Id, text, cancellationToken: attempt);
                    return true;
                },
                ct);
        }
        // It was pressed before a restart, and Telegram has forgotten it: nobody waits for this answer any more.
        catch (ApiRequestException refused) when (refused.ErrorCode == 400)
        {
        }
    }

    private static InputFileStream Picture(Stream png) => InputFile.FromStream(png, "card.png");

    private async Task Edit(Func<CancellationToken, Task<Message>> edit, CancellationToken ct)
    {
        try
        {
            await Persist(edit, ct);
        }
        // It reads so already, or is not there any more: either way there is nothing left to change.
        catch (ApiRequestException refused) when (refused.ErrorCode == 400)
        {
        }
    }

    /// <returns>Null when it was done and the answer cannot be read: sent again, it would be there twice.</returns>
    private async Task<T?> Persist<T>(Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        try
        {
            return await place.During(_persistence.ExecuteAsync(async attempt => await call(attempt), ct).AsTask(), ct);
        }
        catch (RequestException unreadable) when (unreadable is not ApiRequestException && unreadable.HttpStatusCode is HttpStatusCode.OK)
        {
            LogUnreadableAnswer(unreadable);
            return default;
        }
        catch (ApiRequestException refused) when (refused.ErrorCode == 403)
        {
            throw new PersonIsGoneException(refused);
        }
    }

    // Everything but a refusal of this very message: a 401 too, since the token is the same for the next one.
    private static bool IsPassing(Exception? fault) =>
        fault is ApiRequestException refused ? refused.ErrorCode is 401 or 429 or >= 500
        : fault is RequestException { HttpStatusCode: null or >= HttpStatusCode.InternalServerError };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telegram has done what it was asked for, and its answer cannot be read; it is not asked again.")]
    private partial void LogUnreadableAnswer(Exception fault);
}
