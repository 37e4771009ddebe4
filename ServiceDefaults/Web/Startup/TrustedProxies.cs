using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Platform.ServiceDefaults.Web.Startup;

/// <summary>
/// Setting <c>Proxies</c>: the addresses and networks (a list, or one text with commas) whose <c>X-Forwarded-For</c> and
/// <c>X-Forwarded-Proto</c> are believed, or <c>none</c>. Nobody else's are, whatever <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c> says.
/// </summary>
internal static class TrustedProxies
{
    private const string Setting = "Proxies";

    private const string None = "none";

    public static void BelieveProxies(this WebApplicationBuilder builder)
    {
        var proxies = Entries(builder.Configuration).Where(entry => entry != None).Select(Parse).ToList();
        builder.Services.PostConfigure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = proxies.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // A chain is followed as far as the proxies in it are known.
            forwarded.ForwardLimit = null;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in proxies)
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        });
    }

    /// <summary>Without it, everybody behind a proxy would share the limits of one address, and nothing would be known to come by HTTPS.</summary>
    public static string? ComplaintOf(IConfiguration configuration) => Entries(configuration).Count == 0
        ? $"{Setting} is missing: name the proxies in front whose X-Forwarded-For is believed, such as {Setting}=10.0.0.5,10.1.0.0/16, "
            + $"or say {Setting}={None} when callers connect directly."
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
                $"{Setting}: '{entry}' is neither an address, nor a network such as 10.0.0.0/8 (and not of the whole world), nor {None}.");
    }
}
