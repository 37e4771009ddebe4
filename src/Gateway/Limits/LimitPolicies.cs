namespace Platform.Gateway.Limits;

/// <summary>Names that routes set as their <c>RateLimiterPolicy</c>.</summary>
internal static class LimitPolicies
{
    /// <summary>Reads and writes of a caller, counted separately.</summary>
    public const string General = "general";

    public const string Registrations = "registrations";

    public const string ProfileReads = "profile-reads";

    public const string Logins = "logins";

    /// <summary>Exports of personal data, counted per hour.</summary>
    public const string Exports = "exports";

    /// <summary>Tokens for the people behind a bot, counted per bot and person.</summary>
    public const string BotTokens = "bot-tokens";
}
