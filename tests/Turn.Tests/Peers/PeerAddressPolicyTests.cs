using System;
using System.Linq;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Turn.Tests;

public sealed class PeerAddressPolicyTests
{
    private static readonly PeerAddressPolicy Default = new(new PeerAddressRules());

    // security.md V1, T15, T17: what others let through.
    [Theory]
    [InlineData("::", PeerVerdict.NotUnicast)]
    [InlineData("0.0.0.0", PeerVerdict.NotUnicast)]
    [InlineData("0.0.0.1", PeerVerdict.DeniedByDefault)]
    [InlineData("::1", PeerVerdict.DeniedByDefault)]
    [InlineData("::ffff:0.0.0.0", PeerVerdict.NotUnicast)]
    [InlineData("::ffff:127.0.0.1", PeerVerdict.DeniedByDefault)]
    [InlineData("::127.0.0.1", PeerVerdict.DeniedByDefault)]
    [InlineData("::ffff:0:127.0.0.1", PeerVerdict.DeniedByDefault)]
    [InlineData("2002:7f00:1::", PeerVerdict.DeniedByDefault)]
    [InlineData("64:ff9b::7f00:1", PeerVerdict.DeniedByDefault)]
    [InlineData("169.254.169.254", PeerVerdict.DeniedByDefault)]
    [InlineData("fd00:ec2::254", PeerVerdict.DeniedByDefault)]
    [InlineData("fd20:ce::254", PeerVerdict.DeniedByDefault)]
    [InlineData("100.100.100.200", PeerVerdict.DeniedByDefault)]
    [InlineData("192.0.0.192", PeerVerdict.DeniedByDefault)]
    [InlineData("168.63.129.16", PeerVerdict.DeniedByDefault)]
    [InlineData("224.0.0.1", PeerVerdict.NotUnicast)]
    [InlineData("255.255.255.255", PeerVerdict.NotUnicast)]
    [InlineData("ff02::1", PeerVerdict.NotUnicast)]
    [InlineData("2001:0:7f00:1::f7f7:f7f7", PeerVerdict.DeniedByDefault)]
    [InlineData("8.8.8.8", PeerVerdict.Allowed)]
    [InlineData("::ffff:8.8.8.8", PeerVerdict.Allowed)]
    [InlineData("2a00:1450:4001:81b::200e", PeerVerdict.Allowed)]
    [InlineData("2a00:1450::5efe:10.0.0.1", PeerVerdict.DeniedByDefault)]
    [InlineData("2a00:1450::5efe:8.8.8.8", PeerVerdict.Allowed)]
    public void Judge_DefaultRules_DeniesInBothEntryPoints(string address, PeerVerdict expected)
    {
        Assert.Equal(expected, Default.JudgeAddress(PeerAddresses.At(address, 3478)));
        Assert.Equal(expected, Default.Judge(PeerAddresses.At(address, 3478), isLiveRelay: false));
        Assert.Equal(expected, Default.Judge(PeerAddresses.At(address, 3478), isLiveRelay: true));
    }

    [Fact]
    public void Judge_AddressWithZoneOrNone_IsNotUnicast()
    {
        TransportAddress zoned = TransportAddress.FromIPv6(new UInt128(0xFE80_0000_0000_0000, 1), 4000, scopeId: 2);
        PeerAddressPolicy all = new(new PeerAddressRules { Allow = PeerAddresses.Networks("::/0", "0.0.0.0/0") });
        Assert.Equal(PeerVerdict.NotUnicast, all.Judge(new PeerAddress(zoned), isLiveRelay: false));
        Assert.Equal(PeerVerdict.NotUnicast, all.JudgeAddress(new PeerAddress(zoned)));
        Assert.Equal(PeerVerdict.NotUnicast, all.JudgeAddress(default));
    }

    // T23, and the two ports below 1024 that media servers use.
    [Theory]
    [InlineData(0, PeerVerdict.NotUnicast)]
    [InlineData(53, PeerVerdict.ForbiddenPort)]
    [InlineData(123, PeerVerdict.ForbiddenPort)]
    [InlineData(161, PeerVerdict.ForbiddenPort)]
    [InlineData(1900, PeerVerdict.ForbiddenPort)]
    [InlineData(5060, PeerVerdict.ForbiddenPort)]
    [InlineData(5061, PeerVerdict.ForbiddenPort)]
    [InlineData(11211, PeerVerdict.ForbiddenPort)]
    [InlineData(80, PeerVerdict.Allowed)]
    [InlineData(443, PeerVerdict.Allowed)]
    [InlineData(1024, PeerVerdict.Allowed)]
    public void Judge_Port_IsJudgedLast(int port, PeerVerdict expected)
    {
        Assert.Equal(expected, Default.Judge(PeerAddresses.At("8.8.8.8", port), isLiveRelay: false));
        Assert.Equal(PeerVerdict.Allowed, Default.JudgeAddress(PeerAddresses.At("8.8.8.8", port)));
        Assert.Equal(
            port == 0 ? PeerVerdict.NotUnicast : PeerVerdict.DeniedByDefault,
            Default.Judge(PeerAddresses.At("10.0.0.1", port), isLiveRelay: false));
    }

