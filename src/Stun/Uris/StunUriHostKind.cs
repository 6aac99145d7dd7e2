namespace Stack.Stun;

/// <summary>What the host of a <see cref="StunUri"/> is, and so whether there is anything to resolve.</summary>
public enum StunUriHostKind
{
    /// <summary>A domain name.</summary>
    Name,

    /// <summary>An IPv4 address in dotted decimal form without leading zeros.</summary>
    IPv4,

    /// <summary>An IPv6 address, without the brackets that surround it in the URI.</summary>
    IPv6,
}
