using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Platform.Testing;
using Telegram.Bot;
using Telegram.Bot.Types;

namespace Platform.Telegram.Tests;

/// <summary>The sandbox, and clients of the guests' bot that record what they send.</summary>
public sealed class BotApp : IAsyncLifetime
{
    private readonly ConcurrentBag<IDisposable> _disposables = [];

    public TelegramSandbox Sandbox { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Sandbox = await TelegramSandbox.Start();

    /// <param name="retryThreshold">Default as in the platform, which waits by itself.</param>
    public BotClient Client(string token = TelegramSandbox.GuestToken, TimeSpan? timeout = null, int retryThreshold = 0, int? retryCount = null)
    {
        var client = new BotClient(Sandbox.Address, token, timeout ?? TimeSpan.FromSeconds(30), retryThreshold, retryCount, Ct);
        _disposables.Add(client);
        return client;
    }

    /// <summary>A person who has started the guests' bot.</summary>
    public async Task<Guest> GivenGuest(string language = "ru")
    {
        var person = await Sandbox.GivenPerson(language);
        var chat = person.With(TelegramSandbox.GuestBot);
        await chat.Says("/start");
        return new Guest(person.Id.Value, chat);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var disposable in _disposables)
        {
            disposable.Dispose();
        }

        if (Sandbox is not null)
        {
            await Sandbox.DisposeAsync();
        }
    }
}

/// <param name="Id">Of the person and their chat.</param>
public sealed record Guest(long Id, SandboxChat Chat);

/// <summary>A client and the requests it sent.</summary>
public sealed class BotClient : IDisposable
{
    private readonly Recorder _recorder = new();
    private readonly HttpClient _http;

    public BotClient(string address, string token, TimeSpan timeout, int retryThreshold, int? retryCount, CancellationToken stopping)
    {
        _http = new HttpClient(_recorder) { Timeout = timeout };
        var options = new TelegramBotClientOptions(token, address) { RetryThreshold = retryThreshold };
        if (retryCount is { } count)
        {
            options.RetryCount = count;
        }

        Bot = new TelegramBotClient(options, _http, stopping);
    }

    public TelegramBotClient Bot { get; }

    public IReadOnlyList<Sent> Sent => [.. _recorder.Sent];

    /// <summary>The parameters of the only call, as JSON.</summary>
    public JsonNode Body => JsonNode.Parse(Sent.ShouldHaveSingleItem().Body!)!;

    /// <summary>Unconfirmed updates from one person.</summary>
    public async Task<IReadOnlyList<Update>> UpdatesOf(Guest guest, int count, CancellationToken ct) => await Eventually.Get(
        async () => (await Bot.GetUpdates(limit: 100, cancellationToken: ct)).Where(update => ChatOf(update) == guest.Id).ToList(),
        updates => updates.Count >= count,
        ct);

    public void Dispose() => _http.Dispose();

    private static long? ChatOf(Update update) => (update.Message?.Chat ?? update.CallbackQuery?.Message?.Chat ?? update.MyChatMember?.Chat)?.Id;

    private sealed class Recorder() : DelegatingHandler(new SocketsHttpHandler())
    {
        public ConcurrentQueue<Sent> Sent { get; } = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // A form with a file is not recorded as text.
            var type = request.Content?.Headers.ContentType?.MediaType;
            var body = type == "application/json" ? await request.Content!.ReadAsStringAsync(cancellationToken) : null;
            Sent.Enqueue(new Sent(request.RequestUri!.AbsolutePath, type, body));
            return await base.SendAsync(request, cancellationToken);
        }
    }
}

/// <param name="ContentType">Null for a call without a body.</param>
/// <param name="Body">Only if it is JSON.</param>
public sealed record Sent(string Path, string? ContentType, string? Body);

internal static class JsonAssertions
{
    /// <param name="json">The expected JSON, with apostrophes for quotes.</param>
    public static void ShouldBeJson(this JsonNode? actual, string json)
    {
        var expected = JsonNode.Parse(json.Replace('\'', '"'));
        JsonNode.DeepEquals(actual, expected)
            .ShouldBeTrue(string.Create(CultureInfo.InvariantCulture, $"{actual?.ToJsonString()} is not {expected!.ToJsonString()}"));
    }
}
