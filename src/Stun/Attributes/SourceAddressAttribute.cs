namespace Stack.Stun;

/// <summary>SOURCE-ADDRESS: where a classic server sent the response from (RFC 3489 section 11.2.5).</summary>
public static class SourceAddressAttribute
{
    /// <summary>Reads SOURCE-ADDRESS.</summary>
    /// <param name="message">The message.</param>
    /// <param name="address">The address; the default value unless the attribute is present and well formed.</param>
    public static StunAttributeStatus ReadSourceAddress(this scoped in StunMessage message, out TransportAddress address)
        => AddressValue.Read(message, StunAttributeType.SourceAddress, out address);

    /// <summary>Adds SOURCE-ADDRESS.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="address">An IPv4 or IPv6 endpoint; a scope id does not go onto the wire.</param>
    /// <exception cref="System.ArgumentException">The address is the default value, or the buffer is too small.</exception>
    public static void AddSourceAddress(this ref StunMessageWriter writer, TransportAddress address)
        => AddressValue.Add(ref writer, StunAttributeType.SourceAddress, address);
}
