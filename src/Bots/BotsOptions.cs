using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Bots;
using Platform.ServiceDefaults.Telegram;

namespace Platform.Bots;

public sealed class BotsOptions
{
    public const string Section = "Bots";

    /// <summary>How long Telegram holds a request for updates open while there are none.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:50")]
    public TimeSpan LongPoll { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>When no updates could be asked for and kept for so long, the bot's health says so. Longer than <see cref="LongPoll"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan StalledAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Chats of one bot that are answered at the same time; one that waits for Telegram or the gateway does not count. Telegram takes about 30 messages a second from a bot.</summary>
    [Range(1, 1000)]
    public int ChatsAtOnce { get; set; } = 32;

    /// <summary>
    /// How often the seconds of a shown code are counted down. Each step is an edit, and edits count against Telegram's limits
    /// as messages do: about 30 a second for a bot, one a second for a chat.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan CountdownEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A call of the gateway, with all that it is tried again: nobody waits longer. The gateway gives up what is behind it after 8 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan GatewayTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>What a bot that is on needs besides its account with Telegram, by the names that the owner knows.</summary>
internal sealed class BotSettings : TelegramSettings, IValidatableObject
{
    /// <summary>What <see cref="BotNames.Client"/> proves itself with to the gateway.</summary>
    [ConfigurationKeyName("BOT_API_KEY_CLIENT")]
    public string ClientKey { get; set; } = "";

    /// <summary>What <see cref="BotNames.Barista"/> proves itself with to the gateway.</summary>
    [ConfigurationKeyName("BOT_API_KEY_BARISTA")]
    public string BaristaKey { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ClientToken.Length > 0 && ClientKey.Length == 0)
        {
            yield return new ValidationResult("TELEGRAM_TOKEN_CLIENT is set, and BOT_API_KEY_CLIENT is missing: the key by which the bot signs people in.");
        }

        if (BaristaToken.Length > 0 && BaristaKey.Length == 0)
        {
            yield return new ValidationResult("TELEGRAM_TOKEN_BARISTA is set, and BOT_API_KEY_BARISTA is missing: the key by which the bot signs people in.");
        }
    }
}
