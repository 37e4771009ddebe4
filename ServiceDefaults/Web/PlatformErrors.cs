using Platform.Contracts;

namespace Platform.ServiceDefaults.Web;

/// <summary>What any service may refuse. What one service alone refuses stands in its folder of Contracts.</summary>
public static class PlatformErrors
{
    public static readonly ErrorCode ValidationFailed = new("validation_failed", 400,
        "Some fields are missing or invalid: see errors.");

    public static readonly ErrorCode BodyInvalid = new("body_invalid", 400,
        "The body is not the JSON that this call takes: see errors.");

    public static readonly ErrorCode RequestInvalid = new("request_invalid", 400,
        "The request is malformed.");

    public static readonly ErrorCode IdempotencyKeyInvalid = new("idempotency_key_invalid", 400,
        "An Idempotency-Key is 1 to 255 visible ASCII characters, and there is one.");

    public static readonly ErrorCode Unauthenticated = new("unauthenticated", 401,
        "Send a valid access token in the header Authorization, as Bearer. It may have expired: refresh it.");

    public static readonly ErrorCode Forbidden = new("forbidden", 403,
        "The role of this caller does not allow it.");

    public static readonly ErrorCode FeatureOff = new("feature_off", 403,
        "This is switched off here. An admin can switch it on.");

    public static readonly ErrorCode UserBlocked = new("user_blocked", 403,
        "This person is blocked, or the token is from before he was. Only the staff can lift a block.");

    public static readonly ErrorCode NotFound = new("not_found", 404,
        "There is nothing at this address.");

    public static readonly ErrorCode MethodNotAllowed = new("method_not_allowed", 405,
        "This address does not take this method: see the header Allow.");

    public static readonly ErrorCode Conflict = new("conflict", 409,
        "Somebody changed the same thing at the same moment. Read it again, then decide.");

    public static readonly ErrorCode BodyTooLarge = new("body_too_large", 413,
        "The body is larger than this call takes.");

    public static readonly ErrorCode AddressTooLong = new("address_too_long", 414,
        "The address with its query is longer than any call here needs.");

    public static readonly ErrorCode UnsupportedMediaType = new("unsupported_media_type", 415,
        "Send the body as application/json.");

    public static readonly ErrorCode IdempotencyKeyReused = new("idempotency_key_reused", 422,
        "This Idempotency-Key came before with another request. Take a new key for a new request.");

    public static readonly ErrorCode RateLimited = new("rate_limited", 429,
        "Too many calls. Wait as long as Retry-After says.");

    public static readonly ErrorCode HeadersTooLarge = new("headers_too_large", 431,
        "The headers are larger, or there are more of them, than any call here needs.");

    public static readonly ErrorCode InternalError = new("internal_error", 500,
        "Something went wrong here, and it is logged under this traceId.");

    public static readonly ErrorCode BadGateway = new("bad_gateway", 502,
        "A service behind this one did not answer properly. Try again.");

    public static readonly ErrorCode Unavailable = new("unavailable", 503,
        "It cannot be done at the moment. Try again after Retry-After seconds; with an Idempotency-Key that is always safe.");

    public static readonly ErrorCode TimedOut = new("timed_out", 504,
        "It took too long and was given up. Try again; with an Idempotency-Key that is always safe.");

    /// <summary>The code of an answer that has a status and no more to say.</summary>
    internal static ErrorCode ForStatus(int status) =>
        ByStatus.TryGetValue(status, out var error) ? error
        : status < 500 ? RequestInvalid with { Status = status }
        : InternalError with { Status = status };

    private static readonly Dictionary<int, ErrorCode> ByStatus = new ErrorCode[]
    {
        RequestInvalid, Unauthenticated, Forbidden, NotFound, MethodNotAllowed, Conflict, BodyTooLarge, AddressTooLong, UnsupportedMediaType,
        RateLimited, HeadersTooLarge, InternalError, BadGateway, Unavailable, TimedOut,
    }.ToDictionary(error => error.Status);
}
