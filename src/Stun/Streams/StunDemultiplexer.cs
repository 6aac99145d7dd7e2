using System;

namespace Stack.Stun;

/// <summary>Tells the protocols on one port apart by the first byte of a datagram (RFC 7983 section 7, RFC 9443 section 3).</summary>
public static class StunDemultiplexer
{
    /// <summary>Says which protocol a datagram belongs to. It may still not be a well-formed message of that protocol.</summary>
    /// <param name="datagram">The bytes received.</param>
    /// <param name="turn">Whether TURN channels are in use on the port; 64 to 79 is QUIC otherwise.</param>
    public static StunPacketKind Classify(ReadOnlySpan<byte> datagram, bool turn = true)
    {
        if (datagram.IsEmpty)
        {
            return StunPacketKind.Unknown;
        }

        return datagram[0] switch
        {
            <= 3 => StunPacketKind.Stun,
            < 16 => StunPacketKind.Unknown,
            <= 19 => StunPacketKind.Zrtp,
            <= 63 => StunPacketKind.Dtls,
            <= 79 => turn ? StunPacketKind.ChannelData : StunPacketKind.Quic,
            <= 127 => StunPacketKind.Quic,
            <= 191 => StunPacketKind.Rtp,
            _ => StunPacketKind.Quic,
        };
    }
}
