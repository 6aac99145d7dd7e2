namespace Stack.Turn;

/// <summary>Why a text is no network in CIDR notation.</summary>
public enum AddressPrefixStatus : byte
{
    /// <summary>It is one.</summary>
    Valid,

    /// <summary>What stands in front of the slash is no address, or has a zone.</summary>
    MalformedAddress,

    /// <summary>What stands behind the slash is no plain number of at most 32, or 128 for IPv6.</summary>
    MalformedLength,

    /// <summary>Bits are set behind the prefix: <c>10.0.0.1/8</c>. Either the address or the length is not what was meant.</summary>
    HostBits,
}
