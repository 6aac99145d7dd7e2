using System;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Carries multicast DNS messages on the links of this host.</summary>
internal interface IMdnsLink
{
    /// <summary>Sends to everybody on the link.</summary>
    /// <returns>False where there is no link that takes it.</returns>
    bool SendToAll(ReadOnlySpan<byte> message);

    /// <summary>Sends to one.</summary>
    void Send(ReadOnlySpan<byte> message, TransportAddress destination);

    /// <summary>Whether a host is on a link of ours; answers from elsewhere are not believed (RFC 6762 section 11).</summary>
    bool IsOnLink(TransportAddress source);
}
