using Platform.Contracts;

namespace Platform.ServiceDefaults.Web;

/// <summary>Error codes that any service may answer. A single service's codes are in its folder of Contracts.</summary>
public static class PlatformErrors
{
    public static readonly ErrorCode ValidationFailed = new("validation_failed", 400,
        "Some fields are missing or invalid: see errors.");

    public static readonly ErrorCode BodyInvalid = new("body_invalid", 400,
        "The body is not the JSON that this endpoint expects: see errors.");

    public static readonly ErrorCode RequestInvalid = new("request_invalid", 400,
        "The request is malformed.");

    public static readonly ErrorCode IdempotencyKeyInvalid = new("idempotency_key_invalid", 400,
        "Send one Idempotency-Key of 1 to 255 visible ASCII characters.");

    public static readonly ErrorCode Unauthenticated = new("unauthenticated", 401,
        "Send a valid access token in the header Authorization, as Bearer. It may have expired: refresh it.");

    public static readonly ErrorCode Forbidden = new("forbidden", 403,
        "The caller's role does not allow this.");

    public static readonly ErrorCode FeatureOff = new("feature_off", 403,
        "This feature is switched off. An admin can switch it on.");

    public static readonly ErrorCode UserBlocked = new("user_blocked", 403,
        "This person is blocked. Only an admin can lift the block.");

    public static readonly ErrorCode NotFound = new("not_found", 404,
        "Nothing was found at this address.");

    public static readonly ErrorCode MethodNotAllowed = new("method_not_allowed", 405,
        "This address does not allow this method: see the header Allow.");

    public static readonly ErrorCode Conflict = new("conflict", 409,
        "Someone else changed this at the same time. Read it again before you retry.");

    public static readonly ErrorCode BodyTooLarge = new("body_too_large", 413,
        "The body is larger than this endpoint allows.");

    public static readonly ErrorCode AddressTooLong = new("address_too_long", 414,
        "The address with its query is too long.");

    public static readonly ErrorCode UnsupportedMediaType = new("unsupported_media_type", 415,
        "Send the body as application/json.");

    public static readonly ErrorCode IdempotencyKeyReused = new("idempotency_key_reused", 422,
        "This Idempotency-Key was used for a different request. Use a new key for each request.");

    public static readonly ErrorCode RateLimited = new("rate_limited", 429,
        "Too many requests. Try again after Retry-After seconds.");

    public static readonly ErrorCode HeadersTooLarge = new("headers_too_large", 431,
        "The headers are too large, or there are too many of them.");

    public static readonly ErrorCode InternalError = new("internal_error", 500,
        "Something went wrong on our side. It is logged under this traceId.");

    public static readonly ErrorCode BadGateway = new("bad_gateway", 502,
        "Another service gave an invalid answer. Try again.");

    public static readonly ErrorCode Unavailable = new("unavailable", 503,
        "Temporarily unavailable. Try again after Retry-After seconds. With an Idempotency-Key a retry is always safe.");

    public static readonly ErrorCode TimedOut = new("timed_out", 504,
        "The request timed out. Try again. With an Idempotency-Key a retry is always safe.");

    /// <summary>The error code for an answer that has only a status.</summary>
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
