namespace Stack.Stun;

/// <summary>OTHER-ADDRESS: the address and port that "change IP" and "change port" would answer from (RFC 5780 section 7.4).</summary>
public static class OtherAddressAttribute
{
    /// <summary>Reads OTHER-ADDRESS.</summary>
    /// <param name="message">The message.</param>
    /// <param name="address">The address; the default value unless the attribute is present and well formed.</param>
    public static StunAttributeStatus ReadOtherAddress(this scoped in StunMessage message, out TransportAddress address)
        => AddressValue.Read(message, StunAttributeType.OtherAddress, out address);

    /// <summary>Adds OTHER-ADDRESS.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="address">An IPv4 or IPv6 endpoint; a scope id does not go onto the wire.</param>
    /// <exception cref="System.ArgumentException">The address is the default value, or the buffer is too small.</exception>
    public static void AddOtherAddress(this ref StunMessageWriter writer, TransportAddress address)
        => AddressValue.Add(ref writer, StunAttributeType.OtherAddress, address);
}
