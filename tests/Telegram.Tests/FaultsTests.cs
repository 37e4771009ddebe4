using System.Diagnostics;
using System.Net;
using System.Text;
using Platform.Testing;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Telegram.Tests;

public sealed class FaultsTests(BotApp app) : IClassFixture<BotApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refusal_has_Telegrams_code_and_message()
    {
        var (bot, guest) = (app.Client().Bot, await app.GivenGuest());

        var unknown = await Should.ThrowAsync<ApiRequestException>(() => bot.SendMessage(7_999_999_999, "x", cancellationToken: Ct));
        (unknown.ErrorCode, unknown.Message, unknown.Parameters, unknown.HttpStatusCode).ShouldBe((400, "Bad Request: chat not found", null, null));

        var data = await Should.ThrowAsync<ApiRequestException>(
            () => bot.SendMessage(guest.Id, "x", replyMarkup: new InlineKeyboardMarkup(("y", new string('y', 65))), cancellationToken: Ct));
        (data.ErrorCode, data.Message).ShouldBe((400, "Bad Request: BUTTON_DATA_INVALID"));

        await guest.Chat.Blocks();
        var blocked = await Should.ThrowAsync<ApiRequestException>(() => bot.SendMessage(guest.Id, "x", cancellationToken: Ct));
        (blocked.ErrorCode, blocked.Message).ShouldBe((403, "Forbidden: bot was blocked by the user"));
    }

    [Fact]
    public async Task An_unknown_token_is_unauthorized()
    {
        var bot = app.Client("99:unknown").Bot;

        var refused = await Should.ThrowAsync<ApiRequestException>(() => bot.GetMe(Ct));

        (refused.ErrorCode, refused.Message).ShouldBe((401, "Unauthorized"));
        (await bot.TestApi(Ct)).ShouldBeFalse();
        (await app.Client().Bot.TestApi(Ct)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(60, 1)]
    public async Task The_client_does_not_retry_429_below_the_threshold(int retryThreshold, int? retryCount)
    {
        var (client, guest) = (app.Client(retryThreshold: retryThreshold, retryCount: retryCount), await app.GivenGuest());
        await app.Sandbox.GivenFault(new { kind = "tooManyRequests", chatId = guest.Id, retryAfter = 2, times = 1 });

        var refused = await Should.ThrowAsync<ApiRequestException>(() => client.Bot.SendMessage(guest.Id, "x", cancellationToken: Ct));

        (refused.ErrorCode, refused.Message, refused.Parameters?.RetryAfter).ShouldBe((429, "Too Many Requests: retry after 2", 2));
        client.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_client_retries_429_by_default()
    {
        var (client, guest) = (app.Client(retryThreshold: 60), await app.GivenGuest());
        await app.Sandbox.GivenFault(new { kind = "tooManyRequests", chatId = guest.Id, retryAfter = 1, times = 1 });
        var started = Stopwatch.GetTimestamp();

        await client.Bot.SendMessage(guest.Id, "дождались", cancellationToken: Ct);

        Stopwatch.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
        client.Sent.Count.ShouldBe(2);
        (await guest.Chat.Count("дождались")).ShouldBe(1);
    }

    [Fact]
    public async Task A_server_error_of_Telegram_is_reported_with_its_code()
    {
        var (bot, guest) = (app.Client().Bot, await app.GivenGuest());
        await app.Sandbox.GivenFault(new { kind = "serverError", chatId = guest.Id, times = 1 });

        (await Should.ThrowAsync<ApiRequestException>(() => bot.SendMessage(guest.Id, "x", cancellationToken: Ct))).ErrorCode.ShouldBe(500);
    }

    [Fact]
    public async Task A_timeout_is_not_reported_as_a_refusal()
    {
        var (bot, guest) = (app.Client(timeout: TimeSpan.FromSeconds(0.5)).Bot, await app.GivenGuest());
        await app.Sandbox.GivenFault(new { kind = "hang", chatId = guest.Id, times = 1 });

        var failed = await Should.ThrowAsync<RequestException>(() => bot.SendMessage(guest.Id, "x", cancellationToken: Ct));

        failed.ShouldNotBeOfType<ApiRequestException>();
        failed.HttpStatusCode.ShouldBeNull();
        failed.InnerException.ShouldBeOfType<TaskCanceledException>();
    }

    [Fact]
    public async Task A_cut_connection_is_not_reported_as_a_refusal()
    {
        var (bot, guest) = (app.Client().Bot, await app.GivenGuest());
        await app.Sandbox.GivenFault(new { kind = "cut", chatId = guest.Id, times = 1 });

        var failed = await Should.ThrowAsync<RequestException>(() => bot.SendMessage(guest.Id, "x", cancellationToken: Ct));

        failed.ShouldNotBeOfType<ApiRequestException>();
        failed.HttpStatusCode.ShouldBeNull();
        failed.InnerException.ShouldBeOfType<HttpRequestException>().HttpRequestError.ShouldNotBe(HttpRequestError.ConnectionError);
        (await guest.Chat.Count("x")).ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_connection_is_reported_as_a_connection_error()
    {
        using var client = new BotClient($"http://127.0.0.1:{Ports.Free()}", "123:abc", TimeSpan.FromSeconds(5), retryThreshold: 0, retryCount: null, Ct);

        var failed = await Should.ThrowAsync<RequestException>(() => client.Bot.SendMessage(5, "x", cancellationToken: Ct));

        failed.InnerException.ShouldBeOfType<HttpRequestException>().HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);
        failed.Message.ShouldNotContain("123:abc");
    }

    [Fact]
    public async Task An_exception_of_a_handler_is_the_inner_exception()
    {
        using var http = new HttpClient(new Answers(() => throw new InvalidOperationException("from the handler")));
        var bot = new TelegramBotClient(new TelegramBotClientOptions("123:abc"), http, Ct);

        var failed = await Should.ThrowAsync<RequestException>(() => bot.SendMessage(5, "x", cancellationToken: Ct));

        failed.InnerException.ShouldBeOfType<InvalidOperationException>().Message.ShouldBe("from the handler");
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, "<html>Bad Gateway</html>")]
    [InlineData(HttpStatusCode.OK, "<html>Sign in to the network</html>")]
    [InlineData(HttpStatusCode.OK, "{\"ok\":true}")]
    public async Task An_answer_that_is_not_Telegrams_is_reported_with_its_status(HttpStatusCode status, string body)
    {
        using var http = new HttpClient(new Answers(() => new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "text/html") }));
        var bot = new TelegramBotClient(new TelegramBotClientOptions("123:abc"), http, Ct);

        var failed = await Should.ThrowAsync<RequestException>(() => bot.SendMessage(5, "x", cancellationToken: Ct));

        failed.ShouldNotBeOfType<ApiRequestException>();
        failed.HttpStatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_caller_that_cancels_gets_its_own_cancellation()
    {
        var (bot, guest) = (app.Client().Bot, await app.GivenGuest());
        await app.Sandbox.GivenFault(new { kind = "hang", chatId = guest.Id, times = 1 });
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        timeout.CancelAfter(TimeSpan.FromSeconds(0.3));

        await Should.ThrowAsync<OperationCanceledException>(() => bot.SendMessage(guest.Id, "x", cancellationToken: timeout.Token));
    }

    private sealed class Answers(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }
}
