using Telegram.Bot;

namespace Platform.Telegram.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void A_custom_server_address_keeps_only_scheme_and_authority()
    {
        var options = new TelegramBotClientOptions("123:abc", "http://localhost:8081/some/path?x=1");

        options.BaseRequestUrl.ShouldBe("http://localhost:8081/bot123:abc");
        options.BaseFileUrl.ShouldBe("http://localhost:8081/file/bot123:abc");
        options.BotId.ShouldBe(123);
        options.LocalBotServer.ShouldBeTrue();
    }

    [Fact]
    public void The_default_server_is_Telegrams_with_retries()
    {
        var options = new TelegramBotClientOptions("123:abc");

        options.BaseRequestUrl.ShouldBe("https://api.telegram.org/bot123:abc");
        options.LocalBotServer.ShouldBeFalse();
        (options.RetryThreshold, options.RetryCount).ShouldBe((60, 3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData(":abc")]
    [InlineData("abc:123")]
    [InlineData("12345678901234567:abc")]
    public void An_invalid_token_is_refused(string token) =>
        Should.Throw<ArgumentException>(() => new TelegramBotClientOptions(token)).ParamName.ShouldBe("token");

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("/bots")]
    public void An_invalid_address_is_refused(string address) =>
        Should.Throw<ArgumentException>(() => new TelegramBotClientOptions("123:abc", address)).ParamName.ShouldBe("baseUrl");
}
