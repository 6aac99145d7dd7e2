using System;
using Stack.TestKit;
using Xunit;

namespace Stack.Ice.Tests;

public sealed class CandidatePriorityTests
{
    // From lines printed in RFC 8839 section 4.2.6, RFC 8829 section 7.2 and RFC 6544 appendix C.
    [Theory]
    [InlineData(CandidateType.Host, 65535, 1, 2130706431u)]
    [InlineData(CandidateType.Host, 65535, 2, 2130706430u)]
    [InlineData(CandidateType.ServerReflexive, 65535, 1, 1694498815u)]
    [InlineData(CandidateType.PeerReflexive, 65535, 1, 1862270975u)]
    [InlineData(CandidateType.Relayed, 0, 1, 255u)]
    [InlineData(CandidateType.Relayed, 65535, 1, 16777215u)]
    [InlineData(CandidateType.Relayed, 0, 255, 1u)]
    public void Compute_KnownInput_GivesPrintedPriority(CandidateType type, int localPreference, int componentId, uint priority)
        => Assert.Equal(priority, CandidatePriority.Compute(type, localPreference, componentId));

    [Fact]
    public void Compute_Lowest_IsPositive() => Assert.Equal(1u, CandidatePriority.Compute(CandidateType.Relayed, 0, 256));

    [Theory]
    [InlineData(CandidateType.Host, -1, 1)]
    [InlineData(CandidateType.Host, 65536, 1)]
    [InlineData(CandidateType.Host, 0, 0)]
    [InlineData(CandidateType.Host, 0, 257)]
    [InlineData((CandidateType)4, 0, 1)]
    public void Compute_OutsideRange_IsTheCallersMistake(CandidateType type, int localPreference, int componentId)
        => Assert.Throws<ArgumentOutOfRangeException>(() => CandidatePriority.Compute(type, localPreference, componentId));

    [Fact]
    public void Compute_PeerReflexive_IsAboveServerReflexiveAndBelowHost()
    {
        Assert.True(CandidatePriority.Compute(CandidateType.PeerReflexive, 0, 256) > CandidatePriority.Compute(CandidateType.ServerReflexive, 65535, 1));
        Assert.True(CandidatePriority.Compute(CandidateType.PeerReflexive, 65535, 1) < CandidatePriority.Compute(CandidateType.Host, 0, 256));
    }

    [Theory]
    [InlineData(1u, 1u, 0x1_0000_0002)]
    [InlineData(2u, 1u, 0x1_0000_0005)]
    [InlineData(1u, 2u, 0x1_0000_0004)]
    [InlineData(2147483647u, 2147483647u, 0x7FFF_FFFF_FFFF_FFFE)]
    [InlineData(2147483647u, 2147483646u, 0x7FFF_FFFE_FFFF_FFFF)]
    public void ComputePair_KnownInput_GivesFormula(uint controlling, uint controlled, ulong priority)
        => Assert.Equal(priority, CandidatePriority.ComputePair(controlling, controlled));

    [Fact]
    public void ComputePair_TheWorseCandidateCountsFirst()
    {
        var random = new SeededRandom(3);
        for (int i = 0; i < 10_000; i++)
        {
            (uint a, uint b, uint c, uint d) = (Draw(), Draw(), Draw(), Draw());
            if (Math.Min(a, b) > Math.Min(c, d))
            {
                Assert.True(CandidatePriority.ComputePair(a, b) > CandidatePriority.ComputePair(c, d));
            }
        }

        uint Draw() => 1 + (uint)random.Next(int.MaxValue);
    }

    [Fact]
    public void ComputePair_AboveRange_IsTheCallersMistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CandidatePriority.ComputePair(1u << 31, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => CandidatePriority.ComputePair(1, 1u << 31));
    }

    /// <summary>RFC 6544 section 4.2.</summary>
    [Fact]
    public void Compute_Tcp_IsBelowUdpAndAboveRelays()
    {
        foreach (CandidateType type in (CandidateType[])[CandidateType.Host, CandidateType.PeerReflexive, CandidateType.ServerReflexive])
        {
            uint best = CandidatePriority.Compute(type, CandidateTransport.Tcp, 65535, 1);
            Assert.True(best < CandidatePriority.Compute(CandidateType.ServerReflexive, CandidateTransport.Udp, 0, 256));
            Assert.True(CandidatePriority.Compute(type, CandidateTransport.Tcp, 0, 256) > CandidatePriority.Compute(CandidateType.Relayed, 65535, 1));
        }

        Assert.True(CandidatePriority.TypePreference(CandidateType.Host, CandidateTransport.Tcp) > CandidatePriority.TypePreference(CandidateType.PeerReflexive, CandidateTransport.Tcp));
        Assert.Equal(CandidatePriority.Compute(CandidateType.Host, 7, 1), CandidatePriority.Compute(CandidateType.Host, CandidateTransport.Udp, 7, 1));
    }
}
