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
    public async Task A_refusal_has_telegrams_code_and_words()
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
        var bot = app.Client("99:nobody").Bot;

        var refused = await Should.ThrowAsync<ApiRequestException>(() => bot.GetMe(Ct));

        (refused.ErrorCode, refused.Message).ShouldBe((401, "Unauthorized"));
        (await bot.TestApi(Ct)).ShouldBeFalse();
        (await app.Client().Bot.TestApi(Ct)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(60, 1)]
    public async Task Too_many_is_the_callers_to_wait_for(int retryThreshold, int? retryCount)
    {
        var (client, guest) = (app.Client(retryThreshold: retryThreshold, retryCount: retryCount), await app.GivenGuest());
        await app.Sandbox.GivenFault(new { kind = "tooManyRequests", chatId = guest.Id, retryAfter = 2, times = 1 });

        var refused = await Should.ThrowAsync<ApiRequestException>(() => client.Bot.SendMessage(guest.Id, "x", cancellationToken: Ct));

        (refused.ErrorCode, refused.Message, refused.Parameters?.RetryAfter).ShouldBe((429, "Too Many Requests: retry after 2", 2));
        client.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Unless_told_otherwise_the_client_waits_itself()
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
    public async Task An_error_of_telegrams_own_is_told_as_one()
    {
        var (bot, guest) = (app.Client().Bot, await app.GivenGuest());
        await app.Sandbox.GivenFault(new { kind = "serverError", chatId = guest.Id, times = 1 });

        (await Should.ThrowAsync<ApiRequestException>(() => bot.SendMessage(guest.Id, "x", cancellationToken: Ct))).ErrorCode.ShouldBe(500);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_no_refusal()
    {
        var (bot, guest) = (app.Client(timeout: TimeSpan.FromSeconds(0.5)).Bot, await app.GivenGuest());
        await app.Sandbox.GivenFault(new { kind = "hang", chatId = guest.Id, times = 1 });

        var failed = await Should.ThrowAsync<RequestException>(() => bot.SendMessage(guest.Id, "x", cancellationToken: Ct));

        failed.ShouldNotBeOfType<ApiRequestException>();
        failed.HttpStatusCode.ShouldBeNull();
        failed.InnerException.ShouldBeOfType<TaskCanceledException>();
    }

    [Fact]
    public async Task A_connection_that_is_cut_before_the_answer_is_no_refusal()
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
    public async Task Where_nobody_listens_the_connection_is_what_failed()
    {
        using var client = new BotClient($"http://127.0.0.1:{Ports.Free()}", "123:abc", TimeSpan.FromSeconds(5), retryThreshold: 0, retryCount: null, Ct);

        var failed = await Should.ThrowAsync<RequestException>(() => client.Bot.SendMessage(5, "x", cancellationToken: Ct));

        failed.InnerException.ShouldBeOfType<HttpRequestException>().HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);
        failed.Message.ShouldNotContain("123:abc");
    }

    [Fact]
    public async Task Whatever_a_handler_throws_is_found_within()
    {
        using var http = new HttpClient(new Answers(() => throw new InvalidOperationException("of the handler")));
        var bot = new TelegramBotClient(new TelegramBotClientOptions("123:abc"), http, Ct);

        var failed = await Should.ThrowAsync<RequestException>(() => bot.SendMessage(5, "x", cancellationToken: Ct));

        failed.InnerException.ShouldBeOfType<InvalidOperationException>().Message.ShouldBe("of the handler");
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, "<html>Bad Gateway</html>")]
    [InlineData(HttpStatusCode.OK, "<html>Sign in to the network</html>")]
    [InlineData(HttpStatusCode.OK, "{\"ok\":true}")]
    public async Task An_answer_of_somebody_else_is_told_with_its_status(HttpStatusCode status, string body)
    {
        using var http = new HttpClient(new Answers(() => new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "text/html") }));
        var bot = new TelegramBotClient(new TelegramBotClientOptions("123:abc"), http, Ct);

        var failed = await Should.ThrowAsync<RequestException>(() => bot.SendMessage(5, "x", cancellationToken: Ct));

        failed.ShouldNotBeOfType<ApiRequestException>();
        failed.HttpStatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task Who_gives_up_gets_his_own_cancellation()
    {
        var (bot, guest) = (app.Client().Bot, await app.GivenGuest());
        await app.Sandbox.GivenFault(new { kind = "hang", chatId = guest.Id, times = 1 });
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(0.3));

        await Should.ThrowAsync<OperationCanceledException>(() => bot.SendMessage(guest.Id, "x", cancellationToken: patience.Token));
    }

    private sealed class Answers(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }
}
