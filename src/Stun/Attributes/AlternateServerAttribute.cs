namespace Stack.Stun;

/// <summary>ALTERNATE-SERVER: another server that the client should try (RFC 8489 section 14.15).</summary>
/// <remarks>Only to be followed where the response is authenticated (RFC 8489 section 14.8).</remarks>
public static class AlternateServerAttribute
{
    /// <summary>Reads ALTERNATE-SERVER.</summary>
    /// <param name="message">The message.</param>
    /// <param name="address">The address; the default value unless the attribute is present and well formed.</param>
    public static StunAttributeStatus ReadAlternateServer(this scoped in StunMessage message, out TransportAddress address)
        => AddressValue.Read(message, StunAttributeType.AlternateServer, out address);

    /// <summary>Adds ALTERNATE-SERVER.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="address">An IPv4 or IPv6 endpoint; a scope id does not go onto the wire.</param>
    /// <exception cref="System.ArgumentException">The address is the default value, or the buffer is too small.</exception>
    public static void AddAlternateServer(this ref StunMessageWriter writer, TransportAddress address)
        => AddressValue.Add(ref writer, StunAttributeType.AlternateServer, address);
}