    // T20: own endpoints, whatever is allowed, and however they are written.
    [Theory]
    [InlineData("127.0.0.1", 3478, PeerVerdict.OwnEndPoint)]
    [InlineData("::ffff:127.0.0.1", 3478, PeerVerdict.OwnEndPoint)]
    [InlineData("64:ff9b::7f00:1", 3478, PeerVerdict.OwnEndPoint)]
    [InlineData("2002:7f00:1::", 9100, PeerVerdict.OwnEndPoint)]
    [InlineData("127.0.0.1", 9100, PeerVerdict.OwnEndPoint)]
    [InlineData("::1", 8080, PeerVerdict.OwnEndPoint)]
    [InlineData("127.0.0.1", 3479, PeerVerdict.Allowed)]
    [InlineData("::1", 8081, PeerVerdict.Allowed)]
    [InlineData("127.0.0.1", 8080, PeerVerdict.OwnEndPoint)]
    [InlineData("192.168.1.5", 8080, PeerVerdict.OwnEndPoint)]
    [InlineData("192.168.1.6", 8080, PeerVerdict.Allowed)]
    [InlineData("127.8.9.1", 8080, PeerVerdict.OwnEndPoint)]
    public void Judge_OwnEndPoint_IsRefusedEvenIfAllowed(string address, int port, PeerVerdict expected)
    {
        PeerAddressPolicy policy = new(new PeerAddressRules
        {
            Allow = PeerAddresses.Networks("0.0.0.0/0", "::/0"),
            OwnEndPoints = [PeerAddresses.EndPoint("127.0.0.1:3478"), PeerAddresses.EndPoint("127.0.0.1:9100"), PeerAddresses.EndPoint("[::]:8080")],
            LocalAddresses = [PeerAddresses.Address("192.168.1.5"), PeerAddresses.Address("fe80::5%3")],
        });
        Assert.Equal(expected, policy.Judge(PeerAddresses.At(address, port), isLiveRelay: false));
        Assert.Equal(expected, policy.Judge(PeerAddresses.At(address, port), isLiveRelay: true));
    }

    [Fact]
    public void Judge_WildcardOfIPv4_IsNoEndPointOfIPv6()
    {
        PeerAddressPolicy policy = new(new PeerAddressRules
        {
            Allow = PeerAddresses.Networks("0.0.0.0/0", "::/0"),
            OwnEndPoints = [PeerAddresses.EndPoint("0.0.0.0:8080")],
        });
        Assert.Equal(PeerVerdict.OwnEndPoint, policy.Judge(PeerAddresses.At("127.0.0.1", 8080), isLiveRelay: false));
        Assert.Equal(PeerVerdict.Allowed, policy.Judge(PeerAddresses.At("::1", 8080), isLiveRelay: false));
    }

    // T21: a relayed address of a live allocation is reached, a dead port of the same address is not.
    [Fact]
    public void Judge_RelayAddress_IsAllowedWhileLive()
    {
        PeerAddressPolicy policy = new(new PeerAddressRules
        {
            LocalAddresses = [PeerAddresses.Address("10.0.0.5"), PeerAddresses.Address("10.0.0.6")],
            RelayAddresses = [PeerAddresses.EndPoint("10.0.0.5:1"), PeerAddresses.Address("5.5.5.5")],
        });
        foreach (string relay in new[] { "10.0.0.5", "5.5.5.5", "::ffff:5.5.5.5" })
        {
            Assert.Equal(PeerVerdict.Allowed, policy.JudgeAddress(PeerAddresses.At(relay, 0)));
            Assert.Equal(PeerVerdict.Allowed, policy.Judge(PeerAddresses.At(relay, 50000), isLiveRelay: true));
            Assert.Equal(PeerVerdict.Allowed, policy.Judge(PeerAddresses.At(relay, 53), isLiveRelay: true));
            Assert.Equal(PeerVerdict.LocalAddress, policy.Judge(PeerAddresses.At(relay, 50000), isLiveRelay: false));
        }

        Assert.Equal(PeerVerdict.LocalAddress, policy.JudgeAddress(PeerAddresses.At("10.0.0.6", 0)));
        Assert.Equal(PeerVerdict.LocalAddress, policy.Judge(PeerAddresses.At("10.0.0.6", 50000), isLiveRelay: true));
        Assert.Equal(PeerVerdict.DeniedByDefault, policy.Judge(PeerAddresses.At("10.0.0.7", 50000), isLiveRelay: true));
    }

