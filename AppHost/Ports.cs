using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.Configuration;
using Platform.Contracts;

namespace Platform.AppHost;

/// <summary>Fixed offsets from one base, <c>--port-base</c> or <c>PORT_BASE</c> (8080). Two copies on a machine need bases at least 100 apart.</summary>
internal sealed class Ports(int @base)
{
    public int Gateway => Of(PlatformService.All.Single(service => service.Name == "gateway"));

    public int Sandbox => @base + 10;

    /// <summary>The sandbox's SMTP port.</summary>
    public int SandboxMail => @base + 11;

    public int Postgres => @base + 20;

    public int RabbitMq => @base + 21;

    public int RabbitMqManagement => @base + 22;

    // 18888 and its neighbours by default, the usual ports of Aspire's dashboard.
    public int Dashboard => @base + 10_808;

    private int Telemetry => @base + 10_809;

    private int ResourceService => @base + 10_810;

    /// <summary>Arguments for the app host, which starts the dashboard.</summary>
    public string[] DashboardSettings =>
    [
        $"--ASPNETCORE_URLS=http://localhost:{Dashboard}",
        $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://localhost:{Telemetry}",
        $"--ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL=http://localhost:{ResourceService}",
    ];

    public int Of(PlatformService service) => @base + service.PortOffset;

    public static Ports From(string[] args)
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        var text = settings["port-base"] ?? settings["PORT_BASE"] ?? "8080";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1024 and <= 54_000
            ? new Ports(number)
            : throw new DistributedApplicationException($"The port base is '{text}'; it must be a number between 1024 and 54000.");
    }

    /// <summary>Fails with one clear line instead of a service that cannot bind later.</summary>
    public void EnsureFree()
    {
        int[] wanted =
        [
            .. PlatformService.All.Select(Of), Sandbox, SandboxMail,
            Postgres, RabbitMq, RabbitMqManagement, Dashboard, Telemetry, ResourceService,
        ];
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Where(listener => IPAddress.IsLoopback(listener.Address) || listener.Address.Equals(IPAddress.Any) || listener.Address.Equals(IPAddress.IPv6Any))
            .Select(listener => listener.Port).Intersect(wanted).Order().ToArray();
        if (taken.Length > 0)
        {
            throw new DistributedApplicationException(
                $"Port in use: {string.Join(", ", taken)}. Stop the other program or choose another --port-base (now {@base}).");
        }
    }

    /// <summary>Writes the addresses for <c>./run</c> and other scripts, in lines that a shell can source.</summary>
    /// <param name="withSandbox">Whether the bots use the sandbox.</param>
    public void Write(string file, bool withSandbox)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"""
            GATEWAY=http://localhost:{Gateway}
            SANDBOX={(withSandbox ? $"http://localhost:{Sandbox}" : "")}
            DASHBOARD=http://localhost:{Dashboard}
            RABBITMQ=127.0.0.1:{RabbitMq}
            RABBITMQ_MANAGEMENT=http://localhost:{RabbitMqManagement}
            POSTGRES=127.0.0.1:{Postgres}

            """);
    }
}
