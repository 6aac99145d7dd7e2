using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// ADDITIONAL-ADDRESS-FAMILY: asks for a relayed address of each family (RFC 8656 section 18.11).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     Family    |            Reserved                           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
public static class AdditionalAddressFamilyAttribute
{
    /// <summary>Reads ADDITIONAL-ADDRESS-FAMILY; any length but four is malformed, the reserved bits are ignored.</summary>
    /// <param name="message">The message.</param>
    /// <param name="family">The family as received: it need not be IPv4 or IPv6.</param>
    public static StunAttributeStatus ReadAdditionalAddressFamily(this scoped in StunMessage message, out StunAddressFamily family)
    {
        family = StunAddressFamily.None;
        StunAttributeStatus status = WordValue.Read(message, StunAttributeType.AdditionalAddressFamily, out uint word);
        family = (StunAddressFamily)(word >> 24);
        return status;
    }

    /// <summary>Adds ADDITIONAL-ADDRESS-FAMILY.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="family">The family.</param>
    /// <exception cref="System.ArgumentException">The buffer is too small.</exception>
    public static void AddAdditionalAddressFamily(this ref StunMessageWriter writer, StunAddressFamily family)
        => writer.AddUInt32(StunAttributeType.AdditionalAddressFamily, (uint)family << 24);
}
