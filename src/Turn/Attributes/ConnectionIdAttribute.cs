using Stack.Stun;

namespace Stack.Turn;

/// <summary>CONNECTION-ID: names a connection between server and peer (RFC 6062 section 6.2.1).</summary>
public static class ConnectionIdAttribute
{
    /// <summary>Reads CONNECTION-ID; any length but four is malformed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="id">The id.</param>
    public static StunAttributeStatus ReadConnectionId(this scoped in StunMessage message, out ConnectionId id)
    {
        StunAttributeStatus status = WordValue.Read(message, StunAttributeType.ConnectionId, out uint word);
        id = new ConnectionId(word);
        return status;
    }

    /// <summary>Adds CONNECTION-ID.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="id">The id.</param>
    /// <exception cref="System.ArgumentException">The buffer is too small.</exception>
    public static void AddConnectionId(this ref StunMessageWriter writer, ConnectionId id)
        => writer.AddUInt32(StunAttributeType.ConnectionId, id.Value);
}
