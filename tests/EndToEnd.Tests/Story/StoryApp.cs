using Microsoft.Playwright;
using Platform.Testing;

namespace Platform.EndToEnd.Tests.Story;

/// <summary>The platform with its bots, a telemetry collector, and a browser that shows both sides of the counter.</summary>
public sealed class StoryApp : TelegramApp
{
    // Chromium's switches to run as root and to contact nothing outside this machine.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public OtlpCollector Collector { get; private set; } = null!;

    protected override IEnumerable<KeyValuePair<string, string>> Telemetry => Collector.Settings;

    public override async ValueTask InitializeAsync()
    {
        Collector = await OtlpCollector.Start(Ct);
        await base.InitializeAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
    }

    /// <summary>Opens the page with the phones of a guest and a barista side by side.</summary>
    /// <param name="language">The browser's language.</param>
    public async Task<Counter> Open(SandboxPerson guest, SandboxPerson barista, string language)
    {
        var context = await _browser!.NewContextAsync(new() { Locale = language, ViewportSize = new() { Width = 1280, Height = 800 } });
        context.SetDefaultTimeout(30_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{Sandbox.Address}?left={guest.Id}:{GuestBot}&right={barista.Id}:{CounterBot}");
        return new Counter(page);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await base.DisposeAsync();
        await Collector.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The page: the guest's phone on the left, the barista's on the right.</summary>
public sealed class Counter(IPage page) : IAsyncDisposable
{
    public Phone Guest { get; } = new(page.GetByTestId("phone-left"));

    public Phone Barista { get; } = new(page.GetByTestId("phone-right"));

    /// <summary>Saves a screenshot in <c>artifacts/screenshots</c>.</summary>
    public Task Photograph(string name) =>
        page.ScreenshotAsync(new() { Path = Repository.PathOf("artifacts", "screenshots", $"{name}.png") });

    public async ValueTask DisposeAsync() => await page.Context.DisposeAsync();
}

/// <summary>The stories run one after another and share the platform and the browser.</summary>
[CollectionDefinition]
public sealed class Stories : ICollectionFixture<StoryApp>;
