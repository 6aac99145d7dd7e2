using System.Linq;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class StunDemultiplexerTests
{
    // Figure 3 of RFC 7983 as RFC 9443 section 3 replaces it.
    [Theory]
    [InlineData(0, 3, StunPacketKind.Stun, StunPacketKind.Stun)]
    [InlineData(4, 15, StunPacketKind.Unknown, StunPacketKind.Unknown)]
    [InlineData(16, 19, StunPacketKind.Zrtp, StunPacketKind.Zrtp)]
    [InlineData(20, 63, StunPacketKind.Dtls, StunPacketKind.Dtls)]
    [InlineData(64, 79, StunPacketKind.ChannelData, StunPacketKind.Quic)]
    [InlineData(80, 127, StunPacketKind.Quic, StunPacketKind.Quic)]
    [InlineData(128, 191, StunPacketKind.Rtp, StunPacketKind.Rtp)]
    [InlineData(192, 255, StunPacketKind.Quic, StunPacketKind.Quic)]
    public void Classify_FirstByte_IsTheProtocolOfTheFigure(int first, int last, StunPacketKind fromTurnServer, StunPacketKind fromOther)
    {
        foreach (byte value in Enumerable.Range(first, last - first + 1).Select(value => (byte)value))
        {
            Assert.Equal(fromTurnServer, StunDemultiplexer.Classify([value]));
            Assert.Equal(fromTurnServer, StunDemultiplexer.Classify([value, 0xFF], turn: true));
            Assert.Equal(fromOther, StunDemultiplexer.Classify([value, 0x00, 0x21], turn: false));
        }
    }

    [Fact]
    public void Classify_NoBytes_IsNothing()
    {
        Assert.Equal(StunPacketKind.Unknown, StunDemultiplexer.Classify([]));
        Assert.Equal(StunPacketKind.Unknown, StunDemultiplexer.Classify(default, turn: false));
    }
}
