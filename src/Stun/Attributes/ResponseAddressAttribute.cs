namespace Stack.Stun;

/// <summary>RESPONSE-ADDRESS: where a classic client wants the answer sent (RFC 3489 section 11.2.2).</summary>
/// <remarks>A server that honours it is a reflector; ours refuses.</remarks>
public static class ResponseAddressAttribute
{
    /// <summary>Reads RESPONSE-ADDRESS.</summary>
    /// <param name="message">The message.</param>
    /// <param name="address">The address; the default value unless the attribute is present and well formed.</param>
    public static StunAttributeStatus ReadResponseAddress(this scoped in StunMessage message, out TransportAddress address)
        => AddressValue.Read(message, StunAttributeType.ResponseAddress, out address);

    /// <summary>Adds RESPONSE-ADDRESS.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="address">An IPv4 or IPv6 endpoint; a scope id does not go onto the wire.</param>
    /// <exception cref="System.ArgumentException">The address is the default value, or the buffer is too small.</exception>
    public static void AddResponseAddress(this ref StunMessageWriter writer, TransportAddress address)
        => AddressValue.Add(ref writer, StunAttributeType.ResponseAddress, address);
}
