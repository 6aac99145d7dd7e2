using System;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>Clients of RFC 3489, which send no magic cookie.</summary>
public sealed class ClassicBindingTests
{
    private const string Id = "00112233445566778899AABBCCDDEEFF";

    private readonly BindingExchange _plain = new(new BindingServerOptions { Classic = true });
    private readonly BindingExchange _full = new(new BindingServerOptions { Classic = true, Alternate = BindingExchange.Alternate });

    [Fact]
    public void Request_ByDefaultOrOverTcp_GetsNothing()
    {
        Assert.Empty(new BindingExchange().Send(Classic("")));
        Assert.Empty(_full.Send(Classic(""), reliable: true));
    }

    [Fact]
    public void Request_WithoutAlternates_GetsMappedAndSourceAddressOnly()
        => Assert.Equal(
            "01010018" + Id + "0001000800019C40C6336407" + "0004000800010D96C000020A",
            _plain.SendHex(Classic("")));

    [Theory]
    [InlineData("", "192.0.2.10:3478", "00010D96C000020A")]
    [InlineData("0003000400000000", "192.0.2.10:3478", "00010D96C000020A")]
    [InlineData("0003000400000002", "192.0.2.10:3479", "00010D97C000020A")]
    [InlineData("0003000400000004", "192.0.2.20:3478", "00010D96C0000214")]
    [InlineData("0003000400000006", "192.0.2.20:3479", "00010D97C0000214")]
    public void Request_WithAlternates_GetsChangedAddressAndTheAskedOrigin(string attributes, string origin, string source)
    {
        Assert.Equal(
            "01010024" + Id + "0001000800019C40C6336407" + "00040008" + source + "0005000800010D97C0000214",
            _full.SendHex(Classic(attributes)));
        Assert.Equal((DiscoveryScenario.Address(origin), BindingExchange.Client), (_full.Reply.Origin, _full.Reply.Destination));
    }

    [Fact]
    public void ResponseAddress_IsRefusedAtTheSource()
    {
        Assert.Equal(
            "01110010" + Id + "0009000400000414" + "000A000400020002",
            _full.SendHex(Classic("0002000800011388CB007142")));
        Assert.Equal(BindingExchange.Client, _full.Reply.Destination);
    }

    [Theory]
    [InlineData("70010000", "000A000470017001")]
    [InlineData("7001000070020000", "000A000470017002")]
    [InlineData("700100007002000070030000", "000A00087001700270037003")]
    [InlineData("70010000700100000003000400000002", "000A000470010003")]
    [InlineData("0003000400000002", "000A000400030003")]
    public void UnknownAttributes_OddList_RepeatsTheLast(string attributes, string list)
        => Assert.EndsWith("0009000400000414" + list, _plain.SendHex(Classic(attributes)), StringComparison.Ordinal);

    [Fact]
    public void UnknownAttributes_MoreThanFit_AreLeftOut()
    {
        string attributes = "";
        for (int i = 0; i < 60; i++)
        {
            attributes += $"{0x7000 + i:X4}0000";
        }

        Assert.Equal(20 + 8 + 4 + 64, _plain.Send(Classic(attributes + "0003000400000002")).Length);
    }

    [Fact]
    public void ChangeRequest_Malformed_Gets400()
        => Assert.Equal("01110008" + Id + "0009000400000400", _full.SendHex(Classic("00030000")));

    [Theory]
    [InlineData("0101")]
    [InlineData("0111")]
    [InlineData("0002")]
    [InlineData("0102")]
    public void Message_NotABindingRequest_GetsNothing(string type)
        => Assert.Empty(_full.Send(Convert.FromHexString(type + "0000" + Id)));

    [Fact]
    public void RequestWithCookie_OnAClassicServer_IsAnsweredAsToday()
        => Assert.Equal(32, _plain.Send(BindingExchange.BareRequest).Length);

    private static byte[] Classic(string attributes) => Convert.FromHexString($"0001{attributes.Length / 2:X4}{Id}{attributes}");
}
