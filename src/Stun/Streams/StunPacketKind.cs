namespace Stack.Stun;

/// <summary>The protocols that share a port with STUN, told apart by their first byte (RFC 7983, RFC 9443).</summary>
public enum StunPacketKind : byte
{
    /// <summary>Nothing of the list.</summary>
    Unknown,

    /// <summary>STUN: 0 to 3.</summary>
    Stun,

    /// <summary>ZRTP: 16 to 19.</summary>
    Zrtp,

    /// <summary>DTLS: 20 to 63.</summary>
    Dtls,

    /// <summary>A TURN ChannelData message: 64 to 79, on a port where TURN runs.</summary>
    ChannelData,

    /// <summary>QUIC: 80 to 127 and 192 to 255; 64 to 79 too where no TURN runs.</summary>
    Quic,

    /// <summary>RTP or RTCP: 128 to 191.</summary>
    Rtp,
}
