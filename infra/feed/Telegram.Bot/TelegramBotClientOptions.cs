using System.Globalization;

namespace Telegram.Bot;

public class TelegramBotClientOptions
{
    /// <param name="baseUrl">Scheme and authority of another Bot API server; a path is dropped.</param>
    /// <exception cref="ArgumentException">The token does not begin with up to 16 digits and a colon, or the URL is not absolute.</exception>
    public TelegramBotClientOptions(string token, string? baseUrl = default, bool useTestEnvironment = false)
    {
        ArgumentNullException.ThrowIfNull(token);
        var colon = token.IndexOf(':', StringComparison.Ordinal);
        if (colon is < 1 or > 16 || !long.TryParse(token.AsSpan(0, colon), NumberStyles.Integer, CultureInfo.InvariantCulture, out var botId))
        {
            throw new ArgumentException("Bot token invalid", nameof(token));
        }

        Token = token;
        BotId = botId;
        BaseUrl = baseUrl;
        UseTestEnvironment = useTestEnvironment;

        var server = baseUrl is null ? "https://api.telegram.org" : SchemeAndAuthority(baseUrl);
        var environment = useTestEnvironment ? "/test" : "";
        BaseRequestUrl = $"{server}/bot{token}{environment}";
        BaseFileUrl = $"{server}/file/bot{token}{environment}";
    }

    public string Token { get; }

    public string? BaseUrl { get; }

    public bool UseTestEnvironment { get; }

    public long BotId { get; }

    public bool LocalBotServer => BaseUrl is not null;

    public string BaseFileUrl { get; }

    public string BaseRequestUrl { get; }

    /// <summary>In seconds: a "429 retry after" up to this is waited for and the request is made again, without the caller's knowing. 0 turns that off.</summary>
    public int RetryThreshold { get; set; } = 60;

    /// <summary>How often a request is made altogether, the first time included.</summary>
    public int RetryCount { get; set; } = 3;

    private static string SchemeAndAuthority(string baseUrl) =>
        Uri.TryCreate(baseUrl, UriKind.Absolute, out var url) && url.Authority.Length > 0
            ? $"{url.Scheme}://{url.Authority}"
            : throw new ArgumentException("Invalid format. A valid base URL should look like \"http://localhost:8081\"", nameof(baseUrl));
}
