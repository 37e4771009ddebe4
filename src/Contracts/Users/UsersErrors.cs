namespace Platform.Contracts.Users;

/// <summary>What the users service refuses, and why.</summary>
public static class UsersErrors
{
    public static readonly ErrorCode ConsentRequired = new("consent_required", 422,
        "Nothing is stored of a person without his consent: send consentPersonalData: true once he has given it.");

    public static readonly ErrorCode ConsentOutdated = new("consent_outdated", 409,
        "The text that people agree to has changed: show the one of GET /api/users/consent and ask again.");

    public static readonly ErrorCode ProofRequired = new("proof_required", 401,
        "A person registers with a token that proves who he is: ask for one with POST /api/auth/bot, /telegram or /email.");

    public static readonly ErrorCode UserExists = new("user_exists", 409,
        "This person is registered already. Ask for a new token to act as him.");

    public static readonly ErrorCode EmailTaken = new("email_taken", 409,
        "Somebody is registered with this e-mail address already. Sign in by it to act as him.");

    public static readonly ErrorCode UserNotFound = new("user_not_found", 404,
        "Person not found, or not accessible to you.");

    public static readonly ErrorCode PhoneInvalid = new("phone_invalid", 422,
        "Send the phone number with its country code, such as +79991234567.");

    public static readonly ErrorCode BirthDateInvalid = new("birth_date_invalid", 422,
        "A date of birth is before the day of the registration.");

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
        "The header X-Api-Key is missing, or holds no bot's key.");

    public static readonly ErrorCode RefreshRefused = new("refresh_refused", 401,
        "This refresh token is unknown, used, expired or revoked. Sign in again.");

    public static readonly ErrorCode MailUnavailable = new("mail_unavailable", 503,
        "No mail can be sent at the moment; no code is good. Try again later, or sign in another way.");

    public static readonly ErrorCode CodeWrong = new("code_wrong", 422,
        "This is not the code that was sent for this requestId or this token, or it was used, or guessed at too often. Ask for a new one.");

    public static readonly ErrorCode CodeExpired = new("code_expired", 422,
        "This code was the right one, but is older than ten minutes. Ask for a new one.");

    public static readonly ErrorCode MiniAppUnavailable = new("mini_app_unavailable", 503,
        "Nobody can sign in from the Mini App here: the client bot's token is not set.");

    public static readonly ErrorCode InitDataRefused = new("init_data_refused", 401,
        "This is not what Telegram gave to the client bot's Mini App, or it was used before. Open the Mini App again.");

    public static readonly ErrorCode InitDataExpired = new("init_data_expired", 401,
        "The Mini App was opened more than five minutes ago. Open it again.");

    public static readonly ErrorCode RecoveryUnproven = new("recovery_unproven", 422,
        "A person recovers his account from a Telegram account that nobody has registered, by a code sent to his e-mail address or by "
        + "the word of a bot that the phone number is his own.");

    public static readonly ErrorCode NothingToRecover = new("nothing_to_recover", 404,
        "No single person has this as his own e-mail address or verified phone number.");
}
