using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

public sealed class LocalPreferenceTests
{
    // Families of the addresses as given, and as they come out. RFC 8421 section 4: of two IPv4 and six IPv6 addresses, four IPv6 ones come first.
    [Theory]
    [InlineData("4", "4")]
    [InlineData("6", "6")]
    [InlineData("46", "64")]
    [InlineData("444", "444")]
    [InlineData("666", "666")]
    [InlineData("44666666", "66664646")]
    [InlineData("66666644", "66664646")]
    [InlineData("4466", "6644")]
    [InlineData("444666", "664644")]
    [InlineData("44446", "64444")]
    [InlineData("466666", "666664")]
    public void Compute_BothFamilies_TakeTurnsAfterAHeadStartOfIPv6(string given, string expected)
    {
        TransportAddress[] addresses = Addresses(given);
        int[] preferences = new int[addresses.Length];
        LocalPreference.Compute(addresses, addresses.Length, preferences);
        int[] order = Order(preferences);
        Assert.Equal(expected, string.Concat(order.Select(i => given[i])));
        Assert.Equal(LocalPreference.Max, preferences.Max());
        Assert.Equal(preferences.Length, preferences.Distinct().Count());

        // Within a family the order is the caller's.
        Assert.All("46", family => Assert.Equal(
            Enumerable.Range(0, given.Length).Where(i => given[i] == family),
            order.Where(i => given[i] == family)));
    }

    [Fact]
    public void Compute_UnreliableInterfaces_ComeLast()
    {
        int[] preferences = new int[5];
        LocalPreference.Compute(Addresses("44646"), 3, preferences);
        Assert.Equal([2, 0, 1, 4, 3], Order(preferences));
    }

    [Fact]
    public void Compute_255Addresses_AllDifferAndAreInRange()
    {
        int[] preferences = new int[255];
        LocalPreference.Compute(Addresses(string.Concat(Enumerable.Repeat("464", 85))), 200, preferences);
        Assert.Equal(255, preferences.Distinct().Count());
        Assert.All(preferences, static preference => Assert.InRange(preference, 0, 65535));
    }

    [Fact]
    public void Compute_WrongCounts_AreTheCallersMistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalPreference.Compute(new TransportAddress[256], 256, new int[256]));
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalPreference.Compute(new TransportAddress[1], 2, new int[1]));
        Assert.Throws<ArgumentException>(() => LocalPreference.Compute(new TransportAddress[2], 2, new int[1]));
    }

    // RFC 6544 appendix C prints host and server-reflexive candidates of an only address.
    [Theory]
    [InlineData(CandidateType.Host, TcpCandidateType.Active, 2128609279u)]
    [InlineData(CandidateType.Host, TcpCandidateType.Passive, 2124414975u)]
    [InlineData(CandidateType.Host, TcpCandidateType.SimultaneousOpen, 2120220671u)]
    [InlineData(CandidateType.ServerReflexive, TcpCandidateType.Active, 1688207359u)]
    [InlineData(CandidateType.ServerReflexive, TcpCandidateType.Passive, 1684013055u)]
    [InlineData(CandidateType.ServerReflexive, TcpCandidateType.SimultaneousOpen, 1692401663u)]
    [InlineData(CandidateType.Relayed, TcpCandidateType.Active, 14680063u)]
    public void ForTcp_OnlyAddress_GivesThePrioritiesThatTheRfcPrints(CandidateType type, TcpCandidateType direction, uint priority)
        => Assert.Equal(priority, CandidatePriority.Compute(type, LocalPreference.ForTcp(type, direction, LocalPreference.Max), 1));

    [Fact]
    public void ForTcp_AddressesOfCompute_StayApart()
    {
        int[] preferences = new int[255];
        LocalPreference.Compute(Addresses(new string('4', 255)), 255, preferences);
        Assert.Equal(
            255,
            preferences.Select(static preference => LocalPreference.ForTcp(CandidateType.Host, TcpCandidateType.Passive, preference)).Distinct().Count());
    }

    [Fact]
    public void ForTcp_OutsideRange_IsTheCallersMistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalPreference.ForTcp(CandidateType.Host, TcpCandidateType.None, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalPreference.ForTcp((CandidateType)4, TcpCandidateType.Active, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalPreference.ForTcp(CandidateType.Host, TcpCandidateType.Active, 65536));
    }

    private static int[] Order(int[] preferences) => [.. Enumerable.Range(0, preferences.Length).OrderByDescending(i => preferences[i])];

    private static TransportAddress[] Addresses(string families) =>
    [
        .. families.Select(static (family, i) => family == '6'
            ? TransportAddress.FromIPv6((UInt128)(uint)(i + 1), 0)
            : TransportAddress.FromIPv4(0xC0000200 + (uint)i, 0)),
    ];
}
