using Stack.Stun;

namespace Stack.Turn;

/// <summary>XOR-PEER-ADDRESS: the peer's address and port as the server sees them (RFC 8656 section 18.3); encoded as XOR-MAPPED-ADDRESS is.</summary>
public static class XorPeerAddressAttribute
{
    /// <summary>Reads the first XOR-PEER-ADDRESS.</summary>
    /// <param name="message">The message.</param>
    /// <param name="address">The address; the default value unless the attribute is present and well formed.</param>
    public static StunAttributeStatus ReadXorPeerAddress(this scoped in StunMessage message, out TransportAddress address)
        => AddressValue.ReadXored(message, StunAttributeType.XorPeerAddress, out address);

    /// <summary>Adds XOR-PEER-ADDRESS.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="address">An IPv4 or IPv6 endpoint.</param>
    /// <exception cref="System.ArgumentException">The address is the default value, or the buffer is too small.</exception>
    public static void AddXorPeerAddress(this ref StunMessageWriter writer, TransportAddress address)
        => AddressValue.AddXored(ref writer, StunAttributeType.XorPeerAddress, address);
}
