using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Bots;

namespace Platform.ServiceDefaults.Telegram;

/// <summary>The bots' Telegram accounts. A bot without a token is off.</summary>
public class TelegramSettings
{
    private const string TokenPattern = "^([0-9]{1,16}:.{1,100})?$";

    [ConfigurationKeyName("TELEGRAM_TOKEN_CLIENT")]
    [RegularExpression(TokenPattern, ErrorMessage = "TELEGRAM_TOKEN_CLIENT is not a bot's token: digits, a colon and the secret, as @BotFather gives it.")]
    public string ClientToken { get; set; } = "";

    [ConfigurationKeyName("TELEGRAM_TOKEN_BARISTA")]
    [RegularExpression(TokenPattern, ErrorMessage = "TELEGRAM_TOKEN_BARISTA is not a bot's token: digits, a colon and the secret, as @BotFather gives it.")]
    public string BaristaToken { get; set; } = "";

    /// <summary>Scheme and authority of the Bot API. Empty for Telegram's own.</summary>
    [ConfigurationKeyName("TELEGRAM_API_URL")]
    [RegularExpression("^(https?://[^/]+/?)?$", ErrorMessage = "TELEGRAM_API_URL is not an address such as http://localhost:8090.")]
    public string ApiUrl { get; set; } = "";

    public IEnumerable<(string Bot, string Token)> EnabledBots() =>
        new[] { (BotNames.Client, ClientToken), (BotNames.Barista, BaristaToken) }.Where(bot => bot.Item2.Length > 0);
}
