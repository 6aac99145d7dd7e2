using Stack.Stun;

namespace Stack.Transport;

/// <summary>One address of one network interface, as the system reports it.</summary>
public sealed record IceInterfaceAddress
{
    /// <summary>The name of the interface, such as <c>eth0</c>.</summary>
    public required string InterfaceName { get; init; }

    /// <summary>The address; port 0. A link-local IPv6 address has its zone.</summary>
    public required TransportAddress Address { get; init; }

    /// <summary>The length of the network's prefix in bits; 0 where it is not known.</summary>
    public int PrefixLength { get; init; }

    /// <summary>Whether it is a temporary IPv6 address (RFC 8981), which prevents tracking.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>Whether it may not be used for anything new: deprecated, tentative, or a duplicate of another host's.</summary>
    public bool IsUnusable { get; init; }

    /// <summary>Whether the interface is a tunnel, such as a VPN, or point-to-point.</summary>
    public bool IsTunnel { get; init; }

    /// <summary>Whether the interface is a radio one.</summary>
    public bool IsWireless { get; init; }

    /// <summary>Whether it is a link-local address.</summary>
    public bool IsLinkLocal => Address.Family == StunAddressFamily.IPv6
        ? (ulong)(Address.Bits >> 118) == 0xFE80 >> 6
        : (uint)(Address.Bits >> 16) == 0xA9FE;
}
