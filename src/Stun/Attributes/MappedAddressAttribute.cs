namespace Stack.Stun;

/// <summary>MAPPED-ADDRESS: the reflexive transport address, for peers of RFC 3489 and for the ALG test of RFC 5780 section 3.6 (RFC 8489 section 14.1).</summary>
/// <remarks>Prefer XOR-MAPPED-ADDRESS: some NATs rewrite addresses that they find in the clear.</remarks>
public static class MappedAddressAttribute
{
    /// <summary>Reads MAPPED-ADDRESS.</summary>
    /// <param name="message">The message.</param>
    /// <param name="address">The address; the default value unless the attribute is present and well formed.</param>
    public static StunAttributeStatus ReadMappedAddress(this scoped in StunMessage message, out TransportAddress address)
        => AddressValue.Read(message, StunAttributeType.MappedAddress, out address);

    /// <summary>Adds MAPPED-ADDRESS.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="address">An IPv4 or IPv6 endpoint; a scope id does not go onto the wire.</param>
    /// <exception cref="System.ArgumentException">The address is the default value, or the buffer is too small.</exception>
    public static void AddMappedAddress(this ref StunMessageWriter writer, TransportAddress address)
        => AddressValue.Add(ref writer, StunAttributeType.MappedAddress, address);
}
