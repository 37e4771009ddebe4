using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>All services, with the bots in front of the gateway and the sandbox in Telegram's place.</summary>
public sealed class WholePlatform : TelegramApp
{
    private readonly string _logs = Directory.CreateTempSubdirectory("platform-logs-").FullName;

    public ServiceProcess Courses { get; private set; } = null!;

    public ServiceProcess Billing { get; private set; } = null!;

    public ServiceProcess Letters { get; private set; } = null!;

    public IReadOnlyList<ServiceProcess> Processes => [.. BehindGateway, Bots, Gateway];

    protected override IReadOnlyList<string> Services => [.. base.Services, "courses", "billing", "letters"];

    protected override IReadOnlyList<ServiceProcess> BehindGateway => [.. base.BehindGateway, Courses, Billing, Letters];

    protected override IEnumerable<KeyValuePair<string, string>> Telemetry => [new("Logging:Files:Directory", _logs)];

    protected override async Task AfterServices()
    {
        Courses = await Start("courses");
        Billing = await Start("billing");
        Letters = await Start("letters", [.. AddressesOf(Billing)]);
    }

    /// <summary>The contents of all log files.</summary>
    public IReadOnlyList<(string File, string Text)> Logs() =>
    [
        .. Directory.GetFiles(_logs, "*.log", SearchOption.AllDirectories).Select(file =>
        {
            // The services have the files open for writing.
            using var log = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return (file, log.ReadToEnd());
        }),
    ];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_logs, recursive: true);
    }
}
