using System.Net;
using Platform.ServiceDefaults.Web;

namespace Platform.ServiceDefaults.Tests.Web;

public sealed class CallerNetworkTests
{
    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:3::/64")]
    [InlineData("fe80::1%2", "fe80::/64")]
    [InlineData("::1", "::/64")]
    public void Callers_are_grouped_by_IPv4_address_or_IPv6_64_bit_network(string address, string expected) =>
        CallerNetwork.Of(IPAddress.Parse(address)).ToString().ShouldBe(expected);

    [Fact]
    public void Callers_without_an_address_are_grouped_together() =>
        CallerNetwork.Of((IPAddress?)null).ShouldBe(CallerNetwork.Of((IPAddress?)null));
}
