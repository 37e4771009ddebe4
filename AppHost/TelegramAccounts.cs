using Microsoft.Extensions.Configuration;

namespace Platform.AppHost;

/// <summary>The bots' accounts: real ones if their tokens are set, otherwise emulated ones in the sandbox, to be tried in a browser.</summary>
internal sealed class TelegramAccounts
{
    private const string ClientToken = "TELEGRAM_TOKEN_CLIENT";

    private static readonly Account[] InSandbox =
    [
        new(ClientToken, "1000001:guests-in-the-sandbox", "coffee_guest_bot", "Coffee"),
        new("TELEGRAM_TOKEN_BARISTA", "1000002:counter-in-the-sandbox", "coffee_counter_bot", "Coffee: counter"),
    ];

    private readonly IReadOnlyList<Account> _accounts;
    private readonly string? _apiUrl;

    private TelegramAccounts(IReadOnlyList<Account> accounts, string? apiUrl, bool emulated) => (_accounts, _apiUrl, Emulated) = (accounts, apiUrl, emulated);

    public bool Emulated { get; }

    /// <param name="mayEmulate">False in production, where bots without tokens are off.</param>
    public static TelegramAccounts From(IConfiguration settings, Ports ports, bool mayEmulate)
    {
        Account[] given =
        [
            .. InSandbox.Select(account => account with { Token = settings[account.Setting] ?? "" }).Where(account => account.Token.Length > 0),
        ];
        return given.Length == 0 && mayEmulate
            ? new TelegramAccounts(InSandbox, $"http://localhost:{ports.Sandbox}", emulated: true)
            : new TelegramAccounts(given, settings["TELEGRAM_API_URL"], emulated: false);
    }

    public IResourceBuilder<ProjectResource> GiveTo(IResourceBuilder<ProjectResource> service, Secrets secrets) =>
        _accounts.Aggregate(
            service.WithEnvironment("TELEGRAM_API_URL", _apiUrl),
            (given, account) => given.WithEnvironment(account.Setting, secrets.Given(account.Setting, account.Token)));

    /// <summary>For a service that verifies Telegram's signatures for the client bot but calls no bot.</summary>
    public void GiveClientTokenTo(IResourceBuilder<ProjectResource> service, Secrets secrets)
    {
        if (_accounts.FirstOrDefault(account => account.Setting == ClientToken) is { } client)
        {
            service.WithEnvironment(ClientToken, secrets.Given(ClientToken, client.Token));
        }
    }

    public void DescribeTo(IResourceBuilder<ProjectResource> sandbox, Secrets secrets)
    {
        foreach (var (number, account) in _accounts.Index())
        {
            sandbox
                .WithEnvironment($"Sandbox__Bots__{number}__Token", secrets.Given(account.Setting, account.Token))
                .WithEnvironment($"Sandbox__Bots__{number}__Username", account.Username)
                .WithEnvironment($"Sandbox__Bots__{number}__Name", account.Name);
        }
    }

    /// <param name="Setting">The setting with its token.</param>
    /// <param name="Username">In the sandbox, without the @.</param>
    /// <param name="Name">Display name in the sandbox.</param>
    private sealed record Account(string Setting, string Token, string Username, string Name)
    {
        // A record's ToString prints all members, and the token is a secret.
        public override string ToString() => Setting;
    }
}
