using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Xunit;
using static Stack.Simulation.Tests.Scene;

namespace Stack.Simulation.Tests;

/// <summary>Firewalls, plain routers, IPv6 and NAT64.</summary>
public sealed class FirewallTests
{
    private readonly Simulator _simulator = new(6);
    private readonly VirtualHost _inside;
    private readonly VirtualHost _outside;
    private readonly PlainRouter _router;

    public FirewallTests()
    {
        Network office = _simulator.CreateNetwork("office");
        _router = new PlainRouter("fw", office, _simulator.Internet, Endpoint.ParsePrefix("203.0.113.0/24"), Endpoint.ParsePrefix("2001:db8:1::/48"));
        _inside = _simulator.CreateHost("inside");
        _inside.AddInterface(office, "203.0.113.5", "2001:db8:1::5");
        _outside = _simulator.PublicHost("outside", "198.51.100.1", "2001:db8:2::1");
    }

    public static TheoryData<string, bool, bool, bool, bool, bool> Rules => new()
    {
        // rules, UDP out, UDP in, TCP 443 out, TCP 80 out, TCP in
        { nameof(FirewallRules.Open), true, true, true, true, true },
        { nameof(FirewallRules.Stateful), true, false, true, true, false },
        { nameof(FirewallRules.NoUdp), false, false, true, true, true },
        { nameof(FirewallRules.HttpsOnly), false, false, true, false, false },
        { nameof(FirewallRules.Closed), false, false, false, false, false },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rules_OfEachKind_LetThroughWhatTheySay(string name, bool udpOut, bool udpIn, bool httpsOut, bool httpOut, bool tcpIn)
    {
        _router.Firewall = name switch
        {
            nameof(FirewallRules.Open) => FirewallRules.Open,
            nameof(FirewallRules.Stateful) => FirewallRules.Stateful,
            nameof(FirewallRules.NoUdp) => FirewallRules.NoUdp,
            nameof(FirewallRules.HttpsOnly) => FirewallRules.HttpsOnly,
            _ => FirewallRules.Closed,
        };
        foreach ((TransportAddress inside, TransportAddress outside) in
            ((TransportAddress, TransportAddress)[])[(At("203.0.113.5"), At("198.51.100.1")), (At("2001:db8:1::5"), At("2001:db8:2::1"))])
        {
            using VirtualSocket a = _inside.BindUdp(inside.WithPort(1000));
            using VirtualSocket b = _outside.BindUdp(outside.WithPort(1000));
            b.Send(a.Local, "in");
            _simulator.RunFor(Ms(1));
            Assert.Equal(udpIn, a.Take().Count == 1);
            a.Send(b.Local, "out");
            _simulator.RunFor(Ms(1));
            Assert.Equal(udpOut, b.Take().Count == 1);
            b.Send(a.Local, "answer");
            _simulator.RunFor(Ms(1));
            Assert.Equal(udpOut, a.Take().Count == 1);

            Assert.Equal(httpsOut, Connects(_inside, inside, _outside, outside.WithPort(443)));
            Assert.Equal(httpOut, Connects(_inside, inside, _outside, outside.WithPort(80)));
            Assert.Equal(tcpIn, Connects(_outside, outside, _inside, inside.WithPort(443)));
        }
    }

    [Fact]
    public void State_AfterItsTimeout_IsForgotten()
    {
        _router.Firewall = FirewallRules.Stateful with { UdpTimeout = Seconds(10) };
        using VirtualSocket a = _inside.BindUdp(At("203.0.113.5:1000"));
        using VirtualSocket b = _outside.BindUdp(At("198.51.100.1:1000"));
        a.Send(b.Local, "out");
        _simulator.RunFor(Seconds(9));
        b.Send(a.Local, "in");
        _simulator.RunFor(Seconds(2));
        b.Send(a.Local, "late");
        _simulator.RunFor(Seconds(1));
        Assert.Equal(["in"], a.Take().Select(static one => one.Text));
        Assert.Equal(1, _simulator.CountOf(PacketFate.Blocked));
    }

    [Fact]
    public void Blocked_WithReports_TheSenderLearnsIt()
    {
        _router.Firewall = FirewallRules.NoUdp with { ReportsBlocked = true };
        using VirtualSocket a = _inside.BindUdp(At("203.0.113.5:1000"));
        var errors = new List<UnreachableReason>();
        a.Unreachable = (_, _, reason) => errors.Add(reason);
        a.Send(At("198.51.100.1:1000"), "out");
        _simulator.RunFor(Ms(1));
        Assert.Equal([UnreachableReason.Prohibited], errors);
    }

    [Fact]
    public void Home_DualStack_HasANatForIPv4AndAFirewallForIPv6()
    {
        Network home = _simulator.CreateNetwork("home");
        _ = new NatRouter("nat", home, _simulator.Internet, NatOptions.PortRestricted, At("203.0.114.1"));
        _ = new PlainRouter("v6", home, _simulator.Internet, Endpoint.ParsePrefix("2001:db8:7::/48")) { Firewall = FirewallRules.Stateful };
        VirtualHost host = _simulator.CreateHost("dual");
        host.AddInterface(home, "192.168.1.2", "2001:db8:7::2");
        using VirtualSocket server4 = _outside.BindUdp(At("198.51.100.1:1"));
        using VirtualSocket server6 = _outside.BindUdp(At("[2001:db8:2::1]:1"));
        host.BindUdp(At("192.168.1.2:5000")).Send(server4.Local, "x");
        host.BindUdp(At("[2001:db8:7::2]:5000")).Send(server6.Local, "x");
        _simulator.RunFor(Ms(1));
        Assert.Equal(At("203.0.114.1:5000"), Assert.Single(server4.Take()).From);
        Assert.Equal(At("[2001:db8:7::2]:5000"), Assert.Single(server6.Take()).From);
    }

    // RFC 6052 section 2.4: the examples.
    [Theory]
    [InlineData("2001:db8::/32", "2001:db8:c000:221::")]
    [InlineData("2001:db8:100::/40", "2001:db8:1c0:2:21::")]
    [InlineData("2001:db8:122::/48", "2001:db8:122:c000:2:2100::")]
    [InlineData("2001:db8:122:300::/56", "2001:db8:122:3c0:0:221::")]
    [InlineData("2001:db8:122:344::/64", "2001:db8:122:344:c0:2:2100::")]
    [InlineData("2001:db8:122:344::/96", "2001:db8:122:344::192.0.2.33")]
    [InlineData("64:ff9b::/96", "64:ff9b::192.0.2.33")]
    public void Nat64Prefix_OfEachLength_WritesTheAddressAsTheRfcDoes(string prefix, string expected)
    {
        var nat64 = new Nat64Prefix(Endpoint.ParsePrefix(prefix));
        Assert.Equal(At(expected).WithPort(7), nat64.Synthesize(At("192.0.2.33:7")));
        Assert.Equal(At("192.0.2.33:7"), nat64.Extract(At(expected).WithPort(7)));
        Assert.True(nat64.Extract(At("2001:db9::1")).IsNone);
    }

    [Theory]
    [InlineData("64:ff9b::/96")]
    [InlineData("2001:db8:64::/48")]
    public void Nat64_UdpTcpAndErrors_CrossBothWays(string prefix)
    {
        Network mobile = _simulator.CreateNetwork("mobile");
        var nat64 = new Nat64Router(
            "nat64", mobile, _simulator.Internet, new Nat64Prefix(Endpoint.ParsePrefix(prefix)), NatOptions.PortRestricted, At("203.0.114.1"));
        VirtualHost phone = _simulator.CreateHost("phone");
        phone.AddInterface(mobile, "2001:db8:9::2");
        using VirtualSocket socket = phone.BindUdp(At("[2001:db8:9::2]:5000"));
        using VirtualSocket server = _outside.BindUdp(At("198.51.100.1:1"));
        var errors = new List<TransportAddress>();
        socket.Unreachable = (_, destination, _) => errors.Add(destination);

        TransportAddress synthesized = nat64.Prefix.Synthesize(server.Local);
        socket.Send(synthesized, "out");
        _simulator.RunFor(Ms(1));
        (string text, TransportAddress from) = Assert.Single(server.Take());
        Assert.Equal(("out", At("203.0.114.1:5000")), (text, from));
        server.Send(from, "in");
        _simulator.RunFor(Ms(1));
        Assert.Equal([("in", synthesized)], socket.Take());

        socket.Send(synthesized.WithPort(2), "closed");
        _simulator.RunFor(Ms(1));
        Assert.Equal([synthesized.WithPort(2)], errors);
        Assert.Equal(SendOutcome.NoRoute, socket.Send(At("[2001:db8:77::1]:1"), "x"));
        Assert.True(Connects(phone, At("2001:db8:9::2"), _outside, At("198.51.100.1:80"), nat64.Prefix.Synthesize(At("198.51.100.1:80"))));
    }

    private bool Connects(VirtualHost from, TransportAddress local, VirtualHost to, TransportAddress remote, TransportAddress? seenAs = null)
    {
        using VirtualListener listener = to.Listen(remote);
        bool accepted = false;
        listener.Accepted = _ => accepted = true;
        using VirtualConnection connection = from.Connect(local, seenAs ?? remote);
        _simulator.RunFor(Ms(10));
        Assert.Equal(accepted, connection.State == ConnectionState.Established);
        return accepted;
    }
}
