using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Platform.Testing;

namespace Platform.Sandbox.Tests.BotApi;

public sealed class WebhookTests
{
    [Fact]
    public async Task Updates_are_sent_in_order_with_the_secret()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        await using var bot = await WebhookBot.Start();
        await Set(sandbox, bot, secret: "let-me_in");
        var anna = sandbox.Person(SandboxUnderTest.Anna);

        await anna.Write("one");
        await anna.Write("two");

        await Eventually.Get(() => Task.FromResult(bot.Texts), texts => texts.SequenceEqual(["one", "two"]), TestContext.Current.CancellationToken);
        bot.Secrets.ShouldAllBe(secret => secret == "let-me_in");
        await Eventually.Get(() => Pending(sandbox), pending => pending == 0, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_update_is_retried_until_the_webhook_accepts_it()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        await using var bot = await WebhookBot.Start();
        bot.Fails = 2;
        await Set(sandbox, bot);

        await sandbox.Person(SandboxUnderTest.Anna).Write("hello");

        await Eventually.Get(
            () => Task.FromResult(bot.Texts), texts => texts.SequenceEqual(["hello", "hello", "hello"]), TestContext.Current.CancellationToken);
        (await sandbox.Bot.Call("getWebhookInfo")).Result.GetProperty("last_error_message").GetString()
            .ShouldBe("Wrong response from the webhook: 500 Internal Server Error");
    }

    [Fact]
    public async Task Polling_and_a_webhook_exclude_each_other()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        await using var bot = await WebhookBot.Start();
        var poll = sandbox.Bot.Call("getUpdates", new { timeout = 40 });
        await Eventually.IsTrue(async () => (await sandbox.Requests("?method=getUpdates")).Count == 1, TestContext.Current.CancellationToken);

        await Set(sandbox, bot);

        (await poll).ShouldBeRefused(409, "Conflict: terminated by setWebhook request");
        (await sandbox.Bot.Call("getUpdates")).ShouldBeRefused(
            409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
        (await sandbox.Bot.Call("deleteWebhook")).Result.GetBoolean().ShouldBeTrue();
        await sandbox.Person(SandboxUnderTest.Anna).Write("hello");
        (await sandbox.Bot.Updates()).ShouldHaveSingleItem();
        bot.Texts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pending_updates_are_counted_and_dropped_on_request()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        await sandbox.Person(SandboxUnderTest.Anna).Write("hello");
        await sandbox.Bot.Call("setWebhook", new { url = "http://127.0.0.1:1/", allowed_updates = """["message"]""", max_connections = 3 });

        var info = (await sandbox.Bot.Call("getWebhookInfo")).Result;

        info.GetProperty("url").GetString().ShouldBe("http://127.0.0.1:1/");
        info.GetProperty("pending_update_count").GetInt32().ShouldBe(1);
        info.GetProperty("max_connections").GetInt32().ShouldBe(3);
        info.GetProperty("allowed_updates").GetRawText().ShouldBe("""["message"]""");
        await sandbox.Bot.Call("deleteWebhook", new { drop_pending_updates = true });
        (await Pending(sandbox)).ShouldBe(0);
        (await sandbox.Bot.Call("getWebhookInfo")).Result.GetProperty("url").GetString().ShouldBe("");
    }

    [Fact]
    public async Task A_webhook_that_Telegram_would_reject_is_refused()
    {
        await using var sandbox = await SandboxUnderTest.Start();

        (await sandbox.Bot.Call("setWebhook", new { url = "ftp://example.org" }))
            .ShouldBeRefused(400, "Bad Request: invalid webhook URL specified");
        (await sandbox.Bot.Call("setWebhook", new { url = "https://example.org", secret_token = "with space" }))
            .ShouldBeRefused(400, "Bad Request: secret token contains unallowed characters");
        (await sandbox.Bot.Call("setWebhook", new { url = "https://example.org", secret_token = new string('x', 257) }))
            .ShouldBeRefused(400, "Bad Request: secret token is too long");
        (await sandbox.Requests()).Select(request => request.GetProperty("body").GetRawText())
            .ShouldAllBe(body => body.Contains("\"secret_token\":\"***\"") || !body.Contains("secret_token"));
    }

    private static async Task Set(SandboxUnderTest sandbox, WebhookBot bot, string? secret = null) =>
        (await sandbox.Bot.Call("setWebhook", new { url = bot.Address, secret_token = secret })).Status.ShouldBe(200);

    private static async Task<int> Pending(SandboxUnderTest sandbox) =>
        (await sandbox.Bot.Call("getWebhookInfo")).Result.GetProperty("pending_update_count").GetInt32();

    /// <summary>A bot that is called instead of polling.</summary>
    private sealed class WebhookBot(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string? Text, string? Secret)> _updates = new();

        public Uri Address { get; private set; } = null!;

        /// <summary>How many updates it will still refuse.</summary>
        public int Fails { get; set; }

        public IReadOnlyList<string?> Texts => [.. _updates.Select(update => update.Text)];

        public IReadOnlyList<string?> Secrets => [.. _updates.Select(update => update.Secret)];

        public static async Task<WebhookBot> Start()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var bot = new WebhookBot(app);
            app.MapPost("/", (JsonElement update, HttpRequest request) =>
            {
                bot._updates.Enqueue((update.GetProperty("message").GetProperty("text").GetString(), request.Headers["X-Telegram-Bot-Api-Secret-Token"]));
                return bot.Fails-- > 0 ? Results.StatusCode(500) : Results.Ok();
            });
            await app.StartAsync(TestContext.Current.CancellationToken);
            bot.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            return bot;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
