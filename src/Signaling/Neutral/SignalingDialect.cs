namespace Stack.Signaling;

/// <summary>How a peer speaks with the server. Peers of all dialects meet in the same sessions.</summary>
public enum SignalingDialect
{
    /// <summary>Our own, <c>docs/signaling.md</c>: joins by a word, addresses by number, resumes.</summary>
    Own,

    /// <summary>VILLASnode's <c>webrtc</c> node: no addresses, two peers of a session are connected.</summary>
    Villas,

    /// <summary>libdatachannel's and node-datachannel's examples: addresses by a name that the peer chose.</summary>
    LibDataChannel,

    /// <summary>The lecture's: <c>messageType</c>, forwarded to the others.</summary>
    Lecture,

    /// <summary>PeerJS: addresses by a name, waits for absent peers.</summary>
    PeerJs,
}
