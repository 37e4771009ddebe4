using System.Globalization;

namespace Platform.Sandbox.Telegram.BotApi;

/// <summary>Why a call was refused, in the real Bot API's words.</summary>
/// <param name="RetryAfter">Seconds.</param>
/// <param name="MigrateToChatId">The chat's new id.</param>
internal sealed record Refusal(int Code, string Description, int? RetryAfter = null, long? MigrateToChatId = null)
{
    public static Refusal BadRequest(string description) => new(StatusCodes.Status400BadRequest, $"Bad Request: {description}");

    public static Refusal TooManyRequests(int retryAfter) => new(
        StatusCodes.Status429TooManyRequests, $"Too Many Requests: retry after {retryAfter.ToString(CultureInfo.InvariantCulture)}", retryAfter);

    public static Refusal Migrated(long toChatId) => new(
        StatusCodes.Status400BadRequest, "Bad Request: group chat was upgraded to a supergroup chat", MigrateToChatId: toChatId);
}

/// <summary>Refusals that are used in more than one place.</summary>
internal static class Refusals
{
    public static readonly Refusal Unauthorized = new(StatusCodes.Status401Unauthorized, "Unauthorized");
    public static readonly Refusal NotFound = new(StatusCodes.Status404NotFound, "Not Found");
    public static readonly Refusal ServerError = new(StatusCodes.Status500InternalServerError, "Internal Server Error");
    public static readonly Refusal Blocked = new(StatusCodes.Status403Forbidden, "Forbidden: bot was blocked by the user");
    public static readonly Refusal Deactivated = new(StatusCodes.Status403Forbidden, "Forbidden: user is deactivated");
    public static readonly Refusal NotStarted = new(StatusCodes.Status403Forbidden, "Forbidden: bot can't initiate conversation with a user");
    public static readonly Refusal NoChatId = Refusal.BadRequest("chat_id is empty");
    public static readonly Refusal ChatNotFound = Refusal.BadRequest("chat not found");
    public static readonly Refusal NoMessageId = Refusal.BadRequest("message identifier is not specified");
    public static readonly Refusal MessageGone = Refusal.BadRequest("message to edit not found");
    public static readonly Refusal CannotBeEdited = Refusal.BadRequest("message can't be edited");
    public static readonly Refusal NotModified = Refusal.BadRequest(
        "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message");
    public static readonly Refusal QueryTooOld = Refusal.BadRequest("query is too old and response timeout expired or query ID is invalid");
    public static readonly Refusal FileUnavailable = Refusal.BadRequest("wrong file_id or the file is temporarily unavailable");
    public static readonly Refusal NotUtf8 = Refusal.BadRequest("strings must be encoded in UTF-8");
    public static readonly Refusal HasWebhook = new(
        StatusCodes.Status409Conflict, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
    public static readonly Refusal OtherPoll = new(
        StatusCodes.Status409Conflict, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running");
    public static readonly Refusal WebhookSet = new(StatusCodes.Status409Conflict, "Conflict: terminated by setWebhook request");
}

/// <summary>The outcome of a method: a result or a refusal.</summary>
internal readonly record struct BotAnswer(object? Result, Refusal? Refusal)
{
    public static readonly BotAnswer True = Of(true);

    public static BotAnswer Of(object result) => new(result, Refusal: null);

    public static implicit operator BotAnswer(Refusal refusal) => new(Result: null, refusal);
}
