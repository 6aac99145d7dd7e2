using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class HostAddressSelectionTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:192.0.2.1")]
    [InlineData("::192.0.2.1")]
    [InlineData("fec0::1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("169.254.1.1")]
    [InlineData("ff02::1%1")]
    public void Select_AddressThatIsNoHostCandidate_LeavesItOut(string address)
        => Assert.Empty(HostAddressSelection.Select([ListedInterfaces.Entry(address)], static _ => true, allowsLoopback: false));

    [Fact]
    public void Select_Loopback_IsTakenWhereAllowed()
        => Assert.Single(HostAddressSelection.Select([ListedInterfaces.Entry("127.0.0.1", "lo")], null, allowsLoopback: true));

    [Theory]
    [InlineData("docker0")]
    [InlineData("br-0123456789ab")]
    [InlineData("veth12ab")]
    [InlineData("virbr0")]
    public void Select_InterfacesOfContainers_NeedAFilterThatWantsThem(string name)
    {
        IceInterfaceAddress[] all = [ListedInterfaces.Entry("192.0.2.1", name)];
        Assert.Empty(HostAddressSelection.Select(all, null, allowsLoopback: false));
        Assert.Single(HostAddressSelection.Select(all, static _ => true, allowsLoopback: false));
    }

    [Fact]
    public void Select_TemporaryAddress_HidesTheOthersOfItsNetworkAndLinkLocalOnes()
    {
        IceInterfaceAddress[] all =
        [
            ListedInterfaces.Entry("2001:db8:1::1"),
            ListedInterfaces.Entry("2001:db8:1::aaaa", temporary: true),
            ListedInterfaces.Entry("2001:db8:2::1"),
            ListedInterfaces.Entry("2001:db8:1::2", "eth1"),
            ListedInterfaces.Entry("fe80::1%2"),
            ListedInterfaces.Entry("192.0.2.1"),
        ];
        string[] selected = [.. HostAddressSelection.Select(all, null, allowsLoopback: false).Select(static host => host.Address.ToIPAddress().ToString())];
        Assert.Equal(["192.0.2.1", "2001:db8:1::2", "2001:db8:1::aaaa", "2001:db8:2::1"], selected.Order(System.StringComparer.Ordinal));
    }

    [Fact]
    public void Select_Deprecated_LeavesItOut()
        => Assert.Empty(HostAddressSelection.Select([ListedInterfaces.Entry("2001:db8::1", unusable: true)], null, allowsLoopback: false));

    [Fact]
    public void Select_LinkLocal_KeepsItsZone()
        => Assert.Equal(7u, HostAddressSelection.Select([ListedInterfaces.Entry("fe80::1%7")], null, allowsLoopback: false)[0].Address.ScopeId);

    [Fact]
    public void Select_BothFamilies_PrefersThemByTurns()
    {
        string[] addresses = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4", "2001:db8::5", "2001:db8::6"];
        string families = string.Concat(HostAddressSelection.Select(addresses.Select(static address => ListedInterfaces.Entry(address)), null, allowsLoopback: false)
            .OrderByDescending(static host => host.Preference)
            .Select(static host => host.Address.Family == StunAddressFamily.IPv6 ? '6' : '4'));

        // RFC 8421 section 4: two IPv4 and six IPv6 addresses have a head start of four.
        Assert.Equal("66664646", families);
    }

    [Fact]
    public void Select_Tunnel_ComesAfterTheRest()
    {
        IceInterfaceAddress[] all = [ListedInterfaces.Entry("2001:db8::1", "tun0") with { IsTunnel = true }, ListedInterfaces.Entry("192.0.2.1")];
        HostAddress best = HostAddressSelection.Select(all, null, allowsLoopback: false).MaxBy(static host => host.Preference);
        Assert.Equal(StunAddressFamily.IPv4, best.Address.Family);
    }

    [Fact]
    public void System_List_KnowsLoopback()
        => Assert.Contains(SystemInterfaceAddresses.Instance.List(), static entry => entry.Address.IsLoopback && entry.Address.Family == StunAddressFamily.IPv4);
}
