namespace Stack.Stun;

/// <summary>XOR-MAPPED-ADDRESS: the reflexive transport address, XORed so that no NAT rewrites it (RFC 8489 section 14.2).</summary>
public static class XorMappedAddressAttribute
{
    /// <summary>Reads XOR-MAPPED-ADDRESS.</summary>
    /// <param name="message">The message.</param>
    /// <param name="address">The address; the default value unless the attribute is present and well formed.</param>
    public static StunAttributeStatus ReadXorMappedAddress(this scoped in StunMessage message, out TransportAddress address)
        => AddressValue.ReadXored(message, StunAttributeType.XorMappedAddress, out address);

    /// <summary>Adds XOR-MAPPED-ADDRESS.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="address">An IPv4 or IPv6 endpoint; a scope id does not go onto the wire.</param>
    /// <exception cref="System.ArgumentException">The address is the default value, or the buffer is too small.</exception>
    public static void AddXorMappedAddress(this ref StunMessageWriter writer, TransportAddress address)
        => AddressValue.AddXored(ref writer, StunAttributeType.XorMappedAddress, address);
}
