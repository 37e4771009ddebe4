namespace Platform.Contracts.Users;

/// <summary>Errors that the users service returns.</summary>
public static class UsersErrors
{
    public static readonly ErrorCode ConsentRequired = new("consent_required", 422,
        "Personal data is stored only with consent: send consentPersonalData: true once the person has given it.");

    public static readonly ErrorCode ConsentOutdated = new("consent_outdated", 409,
        "The consent text has changed: show the one from GET /api/users/consent and ask again.");

    public static readonly ErrorCode ProofRequired = new("proof_required", 401,
        "Registration needs a token that proves who the person is: get one with POST /api/auth/bot, /telegram or /email.");

    public static readonly ErrorCode UserExists = new("user_exists", 409,
        "This person is already registered. Get a new token to act for them.");

    public static readonly ErrorCode EmailTaken = new("email_taken", 409,
        "This e-mail address is already registered. Sign in with it instead.");

    public static readonly ErrorCode UserNotFound = new("user_not_found", 404,
        "Person not found, or not accessible to you.");

    public static readonly ErrorCode PhoneInvalid = new("phone_invalid", 422,
        "Send the phone number with its country code, such as +79991234567.");

    public static readonly ErrorCode BirthDateInvalid = new("birth_date_invalid", 422,
        "The date of birth must be in the past.");

    public static readonly ErrorCode PeriodInvalid = new("period_invalid", 422,
        "The period must not start after it ends, nor be longer than this call allows.");

    public static readonly ErrorCode GrantTooLong = new("grant_too_long", 422,
        "While limits for admins are on, at most 30 days can be given at once.");

    public static readonly ErrorCode MemberIdMistyped = new("member_id_mistyped", 422,
        "No card has this number: a character is wrong, or two are swapped. Type it again.");

    public static readonly ErrorCode MemberNotFound = new("member_not_found", 404,
        "No member has this number.");

    public static readonly ErrorCode TokenStale = new("token_stale", 422,
        "This code was shown too long ago. Ask the member to open the card again.");

    public static readonly ErrorCode TokenForged = new("token_forged", 422,
        "This code is not from one of our cards.");

    public static readonly ErrorCode StaffExists = new("staff_exists", 409,
        "A member of the staff already has this Telegram id.");

    public static readonly ErrorCode StaffNotFound = new("staff_not_found", 404,
        "No member of the staff has this Telegram id.");

    public static readonly ErrorCode WrongCredentials = new("wrong_credentials", 401,
        "The login or the password is wrong.");

    public static readonly ErrorCode LockedOut = new("locked_out", 429,
        "Too many wrong passwords. Wait as long as Retry-After says, then try again.");

    public static readonly ErrorCode WrongApiKey = new("wrong_api_key", 401,
        "The header X-Api-Key is missing or is not a bot's key.");

    public static readonly ErrorCode RefreshRefused = new("refresh_refused", 401,
        "This refresh token is unknown, used, expired or revoked. Sign in again.");

    public static readonly ErrorCode MailUnavailable = new("mail_unavailable", 503,
        "No mail can be sent at the moment, so no code was created. Try again later, or sign in another way.");

    public static readonly ErrorCode CodeWrong = new("code_wrong", 422,
        "The code is wrong for this requestId or token, was already used, or had too many wrong attempts. Ask for a new one.");

    public static readonly ErrorCode CodeExpired = new("code_expired", 422,
        "This code has expired: codes are valid for ten minutes. Ask for a new one.");

    public static readonly ErrorCode MiniAppUnavailable = new("mini_app_unavailable", 503,
        "Sign-in from the Mini App is unavailable: the client bot's token is not set.");

    public static readonly ErrorCode InitDataRefused = new("init_data_refused", 401,
        "This is not initData from the client bot's Mini App, or it was already used. Open the Mini App again.");

    public static readonly ErrorCode InitDataExpired = new("init_data_expired", 401,
        "The Mini App was opened more than five minutes ago. Open it again.");

    public static readonly ErrorCode RecoveryUnproven = new("recovery_unproven", 422,
        "Recovery needs an unregistered Telegram account, and either a code sent to the person's e-mail address or a bot's confirmation "
        + "of their phone number.");

    public static readonly ErrorCode NothingToRecover = new("nothing_to_recover", 404,
        "No single person has this e-mail address or verified phone number.");
}
