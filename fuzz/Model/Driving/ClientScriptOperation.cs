namespace Stack.Fuzz.Model;

/// <summary>The first byte of an operation in a script for the TURN client, modulo their number.</summary>
public enum ClientScriptOperation : byte
{
    /// <summary>A response: request counted from the last, code, manner, number of attributes, attributes.</summary>
    Respond,

    /// <summary>The same once more, since a client lives on responses.</summary>
    RespondToo,

    /// <summary>A Data indication: peer, number of attributes, attributes, length.</summary>
    Data,

    /// <summary>An indication: method, number of attributes, attributes.</summary>
    Indication,

    /// <summary>ChannelData: channel, stated length, length.</summary>
    ChannelData,

    /// <summary>Bytes as they are: length, bytes.</summary>
    Raw,

    /// <summary>The last message with a byte changed: position (2), value.</summary>
    Mutated,

    /// <summary>The last message from another port.</summary>
    FromElsewhere,

    /// <summary>Time: 0 a little, 1 seconds, 2 minutes, 3 to the next deadline, 4 to one tick before it; amount.</summary>
    Time,

    /// <summary>A command of the caller: which, peer, what it needs.</summary>
    Command,

    /// <summary>The same once more.</summary>
    CommandToo,

    /// <summary>A data connection and its answer: code, manner.</summary>
    DataConnection,
}
