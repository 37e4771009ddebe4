using System.ComponentModel.DataAnnotations;
using Platform.ServiceDefaults.Telegram;

namespace Platform.Bots;

public sealed class BotsOptions
{
    public const string Section = "Bots";

    /// <summary>How long Telegram keeps a request for updates open when there are none.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:50")]
    public TimeSpan LongPoll { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>The bot's health is degraded when no poll has succeeded for this long. Longer than <see cref="LongPoll"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan StalledAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Chats of one bot that are answered at the same time, not counting those that wait for Telegram or the gateway. Telegram accepts
    /// about 30 messages a second from a bot.
    /// </summary>
    [Range(1, 1000)]
    public int ChatsAtOnce { get; set; } = 32;

    /// <summary>
    /// How often the countdown under a payment code is updated. Each update edits the message, and edits count towards Telegram's
    /// limits like messages: about 30 a second for a bot, one a second for a chat.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan CountdownEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>For a gateway call including its retries. The gateway's own time-out is 8 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan GatewayTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Settings with the names that the owner uses: the bots' tokens and keys.</summary>
internal sealed class BotSettings : TelegramSettings, IValidatableObject
{
    [ConfigurationKeyName("BOT_API_KEY_CLIENT")]
    public string ClientKey { get; set; } = "";

    [ConfigurationKeyName("BOT_API_KEY_BARISTA")]
    public string BaristaKey { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ClientToken.Length > 0 && ClientKey.Length == 0)
        {
            yield return new ValidationResult("TELEGRAM_TOKEN_CLIENT is set, but BOT_API_KEY_CLIENT is missing: the bot needs this key to sign people in.");
        }

        if (BaristaToken.Length > 0 && BaristaKey.Length == 0)
        {
            yield return new ValidationResult("TELEGRAM_TOKEN_BARISTA is set, but BOT_API_KEY_BARISTA is missing: the bot needs this key to sign people in.");
        }
    }
}
