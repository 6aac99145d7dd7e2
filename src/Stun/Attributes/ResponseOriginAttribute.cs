namespace Stack.Stun;

/// <summary>RESPONSE-ORIGIN: where the server sent the response from (RFC 5780 section 7.3).</summary>
public static class ResponseOriginAttribute
{
    /// <summary>Reads RESPONSE-ORIGIN.</summary>
    /// <param name="message">The message.</param>
    /// <param name="address">The address; the default value unless the attribute is present and well formed.</param>
    public static StunAttributeStatus ReadResponseOrigin(this scoped in StunMessage message, out TransportAddress address)
        => AddressValue.Read(message, StunAttributeType.ResponseOrigin, out address);

    /// <summary>Adds RESPONSE-ORIGIN.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="address">An IPv4 or IPv6 endpoint; a scope id does not go onto the wire.</param>
    /// <exception cref="System.ArgumentException">The address is the default value, or the buffer is too small.</exception>
    public static void AddResponseOrigin(this ref StunMessageWriter writer, TransportAddress address)
        => AddressValue.Add(ref writer, StunAttributeType.ResponseOrigin, address);
}