    [Fact]
    public void Judge_DenyAndAllow_DenyWins()
    {
        PeerAddressPolicy policy = new(new PeerAddressRules
        {
            Allow = PeerAddresses.Networks("10.0.0.0/8", "8.8.8.8"),
            Deny = PeerAddresses.Networks("10.1.0.0/16", "8.8.8.0/24", "2a00::/16"),
            RelayAddresses = [PeerAddresses.Address("10.1.2.3")],
        });
        Assert.Equal(PeerVerdict.Allowed, policy.JudgeAddress(PeerAddresses.At("10.0.0.1", 0)));
        Assert.Equal(PeerVerdict.DeniedByOperator, policy.JudgeAddress(PeerAddresses.At("10.1.0.1", 0)));
        Assert.Equal(PeerVerdict.DeniedByOperator, policy.JudgeAddress(PeerAddresses.At("8.8.8.8", 0)));
        Assert.Equal(PeerVerdict.DeniedByOperator, policy.JudgeAddress(PeerAddresses.At("::ffff:8.8.8.8", 0)));
        Assert.Equal(PeerVerdict.DeniedByOperator, policy.JudgeAddress(PeerAddresses.At("2a00::8", 0)));
        Assert.Equal(PeerVerdict.DeniedByOperator, policy.Judge(PeerAddresses.At("10.1.2.3", 50000), isLiveRelay: true));
    }

    [Fact]
    public void Judge_DenyOfMappedNetwork_DeniesTheIPv4One()
    {
        PeerAddressPolicy narrow = new(new PeerAddressRules { Deny = PeerAddresses.Networks("::ffff:8.8.0.0/112") });
        Assert.Equal(PeerVerdict.DeniedByOperator, narrow.JudgeAddress(PeerAddresses.At("8.8.4.4", 0)));
        Assert.Equal(PeerVerdict.Allowed, narrow.JudgeAddress(PeerAddresses.At("8.9.4.4", 0)));

        // A wide one is about IPv6, but an address that is written as IPv6 is in it.
        PeerAddressPolicy wide = new(new PeerAddressRules { Deny = PeerAddresses.Networks("::/0") });
        Assert.Equal(PeerVerdict.DeniedByOperator, wide.JudgeAddress(PeerAddresses.At("::ffff:8.8.4.4", 0)));
        Assert.Equal(PeerVerdict.Allowed, wide.JudgeAddress(PeerAddresses.At("8.8.4.4", 0)));
    }

    [Fact]
    public void Judge_LoopbackAllowed_AllowsItsMappedFormAlone()
    {
        PeerAddressPolicy policy = new(new PeerAddressRules
        {
            Allow = PeerAddresses.Networks("127.0.0.0/8"),
            LocalAddresses = [PeerAddresses.Address("127.0.0.1"), PeerAddresses.Address("::1")],
        });
        Assert.Equal(PeerVerdict.Allowed, policy.JudgeAddress(PeerAddresses.At("127.0.0.1", 0)));
        Assert.Equal(PeerVerdict.Allowed, policy.JudgeAddress(PeerAddresses.At("::ffff:127.0.0.1", 0)));
        Assert.Equal(PeerVerdict.LocalAddress, policy.JudgeAddress(PeerAddresses.At("::1", 0)));
        Assert.Equal(PeerVerdict.DeniedByDefault, policy.JudgeAddress(PeerAddresses.At("64:ff9b::7f00:1", 0)));
    }

    [Fact]
    public void Judge_IPv6LoopbackAllowed_IsNoCompatibleAddress()
    {
        PeerAddressPolicy policy = new(new PeerAddressRules { Allow = PeerAddresses.Networks("::1") });
        Assert.Equal(PeerVerdict.Allowed, policy.Judge(PeerAddresses.At("::1", 4000), isLiveRelay: false));
        Assert.Equal(PeerVerdict.DeniedByDefault, policy.Judge(PeerAddresses.At("::2", 4000), isLiveRelay: false));
    }

    // An address that leads to a translator has to pass as the IPv4 address behind it too.
    [Fact]
    public void Judge_TranslatorAllowed_StillJudgesTheAddressBehindIt()
    {
        PeerAddressPolicy policy = new(new PeerAddressRules { Allow = PeerAddresses.Networks("64:ff9b::/96", "10.2.0.0/16") });
        Assert.Equal(PeerVerdict.DeniedByDefault, policy.JudgeAddress(PeerAddresses.At("64:ff9b::7f00:1", 0)));
        Assert.Equal(PeerVerdict.DeniedByDefault, policy.JudgeAddress(PeerAddresses.At("64:ff9b::10.3.0.1", 0)));
        Assert.Equal(PeerVerdict.NotUnicast, policy.JudgeAddress(PeerAddresses.At("64:ff9b::224.0.0.1", 0)));
        Assert.Equal(PeerVerdict.Allowed, policy.JudgeAddress(PeerAddresses.At("64:ff9b::10.2.0.1", 0)));
        Assert.Equal(PeerVerdict.Allowed, policy.JudgeAddress(PeerAddresses.At("64:ff9b::8.8.8.8", 0)));
        Assert.Equal(PeerVerdict.DeniedByDefault, policy.JudgeAddress(PeerAddresses.At("64:ff9b:0:0:0:1:808:808", 0)));
    }

