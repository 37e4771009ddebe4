using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using Aspire.Hosting.Testing;
using Platform.Testing;

namespace Platform.AppHost.Tests;

/// <summary>The app host's model, started as by <c>./run</c>, with its own data folder.</summary>
public sealed class PlatformModelTests : IDisposable
{
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(4);

    private static readonly string[] Secrets =
    [
        "ADMIN_PASSWORD", "BOT_API_KEY_BARISTA", "BOT_API_KEY_CLIENT", "CARD_SECRET", "DASHBOARD_TOKEN", "DATABASE_SECRET", "POSTGRES_PASSWORD",
        "RABBITMQ_PASSWORD",
    ];

    private readonly string _data = Repository.PathOf("artifacts", "test-servers", $"apphost-{Guid.NewGuid():n}");
    private readonly int _port = FreePortBase();

    public void Dispose()
    {
        if (Directory.Exists(_data))
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    [Fact]
    public async Task The_platform_starts_and_restarts_a_killed_service()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(Arguments(), ct);
        await using var platform = await builder.BuildAsync(ct);
        await platform.StartAsync(ct).WaitAsync(Start, ct);

        using var gateway = platform.CreateHttpClient("gateway");
        await Eventually.IsTrue(async () => (await gateway.GetAsync("/health/ready", ct)).StatusCode == HttpStatusCode.OK, ct, Start);

        var letters = Process.GetProcesses().Single(process => IsOf(process, "Letters.dll"));
        letters.Kill();
        await letters.WaitForExitAsync(ct);

        using var direct = new HttpClient { BaseAddress = new Uri($"http://localhost:{_port + 6}") };
        await Eventually.IsTrue(async () => (await direct.GetAsync("/health/ready", ct)).IsSuccessStatusCode, ct);
    }

    [Fact]
    public async Task A_published_manifest_contains_no_secret()
    {
        var ct = TestContext.Current.CancellationToken;
        Directory.CreateDirectory(_data);
        var manifest = Path.Combine(_data, "manifest.json");
        var start = new ProcessStartInfo("dotnet",
            [Repository.Program("AppHost"), "--operation", "publish", "--publisher", "manifest", "--output-path", manifest, .. Arguments()])
        {
            WorkingDirectory = _data,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var publisher = Process.Start(start)!;
        var output = await Task.WhenAll(publisher.StandardOutput.ReadToEndAsync(ct), publisher.StandardError.ReadToEndAsync(ct));
        await publisher.WaitForExitAsync(ct);

        publisher.ExitCode.ShouldBe(0, string.Concat(output));
        var text = await File.ReadAllTextAsync(manifest, ct);
        text.ShouldContain("loyalty-database.value");
        Secrets.Where(secret => text.Contains(Value(secret), StringComparison.Ordinal)).ShouldBeEmpty();
        text.ShouldNotContain("Password=");
    }

    private string[] Arguments() =>
    [
        "--environment", "Development", "--port-base", $"{_port}", $"--DATA_FOLDER={_data}", "--DEMO=off", "--SERVERS=local",
        "--ADMIN_LOGIN=admin", "--RABBITMQ_USER=platform", .. Secrets.Select(secret => $"--{secret}={Value(secret)}"),
    ];

    private static string Value(string secret) => $"the-{secret.ToLowerInvariant()}-of-a-test-that-is-long-enough";

    private bool IsOf(Process process, string program)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/environ").Contains(_data, StringComparison.Ordinal)
                && File.ReadAllText($"/proc/{process.Id}/cmdline").Split('\0') is [_, var path, ..] && path.EndsWith($"/{program}", StringComparison.Ordinal);
        }
        // It has just ended, or belongs to another user.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Below the range of ephemeral ports; the dashboard's port is 10,808 above the base.
    private static int FreePortBase()
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port).ToHashSet();
        return Enumerable.Range(0, 20).Select(_ => Random.Shared.Next(110, 190) * 100)
            .First(port => Enumerable.Range(port, 30).Concat(Enumerable.Range(port + 10_800, 20)).All(wanted => !taken.Contains(wanted)));
    }
}
