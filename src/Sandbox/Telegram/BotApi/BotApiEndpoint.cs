using System.Diagnostics;
using System.Globalization;
using Platform.Sandbox.Control;
using Platform.Sandbox.Telegram.BotApi.Methods;

namespace Platform.Sandbox.Telegram.BotApi;

/// <summary><c>/bot[token]/[method]</c>, as in core.telegram.org/bots/api#making-requests.</summary>
internal sealed class BotApiEndpoint(
    Messenger messenger, SendingLimits limits, Faults faults, RequestLog requests, IHostApplicationLifetime lifetime)
{
    private delegate Task<BotAnswer> Method(BotCall call, CancellationToken ct);

    private static readonly Dictionary<string, Method> Methods = new(StringComparer.OrdinalIgnoreCase)
    {
        ["getMe"] = InLock(GetMe.Handle),
        ["logOut"] = InLock(LogOut.Handle),
        ["close"] = InLock(LogOut.Handle),
        ["getUpdates"] = GetUpdates.Handle,
        ["setWebhook"] = InLock(SetWebhook.Handle),
        ["deleteWebhook"] = InLock(DeleteWebhook.Handle),
        ["getWebhookInfo"] = InLock(GetWebhookInfo.Handle),
        ["sendMessage"] = InLock(SendMessage.Handle),
        ["sendPhoto"] = SendPhoto.Handle,
        ["sendDocument"] = SendDocument.Handle,
        ["sendContact"] = InLock(SendContact.Handle),
        ["sendChatAction"] = InLock(SendChatAction.Handle),
        ["editMessageText"] = InLock(EditMessageText.Handle),
        ["editMessageCaption"] = InLock(EditMessageCaption.Handle),
        ["editMessageMedia"] = EditMessageMedia.Handle,
        ["editMessageReplyMarkup"] = InLock(EditMessageReplyMarkup.Handle),
        ["deleteMessage"] = InLock(DeleteMessage.Handle),
        ["pinChatMessage"] = InLock(PinChatMessage.Handle),
        ["answerCallbackQuery"] = InLock(AnswerCallbackQuery.Handle),
        ["setMyCommands"] = InLock(SetMyCommands.Handle),
        ["getMyCommands"] = InLock(GetMyCommands.Handle),
        ["deleteMyCommands"] = InLock(DeleteMyCommands.Handle),
        ["setChatMenuButton"] = InLock(SetChatMenuButton.Handle),
        ["getFile"] = InLock(GetFile.Handle),
        ["getChat"] = InLock(GetChat.Handle),
        ["getChatMember"] = InLock(GetChatMember.Handle),
    };

    public async Task Handle(HttpContext http, string token, string method)
    {
        Bots.Bot? bot;
        lock (messenger.Lock)
        {
            bot = messenger.FindBotByToken(token);
        }

        if (bot is null)
        {
            await Write(http, Refusals.Unauthorized);
            return;
        }

        if (!Methods.TryGetValue(method, out var handle))
        {
            await Write(http, Refusals.NotFound);
            return;
        }

        Activity.Current?.SetTag("telegram.bot", bot.Username).SetTag("telegram.method", method);
        // Waiting calls end when the bot disconnects or the sandbox stops.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var ct = ending.Token;
        var (parameters, unreadable) = await Parameters.Read(http.Request, ct);
        var chatId = parameters.Long("chat_id");
        var request = requests.Begin(bot.Username, method, chatId, parameters.ToJson());
        var fault = faults.Take(bot.Username, method, chatId);
        request.Fault = fault?.Kind;
        try
        {
            switch (fault?.Kind)
            {
                case FaultKind.Hang:
                    await Task.Delay(fault.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan, ct);
                    http.Abort();
                    return;
                case FaultKind.Delay:
                    await Task.Delay(TimeSpan.FromSeconds(fault.Seconds ?? 1), ct);
                    break;
            }

            var answer = (unreadable ?? RefusalOf(fault)) is { } refusal
                ? refusal
                : await Do(handle, new BotCall(bot, parameters, messenger, http.RequestServices), method, chatId, ct);
            request.Status = answer.Refusal?.Code ?? StatusCodes.Status200OK;
            if (fault?.Kind == FaultKind.Cut)
            {
                http.Abort();
                return;
            }

            await Write(http, answer);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            http.Abort();
        }
    }

    private async Task<BotAnswer> Do(Method handle, BotCall call, string method, long? chatId, CancellationToken ct)
    {
        lock (messenger.Lock)
        {
            if (limits.Check(call.Bot, method, chatId, messenger.Now) is { } refusal)
            {
                return refusal;
            }
        }

        return await handle(call, ct);
    }

    private static Refusal? RefusalOf(Fault? fault) => fault?.Kind switch
    {
        FaultKind.TooManyRequests => Refusal.TooManyRequests(fault.RetryAfter ?? 1),
        FaultKind.ServerError => Refusals.ServerError,
        FaultKind.Blocked => Refusals.Blocked,
        FaultKind.Deactivated => Refusals.Deactivated,
        FaultKind.Migrated => Refusal.Migrated(fault.MigrateTo ?? Fault.Supergroup),
        FaultKind.MessageGone => Refusals.MessageGone,
        _ => null,
    };

    private static Method InLock(Func<BotCall, BotAnswer> handle) => (call, _) =>
    {
        lock (call.Messenger.Lock)
        {
            return Task.FromResult(handle(call));
        }
    };

    private static Task Write(HttpContext http, BotAnswer answer)
    {
        if (answer.Refusal is not { } refusal)
        {
            return http.Response.WriteAsJsonAsync(WireSuccess.Of(answer.Result!), Wire.Json, http.RequestAborted);
        }

        http.Response.StatusCode = refusal.Code;
        if (refusal.RetryAfter is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return http.Response.WriteAsJsonAsync(WireFailure.Of(refusal), Wire.Json, http.RequestAborted);
    }
}
