using System.Net;
using System.Net.Sockets;

namespace Platform.ServiceDefaults.Web;

/// <summary>The network that limits by address count: an IPv4 address, or the /64 of an IPv6 address.</summary>
/// <remarks>Providers give each customer at least a /64, so a limit by single IPv6 addresses would be easy to evade.</remarks>
public readonly record struct CallerNetwork
{
    private const int PrefixBytes = 8;

    private readonly string? _text;

    private CallerNetwork(string text) => _text = text;

    public static CallerNetwork Of(HttpContext http) => Of(http.Connection.RemoteIpAddress);

    /// <param name="address">Null for a connection without one, such as a Unix socket: all of them count as one network.</param>
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
