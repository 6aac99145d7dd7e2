using Stack.Stun;

namespace Stack.Turn;

/// <summary>XOR-RELAYED-ADDRESS: the address and port that the server allocated to the client (RFC 8656 section 18.5); encoded as XOR-MAPPED-ADDRESS is.</summary>
public static class XorRelayedAddressAttribute
{
    /// <summary>Reads the first XOR-RELAYED-ADDRESS.</summary>
    /// <param name="message">The message.</param>
    /// <param name="address">The address; the default value unless the attribute is present and well formed.</param>
    public static StunAttributeStatus ReadXorRelayedAddress(this scoped in StunMessage message, out TransportAddress address)
        => AddressValue.ReadXored(message, StunAttributeType.XorRelayedAddress, out address);

    /// <summary>Adds XOR-RELAYED-ADDRESS.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="address">An IPv4 or IPv6 endpoint.</param>
    /// <exception cref="System.ArgumentException">The address is the default value, or the buffer is too small.</exception>
    public static void AddXorRelayedAddress(this ref StunMessageWriter writer, TransportAddress address)
        => AddressValue.AddXored(ref writer, StunAttributeType.XorRelayedAddress, address);
}
