using Stack.Stun;

namespace Stack.Transport;

/// <summary>Addresses that the internet does not route: loopback, link-local, private (RFC 1918, RFC 4193) and shared (RFC 6598) ones.</summary>
internal static class PrivateAddresses
{
    public static bool Contains(TransportAddress address)
    {
        if (address.IsLoopback)
        {
            return true;
        }

        if (address.Family == StunAddressFamily.IPv6)
        {
            ulong high = (ulong)(address.Bits >> 64);
            return high >> 57 == 0xFC >> 1 || high >> 54 == 0xFE80 >> 6;
        }

        uint bits = (uint)address.Bits;
        return bits >> 24 == 10
            || bits >> 20 == 0xAC1
            || bits >> 16 == 0xC0A8
            || bits >> 16 == 0xA9FE
            || bits >> 22 == 0x6440 >> 6;
    }
}
