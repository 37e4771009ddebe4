namespace Platform.Contracts.Users;

/// <summary>What the users service refuses, and why.</summary>
public static class UsersErrors
{
    public static readonly ErrorCode ConsentRequired = new("consent_required", 422,
        "Nothing is stored of a person without his consent: send consentPersonalData: true once he has given it.");

    public static readonly ErrorCode ConsentOutdated = new("consent_outdated", 409,
        "The text that people agree to has changed: show the one of GET /api/users/consent and ask again.");

    public static readonly ErrorCode ProofRequired = new("proof_required", 401,
        "A person registers with a token that proves who he is: ask for one with POST /api/auth/bot.");

    public static readonly ErrorCode UserExists = new("user_exists", 409,
        "This person is registered already. Ask for a new token to act as him.");

    public static readonly ErrorCode UserNotFound = new("user_not_found", 404,
        "There is no such person, or he is nobody of yours.");

    public static readonly ErrorCode PhoneInvalid = new("phone_invalid", 422,
        "Send the phone number with its country code, such as +79991234567.");

    public static readonly ErrorCode PeriodInvalid = new("period_invalid", 422,
        "A period begins no later than it ends, and is no longer than the call allows.");

    public static readonly ErrorCode GrantTooLong = new("grant_too_long", 422,
        "While limits for admins are on, 30 days can be given at once and no more.");

    public static readonly ErrorCode MemberIdMistyped = new("member_id_mistyped", 422,
        "No card has this number: a character is wrong, or two have changed places. Type it again.");

    public static readonly ErrorCode MemberNotFound = new("member_not_found", 404,
        "The number is well formed, and no member has it.");

    public static readonly ErrorCode TokenStale = new("token_stale", 422,
        "This code was shown more than a minute ago. Ask the member to open the card anew.");

    public static readonly ErrorCode TokenForged = new("token_forged", 422,
        "This code is not of a card of this platform.");

    public static readonly ErrorCode StaffExists = new("staff_exists", 409,
        "This Telegram id belongs to a member of the staff already.");

    public static readonly ErrorCode StaffNotFound = new("staff_not_found", 404,
        "No member of the staff has this Telegram id.");

    public static readonly ErrorCode WrongCredentials = new("wrong_credentials", 401,
        "The login or the password is wrong.");

    public static readonly ErrorCode LockedOut = new("locked_out", 429,
        "Too many wrong passwords. Wait as long as Retry-After says, then try again.");

    public static readonly ErrorCode WrongApiKey = new("wrong_api_key", 401,
        "Send the bot's key in the header X-Api-Key.");

    public static readonly ErrorCode RefreshRefused = new("refresh_refused", 401,
        "This refresh token is unknown, used, expired or revoked. Sign in again.");
}
