using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Platform.ServiceDefaults.Web.Startup;

/// <summary>
/// Setting <c>Proxies</c>: the addresses and networks (a list or a comma-separated text) whose <c>X-Forwarded-For</c> and
/// <c>X-Forwarded-Proto</c> are trusted, or <c>none</c>. No others are, whatever <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c> says.
/// </summary>
internal static class TrustedProxies
{
    private const string Setting = "Proxies";

    private const string None = "none";

    public static void TrustProxies(this WebApplicationBuilder builder)
    {
        var proxies = Entries(builder.Configuration).Where(entry => entry != None).Select(Parse).ToList();
        builder.Services.PostConfigure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = proxies.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // No limit on the length of a chain of trusted proxies.
            forwarded.ForwardLimit = null;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in proxies)
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        });
    }

    /// <summary>Without the setting, all callers behind a proxy would share one address's limits, and HTTPS would not be detected.</summary>
    public static string? Check(IConfiguration configuration) => Entries(configuration).Count == 0
        ? $"{Setting} is missing: list the proxies whose X-Forwarded-For is trusted, such as {Setting}=10.0.0.5,10.1.0.0/16, "
            + $"or set {Setting}={None} if callers connect directly."
        : null;

    private static List<string> Entries(IConfiguration configuration)
    {
        var section = configuration.GetSection(Setting);
        var entries = section.Get<string[]>() ?? section.Value?.Split(',') ?? [];
        return [.. entries.Select(entry => entry.Trim()).Where(entry => entry.Length > 0)];
    }

    private static IPNetwork Parse(string entry)
    {
        if (IPAddress.TryParse(entry, out var address))
        {
            address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        return IPNetwork.TryParse(entry, out var network) && network.PrefixLength > 0
            ? network
            : throw new InvalidOperationException(
                $"{Setting}: '{entry}' is not an address, a network such as 10.0.0.0/8 (a /0 is not allowed) or {None}.");
    }
}
