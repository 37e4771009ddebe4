using System.ComponentModel.DataAnnotations;
using Platform.Bots.Conversations;
using Platform.Contracts.Bots;

namespace Platform.Bots.Tests;

public sealed class BotSettingsTests(BotsApp app) : IClassFixture<BotsApp>
{
    [Fact]
    public async Task An_empty_Bot_API_address_means_Telegrams_own()
    {
        await app.Start(new KeyValuePair<string, string>("TELEGRAM_API_URL", ""));

        using var account = new BotAccount(BotNames.Client, "1:of-the-test", apiUrl: "", DateTimeOffset.UnixEpoch);
        account.Client.LocalBotServer.ShouldBeFalse();
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("http://localhost:8090", true)]
    [InlineData("https://telegram.example/", true)]
    [InlineData("localhost:8090", false)]
    [InlineData("http://localhost:8090/bots", false)]
    [InlineData("ftp://localhost", false)]
    public void A_Bot_API_address_must_be_scheme_and_authority(string address, bool isValid) =>
        Refusals(new BotSettings { ApiUrl = address }).ShouldBe(isValid ? [] : ["TELEGRAM_API_URL is not an address such as http://localhost:8090."]);

    [Fact]
    public void A_token_must_be_valid_and_needs_the_API_key_of_its_bot()
    {
        Refusals(new BotSettings { ClientToken = "secret" }).ShouldHaveSingleItem().ShouldStartWith("TELEGRAM_TOKEN_CLIENT is not a bot's token");
        Refusals(new BotSettings { BaristaToken = "2:secret" }).ShouldHaveSingleItem().ShouldContain("BOT_API_KEY_BARISTA is missing");
        Refusals(new BotSettings { ClientToken = "1:secret", ClientKey = "key" }).ShouldBeEmpty();
    }

    private static List<string> Refusals(BotSettings settings)
    {
        var refusals = new List<ValidationResult>();
        Validator.TryValidateObject(settings, new ValidationContext(settings), refusals, validateAllProperties: true);
        return [.. refusals.Select(refusal => refusal.ErrorMessage!)];
    }
}
