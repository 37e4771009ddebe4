using System.Net;
using System.Net.Sockets;

namespace Platform.ServiceDefaults.Web;

/// <summary>What limits by address count: an IPv4 address, or the /64 network of an IPv6 one.</summary>
/// <remarks>
/// A /64 is the least that a provider gives one customer, so a limit by single IPv6 addresses would limit nobody. A socket that takes
/// both kinds shows an IPv4 caller as <c>::ffff:1.2.3.4</c>, which is that caller's IPv4 address.
/// </remarks>
public readonly record struct CallerNetwork
{
    private const int PrefixBytes = 8;

    private readonly string? _text;

    private CallerNetwork(string text) => _text = text;

    public static CallerNetwork Of(HttpContext http) => Of(http.Connection.RemoteIpAddress);

    /// <param name="address">Null for a connection that has none, such as a Unix socket's: all of those are one network.</param>
    public static CallerNetwork Of(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
        {
            return new CallerNetwork(address.ToString());
        }

        var prefix = address.GetAddressBytes();
        prefix.AsSpan(PrefixBytes).Clear();
        return new CallerNetwork($"{new IPAddress(prefix)}/64");
    }

    /// <summary>Such as <c>203.0.113.9</c> or <c>2001:db8:1:2::/64</c>.</summary>
    public override string ToString() => _text ?? "unknown";
}
