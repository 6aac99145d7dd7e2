using System.Net;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>The local addresses of several sources: all the same, or one after the other.</summary>
/// <param name="first">The first one.</param>
/// <param name="count">How many sources.</param>
/// <param name="isSpread">Whether each has an address of its own. All of 127.0.0.0/8 is there on Linux without being configured.</param>
internal sealed class SourceAddresses(IPAddress first, int count, bool isSpread)
{
    public int Count => count;

    public IPAddress this[int index]
    {
        get
        {
            var address = TransportAddress.FromIPAddress(first, 0);
            if (!isSpread)
            {
                return first;
            }

            return address.Family == StunAddressFamily.IPv4
                ? TransportAddress.FromIPv4((uint)address.Bits + (uint)index, 0).ToIPAddress()
                : TransportAddress.FromIPv6(address.Bits + (uint)index, 0, address.ScopeId).ToIPAddress();
        }
    }
}
