using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Contracts;
using Xunit;

namespace Platform.Testing;

/// <summary>The sandbox's Telegram in a process of its own: people, faults, the bots' requests. Projects refer to src/Sandbox without linking it.</summary>
public sealed class TelegramSandbox : IAsyncDisposable
{
    public const string GuestBot = "coffee_guest_bot";
    public const string GuestToken = "1000001:guests-in-the-sandbox";
    public const string CounterBot = "coffee_counter_bot";
    public const string CounterToken = "1000002:counter-in-the-sandbox";

    private static long _lastPerson = 7_900_000_000;

    private readonly HttpClient _http;

    private TelegramSandbox(ServiceProcess process)
    {
        Process = process;
        _http = process.Client(token: null);
    }

    public ServiceProcess Process { get; }

    /// <summary>The value for <c>TELEGRAM_API_URL</c>.</summary>
    public string Address => Process.Address.GetLeftPart(UriPartial.Authority);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Starts it with the guest bot and the counter bot.</summary>
    public static Task<TelegramSandbox> Start(params IEnumerable<KeyValuePair<string, string>> settings) => StartWithoutBots(
        [
            new("Sandbox:Bots:0:Token", GuestToken), new("Sandbox:Bots:0:Username", GuestBot), new("Sandbox:Bots:0:Name", "Coffee"),
            new("Sandbox:Bots:1:Token", CounterToken), new("Sandbox:Bots:1:Username", CounterBot), new("Sandbox:Bots:1:Name", "Coffee: counter"),
            .. settings,
        ]);

    public static async Task<TelegramSandbox> StartWithoutBots(params IEnumerable<KeyValuePair<string, string>> settings) =>
        new(await ServiceProcess.Start("sandbox", settings, Ct));

    public Task AddBot(string token, string username) => Post("/control/bots", new { token, username, name = username });

    /// <summary>A new person, who has not started a bot yet.</summary>
    /// <param name="phone">May be the number of another person, who has lost their account.</param>
    public async Task<SandboxPerson> GivenPerson(
        string language = "ru", TelegramId? id = null, string? phone = null, string firstName = "Анна", string lastName = "Смирнова")
    {
        id ??= new TelegramId(Interlocked.Increment(ref _lastPerson));
        await Post("/api/people", new { id, firstName, lastName, languageCode = language, phone, samePhone = true });
        return new SandboxPerson(_http, id.Value);
    }

    /// <summary>Makes the bots' calls fail.</summary>
    /// <param name="fault">As <c>POST /control/faults</c> takes it.</param>
    public Task GivenFault(object fault) => Post("/control/faults", fault);

    public async Task ClearFaults()
    {
        using var answer = await _http.DeleteAsync(new Uri("/control/faults", UriKind.Relative), Ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The bots' requests, oldest first.</summary>
    /// <param name="chat">Null for all chats.</param>
    public async Task<IReadOnlyList<BotRequest>> Requests(string method = "sendMessage", TelegramId? chat = null)
    {
        var all = await _http.GetFromJsonAsync<IReadOnlyList<BotRequest>>($"/control/requests?method={method}", JsonSerializerOptions.Web, Ct);
        return [.. all!.Where(request => chat is null || request.ChatId == chat.Value.Value)];
    }

    /// <summary>Waits for mail to an address and reads the six digits in the newest letter.</summary>
    /// <param name="letters">The number of letters to wait for.</param>
    public async Task<string> CodeMailedTo(string address, int letters = 1)
    {
        var mail = await Eventually.Get(
            async () => (await _http.GetFromJsonAsync<IReadOnlyList<Letter>>($"/control/mail?to={Uri.EscapeDataString(address)}",
                JsonSerializerOptions.Web, Ct))!,
            all => all.Count >= letters, Ct);
        return Regex.Match(mail[^1].Text, "[0-9]{6}").Value;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
    }

    private sealed record Letter(string Text);

    private async Task Post(string path, object body)
    {
        using var answer = await _http.PostAsJsonAsync(path, body, Ct);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"POST {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Ct)}");
        }
    }
}

/// <summary>A call of the Bot API to the sandbox.</summary>
/// <param name="Bot">The bot's username.</param>
/// <param name="Status">Status code of the answer; null while there is none.</param>
public sealed record BotRequest(long Seq, DateTimeOffset At, string Bot, string Method, long? ChatId, JsonElement Body, int? Status);
