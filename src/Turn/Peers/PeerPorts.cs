using System;
using System.Collections.Generic;

namespace Stack.Turn;

/// <summary>
/// The ports of peers that relays are abused for: those of system services, and a few above them that reflect or that firewalls interpret.
/// </summary>
internal sealed class PeerPorts
{
    private const int PortCount = 65536;
    private const int FirstFree = 1024;
    private const int WordBits = 64;

    private static readonly int[] Forbidden = [1900, 3702, 5060, 5061, 5353, 11211];

    private readonly ulong[] _forbidden = new ulong[PortCount / WordBits];

    public PeerPorts(IReadOnlyList<PortRange> allow)
    {
        for (int port = 0; port < FirstFree; port++)
        {
            // Media servers listen on these two, so that their clients get through firewalls.
            if (port is not (80 or 443))
            {
                Forbid(port);
            }
        }

        foreach (int port in Forbidden)
        {
            Forbid(port);
        }

        foreach (PortRange range in allow)
        {
            if (range.First < 1 || range.Last >= PortCount || range.First > range.Last)
            {
                throw new ArgumentException($"No range of ports: {range.First}-{range.Last}.", nameof(allow));
            }

            for (int port = range.First; port <= range.Last; port++)
            {
                _forbidden[port / WordBits] &= ~(1UL << (port % WordBits));
            }
        }
    }

    public bool IsForbidden(int port) => (_forbidden[port / WordBits] & (1UL << (port % WordBits))) != 0;

    private void Forbid(int port) => _forbidden[port / WordBits] |= 1UL << (port % WordBits);
}
