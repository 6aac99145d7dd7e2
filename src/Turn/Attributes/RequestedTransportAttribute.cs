using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// REQUESTED-TRANSPORT: the protocol between server and peers (RFC 8656 section 18.8, RFC 6062 section 4.1).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |    Protocol   |                    RFFU                       |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
public static class RequestedTransportAttribute
{
    /// <summary>Reads REQUESTED-TRANSPORT; any length but four is malformed, the reserved bits are ignored.</summary>
    /// <param name="message">The message.</param>
    /// <param name="protocol">The protocol number as received: it need not be UDP or TCP.</param>
    public static StunAttributeStatus ReadRequestedTransport(this scoped in StunMessage message, out RelayProtocol protocol)
    {
        StunAttributeStatus status = WordValue.Read(message, StunAttributeType.RequestedTransport, out uint word);
        protocol = (RelayProtocol)(word >> 24);
        return status;
    }

    /// <summary>Adds REQUESTED-TRANSPORT.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="protocol">The protocol.</param>
    /// <exception cref="System.ArgumentException">The buffer is too small.</exception>
    public static void AddRequestedTransport(this ref StunMessageWriter writer, RelayProtocol protocol)
        => writer.AddUInt32(StunAttributeType.RequestedTransport, (uint)protocol << 24);
}
