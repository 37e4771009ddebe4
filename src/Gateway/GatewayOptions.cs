using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Gateway;

/// <summary>Section <c>Gateway</c>. Routes are in section <c>ReverseProxy</c>, addresses under <c>services</c>.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>How many gateways run side by side. Each allows its share of the limits that are counted in memory.</summary>
    [Range(1, 1000)]
    public int Replicas { get; set; } = 1;

    /// <summary>How long a service may be silent before the caller gets 504.</summary>
    /// <remarks>Shorter than the 10 s time-out of the bots, so that they get an answer and do not have to guess.</remarks>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan UpstreamTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How often each replica's readiness is checked, and how long it may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan HealthCheckEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Largest request body, in bytes. 1 MiB.</summary>
    [Range(1, 1L << 30)]
    public long MaxBodyBytes { get; set; } = 1 << 20;

    /// <summary>Address of the sandbox, for the landing page in development; null when nothing is emulated.</summary>
    public Uri? SandboxAddress { get; set; }

    /// <summary>Address of the dashboard, for the landing page in development.</summary>
    public Uri? DashboardAddress { get; set; }

    /// <summary>Web pages of these origins (scheme, host, port) may call the API from a browser. None by default.</summary>
    public IReadOnlyList<string> CorsOrigins { get; set; } = [];

    [ValidateObjectMembers]
    public CallLimits Limits { get; set; } = new();
}

/// <summary>How many calls one caller may make in <see cref="Window"/>, by the kind of call.</summary>
public sealed class CallLimits
{
    /// <summary>Fixed windows of this length, one minute unless a test shortens it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Like <see cref="Logins"/>, not divided by <see cref="GatewayOptions.Replicas"/>: users counts both exactly over all replicas.</summary>
    [Range(1, 1_000_000)]
    public int Registrations { get; set; } = 5;

    [Range(1, 1_000_000)]
    public int Logins { get; set; } = 10;

    /// <summary>Reads of a profile by Telegram id.</summary>
    [Range(1, 1_000_000)]
    public int ProfileReads { get; set; } = 30;

    /// <summary>Tokens that one bot requests for one person.</summary>
    [Range(1, 1_000_000)]
    public int BotTokens { get; set; } = 60;

    /// <summary>Wrong bot keys from one network. Right keys neither count nor are refused.</summary>
    [Range(1, 1_000_000)]
    public int WrongBotKeys { get; set; } = 10;

    /// <summary>Exports of personal data in <see cref="ExportWindow"/>. Each asks every service.</summary>
    /// <remarks>More than a person needs: while a service is down each attempt counts, and a bot retries on its own.</remarks>
    [Range(1, 1_000_000)]
    public int Exports { get; set; } = 60;

    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan ExportWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>All other calls that change something.</summary>
    [Range(1, 1_000_000)]
    public int Writes { get; set; } = 120;

    /// <summary>All other calls that only read.</summary>
    [Range(1, 1_000_000)]
    public int Reads { get; set; } = 600;
}

[OptionsValidator]
internal sealed partial class ValidateGatewayOptions : IValidateOptions<GatewayOptions>;

/// <summary>Each gateway allows at least one call, so a limit smaller than the number of gateways would be exceeded.</summary>
internal sealed class ValidateLimitShares : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var limits = options.Limits;
        (string Name, int Permits)[] shared =
        [
            (nameof(limits.ProfileReads), limits.ProfileReads), (nameof(limits.BotTokens), limits.BotTokens),
            (nameof(limits.Writes), limits.Writes), (nameof(limits.Reads), limits.Reads),
        ];
        var tooSmall = shared.Where(limit => limit.Permits < options.Replicas).Select(limit => $"{GatewayOptions.Section}:Limits:{limit.Name}").ToArray();
        return tooSmall.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{GatewayOptions.Section}:Replicas is {options.Replicas}, which leaves less than one call per gateway for {string.Join(", ", tooSmall)}. "
                + "Raise these limits or set the real number of gateways.");
    }
}
