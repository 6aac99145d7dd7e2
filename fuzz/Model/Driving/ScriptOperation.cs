namespace Stack.Fuzz.Model;

/// <summary>The first byte of an operation in a script for the TURN server, modulo their number.</summary>
public enum ScriptOperation : byte
{
    /// <summary>Bytes as they are: client, length, bytes.</summary>
    Raw,

    /// <summary>A request with credentials: client, method, manner, number of attributes, attributes.</summary>
    Request,

    /// <summary>The same once more, since most of a script is requests.</summary>
    RequestToo,

    /// <summary>The client's last message again: client.</summary>
    Again,

    /// <summary>The client's last message with a byte changed: client, position (2), value.</summary>
    Mutated,

    /// <summary>A Send indication: client, peer, number of attributes, attributes, length of the data.</summary>
    Send,

    /// <summary>ChannelData: client, channel, stated length, length.</summary>
    ChannelData,

    /// <summary>A datagram at a relay: relay, peer, length.</summary>
    PeerDatagram,

    /// <summary>An ICMP error: relay, peer, type, code.</summary>
    Icmp,

    /// <summary>A peer's connection at a relay: relay, peer.</summary>
    Accept,

    /// <summary>A connection that stands: connection.</summary>
    Connected,

    /// <summary>One that does not: connection.</summary>
    ConnectFailed,

    /// <summary>One that is over: connection.</summary>
    PeerClosed,

    /// <summary>The end of a client's connection: client.</summary>
    ClientClosed,

    /// <summary>Time: 0 a little, 1 seconds, 2 minutes, 3 to the next deadline, 4 to one tick before it, 5 beyond it without a word; amount.</summary>
    Time,

    /// <summary>No new allocations: loop.</summary>
    Drain,
}
