namespace Stack.Stun;

/// <summary>REFLECTED-FROM: who asked a classic server to send the response here (RFC 3489 section 11.2.11).</summary>
public static class ReflectedFromAttribute
{
    /// <summary>Reads REFLECTED-FROM.</summary>
    /// <param name="message">The message.</param>
    /// <param name="address">The address; the default value unless the attribute is present and well formed.</param>
    public static StunAttributeStatus ReadReflectedFrom(this scoped in StunMessage message, out TransportAddress address)
        => AddressValue.Read(message, StunAttributeType.ReflectedFrom, out address);

    /// <summary>Adds REFLECTED-FROM.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="address">An IPv4 or IPv6 endpoint; a scope id does not go onto the wire.</param>
    /// <exception cref="System.ArgumentException">The address is the default value, or the buffer is too small.</exception>
    public static void AddReflectedFrom(this ref StunMessageWriter writer, TransportAddress address)
        => AddressValue.Add(ref writer, StunAttributeType.ReflectedFrom, address);
}
