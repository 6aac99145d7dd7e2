using Stack.Stun;

namespace Stack.Ice;

/// <summary>Kinds of addresses that candidates are told apart by.</summary>
internal static class AddressKinds
{
    /// <summary>169.254.0.0/16 and fe80::/10.</summary>
    public static bool IsLinkLocal(this TransportAddress address) => address.Family switch
    {
        StunAddressFamily.IPv4 => (uint)address.Bits >> 16 == 0xA9FE,
        StunAddressFamily.IPv6 => (ulong)(address.Bits >> 118) == 0x3FA,
        _ => false,
    };

    /// <summary>fec0::/10, which is deprecated.</summary>
    public static bool IsSiteLocal(this TransportAddress address) => address.Family == StunAddressFamily.IPv6 && (ulong)(address.Bits >> 118) == 0x3FB;

    /// <summary>Whether an address is one host's: not unspecified, multicast, broadcast or reserved, and no IPv4 address in an IPv6 one.</summary>
    public static bool IsUnicast(this TransportAddress address) => address.Family switch
    {
        StunAddressFamily.IPv4 => (uint)address.Bits >> 24 is not 0 and < 224,
        StunAddressFamily.IPv6 => (ulong)(address.Bits >> 120) != 0xFF && !address.IsUnspecified && address.Bits >> 32 != 0 && address.Unmapped == address,
        _ => false,
    };

    /// <summary>The ports that no check goes to: those of other services, which a hostile peer could name (all below 1024 but 80 and 443, and those of SIP).</summary>
    public static bool IsServicePort(int port) => port is (< 1024 and not 80 and not 443) or 5060 or 5061;
}
