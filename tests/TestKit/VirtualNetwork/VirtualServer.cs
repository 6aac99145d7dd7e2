using System.Collections.Generic;
using Stack.Stun;

namespace Stack.TestKit;

/// <summary>A host on the virtual internet that answers datagrams.</summary>
public abstract class VirtualServer(params TransportAddress[] endpoints)
{
    /// <summary>Where it listens.</summary>
    public IReadOnlyList<TransportAddress> Endpoints { get; } = endpoints;

    /// <summary>How many datagrams have reached it.</summary>
    public int Received { get; private set; }

    public IEnumerable<VirtualDatagram> Receive(VirtualDatagram datagram, Instant now)
    {
        Received++;
        return Answer(datagram, now);
    }

    protected abstract IEnumerable<VirtualDatagram> Answer(VirtualDatagram datagram, Instant now);
}
