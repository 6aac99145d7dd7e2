namespace Stack.Turn;

/// <summary>What an ICMP packet says of a datagram to a peer (RFC 8656 section 18.13).</summary>
/// <param name="Type">The ICMPv4 or ICMPv6 type, by the family of the peer.</param>
/// <param name="Code">The code.</param>
/// <param name="ErrorData">
/// The MTU of the next hop for "packet too big" (ICMPv6 type 2) and "fragmentation needed" (ICMPv4 type 3 code 4), in bytes; otherwise 0.
/// </param>
public readonly record struct IcmpError(byte Type, byte Code, uint ErrorData);
