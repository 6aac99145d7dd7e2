using System;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

public sealed class AddressPrefixTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("::/0", "::/0")]
    [InlineData("192.0.2.1", "192.0.2.1/32")]
    [InlineData("2001:DB8::/32", "2001:db8::/32")]
    [InlineData("2001:db8::1", "2001:db8::1/128")]
    [InlineData("255.255.255.255/32", "255.255.255.255/32")]
    [InlineData("::ffff:127.0.0.0/104", "::ffff:127.0.0.0/104")]
    public void TryParse_Network_IsWrittenBack(string text, string expected)
    {
        Assert.True(AddressPrefix.TryParse(text, out AddressPrefix prefix, out AddressPrefixStatus status));
        Assert.Equal(AddressPrefixStatus.Valid, status);
        Assert.Equal(expected, prefix.ToString());
        Assert.True(AddressPrefix.TryParse(expected, out AddressPrefix again));
        Assert.Equal(prefix, again);
    }

    // security.md V46: whatever is not exactly a network is refused, and the reason said.
    [Theory]
    [InlineData("", AddressPrefixStatus.MalformedAddress)]
    [InlineData("/8", AddressPrefixStatus.MalformedAddress)]
    [InlineData("10/8", AddressPrefixStatus.MalformedAddress)]
    [InlineData("10.0.0/8", AddressPrefixStatus.MalformedAddress)]
    [InlineData("010.0.0.0/8", AddressPrefixStatus.MalformedAddress)]
    [InlineData("0x0a.0.0.0/8", AddressPrefixStatus.MalformedAddress)]
    [InlineData("10.0.0.0:0/8", AddressPrefixStatus.MalformedAddress)]
    [InlineData("[2001:db8::]/32", AddressPrefixStatus.MalformedAddress)]
    [InlineData("fe80::%1/64", AddressPrefixStatus.MalformedAddress)]
    [InlineData(" 10.0.0.0/8", AddressPrefixStatus.MalformedAddress)]
    [InlineData("10.0.0.0-10.0.0.9", AddressPrefixStatus.MalformedAddress)]
    [InlineData("example.org/8", AddressPrefixStatus.MalformedAddress)]
    [InlineData("10.0.0.0/", AddressPrefixStatus.MalformedLength)]
    [InlineData("10.0.0.0/8 ", AddressPrefixStatus.MalformedLength)]
    [InlineData("10.0.0.0/33", AddressPrefixStatus.MalformedLength)]
    [InlineData("10.0.0.0/-8", AddressPrefixStatus.MalformedLength)]
    [InlineData("10.0.0.0/+8", AddressPrefixStatus.MalformedLength)]
    [InlineData("10.0.0.0/08", AddressPrefixStatus.MalformedLength)]
    [InlineData("10.0.0.0/8/8", AddressPrefixStatus.MalformedLength)]
    [InlineData("10.0.0.0/255.0.0.0", AddressPrefixStatus.MalformedLength)]
    [InlineData("10.0.0.0/99999999999", AddressPrefixStatus.MalformedLength)]
    [InlineData("2001:db8::/129", AddressPrefixStatus.MalformedLength)]
    [InlineData("10.0.0.1/8", AddressPrefixStatus.HostBits)]
    [InlineData("10.0.0.0/0", AddressPrefixStatus.HostBits)]
    [InlineData("2001:db8::1/127", AddressPrefixStatus.HostBits)]
    public void TryParse_AnythingElse_IsRefusedWithTheReason(string text, AddressPrefixStatus expected)
    {
        Assert.False(AddressPrefix.TryParse(text, out AddressPrefix prefix, out AddressPrefixStatus status));
        Assert.Equal(expected, status);
        Assert.Equal(default, prefix);
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0", true)]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "9.255.255.255", false)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.0.0.1", false)]
    [InlineData("10.0.0.0/8", "::10.0.0.1", false)]
    [InlineData("0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("0.0.0.0/0", "::", false)]
    [InlineData("::/0", "ffff::", true)]
    [InlineData("::/0", "0.0.0.0", false)]
    [InlineData("2001:db8::/33", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::", false)]
    [InlineData("2001:db8::1", "2001:db8::1", true)]
    [InlineData("2001:db8::1", "2001:db8::2", false)]
    public void Contains_Address_IsComparedAsANumber(string network, string address, bool expected)
        => Assert.Equal(expected, PeerAddresses.Networks(network)[0].Contains(PeerAddresses.Address(address)));

    [Fact]
    public void Default_ContainsNothing()
    {
        AddressPrefix none = default;
        Assert.False(none.Contains(default));
        Assert.False(none.Contains(PeerAddresses.Address("0.0.0.0")));
        Assert.False(none.Contains(PeerAddresses.Address("::")));
        Assert.Equal("", none.ToString());
    }

    [Fact]
    public void Constructor_WhatIsNoNetwork_Throws()
    {
        TransportAddress ten = PeerAddresses.Address("10.0.0.0");
        Assert.Throws<ArgumentException>(() => new AddressPrefix(default, 0));
        Assert.Throws<ArgumentException>(() => new AddressPrefix(ten, 6));
        Assert.Throws<ArgumentException>(() => new AddressPrefix(PeerAddresses.Address("fe80::%1"), 64));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AddressPrefix(ten, 33));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AddressPrefix(ten, -1));
        Assert.Equal("10.0.0.0/7", new AddressPrefix(ten, 7).ToString());
    }
}
