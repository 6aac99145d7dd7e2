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

    /// <summary>Whether an address is private: 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 (RFC 1918), 100.64.0.0/10 (RFC 6598), and fc00::/7 (RFC 4193).</summary>
    public static bool IsPrivateUse(this TransportAddress address) => address.Family switch
    {
        StunAddressFamily.IPv4 => (uint)address.Bits >> 24 == 10 || (uint)address.Bits >> 20 == 0xAC1 || (uint)address.Bits >> 16 == 0xC0A8 || (uint)address.Bits >> 22 == 0x191,
        StunAddressFamily.IPv6 => (ulong)(address.Bits >> 121) == 0x7E,
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