    // A wide network says nothing about the layout, so 8.8.8.8 of one reading does not hide 127.0.0.1 of another.
    [Fact]
    public void Judge_LocalTranslatorAllowed_JudgesEveryLayoutThatItMayHave()
    {
        PeerAddress hidden = PeerAddresses.At("64:ff9b:1:808:8:800:7f00:1", 0);
        PeerAddressPolicy wide = new(new PeerAddressRules { Allow = PeerAddresses.Networks("64:ff9b:1::/48") });
        Assert.Equal(PeerVerdict.DeniedByDefault, wide.JudgeAddress(hidden));
        foreach (string form in EmbeddingForms.Names.Where(name => name.StartsWith("nat64-", StringComparison.Ordinal)))
        {
            Assert.NotEqual(PeerVerdict.Allowed, wide.JudgeAddress(PeerAddresses.At(EmbeddingForms.Write(form, [127, 0, 0, 1]), 0)));
        }

        PeerAddressPolicy exact = new(new PeerAddressRules { Allow = PeerAddresses.Networks("64:ff9b:1:fffe::/96") });
        Assert.Equal(PeerVerdict.Allowed, exact.JudgeAddress(PeerAddresses.At("64:ff9b:1:fffe::808:808", 0)));
        Assert.Equal(PeerVerdict.DeniedByDefault, exact.JudgeAddress(PeerAddresses.At("64:ff9b:1:fffe::7f00:1", 0)));
    }

    [Fact]
    public void Judge_RelaysOnly_RefusesAllElse()
    {
        PeerAddressPolicy policy = new(new PeerAddressRules
        {
            RelaysOnly = true,
            Allow = PeerAddresses.Networks("8.8.8.8"),
            RelayAddresses = [PeerAddresses.Address("5.5.5.5")],
        });
        Assert.Equal(PeerVerdict.DeniedByOperator, policy.JudgeAddress(PeerAddresses.At("8.8.8.8", 0)));
        Assert.Equal(PeerVerdict.DeniedByOperator, policy.Judge(PeerAddresses.At("5.5.5.5", 50000), isLiveRelay: false));
        Assert.Equal(PeerVerdict.Allowed, policy.JudgeAddress(PeerAddresses.At("5.5.5.5", 0)));
        Assert.Equal(PeerVerdict.Allowed, policy.Judge(PeerAddresses.At("5.5.5.5", 50000), isLiveRelay: true));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 65536)]
    [InlineData(-1, 5)]
    public void Policy_PortRangeThatIsNone_Throws(int first, int last)
        => Assert.Throws<ArgumentException>(() => new PeerAddressPolicy(new PeerAddressRules { AllowPorts = [new PortRange(first, last)] }));

    [Fact]
    public void Policy_DefaultPrefix_Throws()
        => Assert.Throws<ArgumentException>(() => new PeerAddressPolicy(new PeerAddressRules { Allow = [default] }));

    [Fact]
    public void Judge_AnyPeer_AllocatesNothing()
    {
        PeerAddressPolicy policy = new(new PeerAddressRules
        {
            Allow = PeerAddresses.Networks("10.0.0.0/8", "64:ff9b:1:fffe::/96", "64:ff9b::/96"),
            Deny = PeerAddresses.Networks("10.1.0.0/16"),
            OwnEndPoints = [PeerAddresses.EndPoint("10.0.0.5:3478"), PeerAddresses.EndPoint("[::]:80")],
            LocalAddresses = [PeerAddresses.Address("10.0.0.5")],
            RelayAddresses = [PeerAddresses.Address("10.0.0.5")],
        });
        PeerAddress[] peers =
        [
            PeerAddresses.At("8.8.8.8", 4000), PeerAddresses.At("10.1.0.1", 4000), PeerAddresses.At("::ffff:10.0.0.5", 3478),
            PeerAddresses.At("64:ff9b:1:fffe::808:808", 4000), PeerAddresses.At("2001:0:808:808::1", 80), PeerAddresses.At("2a00::5efe:1.2.3.4", 80),
        ];
        long allocated = Allocations.Measure(() =>
        {
            foreach (PeerAddress peer in peers)
            {
                policy.Judge(peer, isLiveRelay: true);
                policy.JudgeAddress(peer);
            }
        });
        Assert.Equal(0, allocated);
    }
}
