using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Gateway;

/// <summary>Section <c>Gateway</c>. Routes are in section <c>ReverseProxy</c>, addresses under <c>services</c>.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>How many gateways run side by side: each allows its share of the limits that are counted here.</summary>
    [Range(1, 1000)]
    public int Replicas { get; set; } = 1;

    /// <summary>
    /// How long a service may be silent before its caller is answered 504. Shorter than the 10 s that the bots wait, so that
    /// they are told and do not have to guess.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan UpstreamTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How often each replica of a service is asked whether it is ready; also how long it has to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan HealthCheckEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Largest request body, in bytes. 1 MiB.</summary>
    [Range(1, 1L << 30)]
    public long MaxBodyBytes { get; set; } = 1 << 20;

    /// <summary>Where the sandbox's pages are, for the landing page in development; null when nothing is emulated.</summary>
    public Uri? SandboxAddress { get; set; }

    /// <summary>Where the dashboard with traces, logs and metrics is, for the landing page in development.</summary>
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

    /// <summary>
    /// Not divided by <see cref="GatewayOptions.Replicas"/>, like <see cref="Logins"/>: users counts both exactly over all
    /// replicas, and a share would refuse here what is allowed there.
    /// </summary>
    [Range(1, 1_000_000)]
    public int Registrations { get; set; } = 5;

    [Range(1, 1_000_000)]
    public int Logins { get; set; } = 10;

    /// <summary>Profiles read by Telegram id.</summary>
    [Range(1, 1_000_000)]
    public int ProfileReads { get; set; } = 30;

    /// <summary>Tokens that one bot asks for one person.</summary>
    [Range(1, 1_000_000)]
    public int BotTokens { get; set; } = 60;

    /// <summary>Bots' keys from one network that turned out wrong. Right ones do not count, and are not refused for it.</summary>
    [Range(1, 1_000_000)]
    public int WrongBotKeys { get; set; } = 10;

    /// <summary>Exports of all that is held on a person, in <see cref="ExportWindow"/>: each asks every service.</summary>
    /// <remarks>More than a person needs: while a service is away, each try counts, and a bot tries several times by itself.</remarks>
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

/// <summary>
/// A limit smaller than the number of gateways cannot be shared: each would allow one call, and all of them together more than the limit.
/// </summary>
internal sealed class LimitsCanBeShared : IValidateOptions<GatewayOptions>
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
                $"{GatewayOptions.Section}:Replicas is {options.Replicas}, and each of so many gateways would allow less than one call of {string.Join(", ", tooSmall)}. "
                + "Raise these, or say how many gateways there really are.");
    }
}
