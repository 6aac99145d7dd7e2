namespace Stack.Stun;

/// <summary>CHANGED-ADDRESS: the other address and port of a classic server (RFC 3489 section 11.2.3).</summary>
public static class ChangedAddressAttribute
{
    /// <summary>Reads CHANGED-ADDRESS.</summary>
    /// <param name="message">The message.</param>
    /// <param name="address">The address; the default value unless the attribute is present and well formed.</param>
    public static StunAttributeStatus ReadChangedAddress(this scoped in StunMessage message, out TransportAddress address)
        => AddressValue.Read(message, StunAttributeType.ChangedAddress, out address);

    /// <summary>Adds CHANGED-ADDRESS.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="address">An IPv4 or IPv6 endpoint; a scope id does not go onto the wire.</param>
    /// <exception cref="System.ArgumentException">The address is the default value, or the buffer is too small.</exception>
    public static void AddChangedAddress(this ref StunMessageWriter writer, TransportAddress address)
        => AddressValue.Add(ref writer, StunAttributeType.ChangedAddress, address);
}
