using System;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>What an agent sends from: a socket of its own, a share of one, an allocation, or the TCP connections of one address.</summary>
internal abstract class IceBase : IAsyncDisposable
{
    /// <summary>The agent's number for it.</summary>
    public required int Id { get; init; }

    public required int Stream { get; init; }

    public required int ComponentId { get; init; }

    /// <summary>The transport address, without a zone, as candidates have it.</summary>
    public required TransportAddress Local { get; init; }

    /// <summary>The local preference of candidates of this base.</summary>
    public int Preference { get; init; }

    /// <summary>The questions to STUN servers from here; null where none can be asked.</summary>
    public ReflexiveProbes? Probes { get; init; }

    /// <summary>What carries the packets to the peer.</summary>
    public virtual StunTransport Transport => StunTransport.Udp;

    /// <summary>Sends at once or drops; never waits.</summary>
    /// <returns>False where the network refuses this destination.</returns>
    public abstract bool Send(ReadOnlySpan<byte> packet, TransportAddress destination);

    /// <summary>The agent has sent a request to this address, so that answers and data are to be expected from it.</summary>
    public virtual void Expect(TransportAddress destination)
    {
    }

    /// <summary>Closes it without waiting for the network.</summary>
    public abstract ValueTask DisposeAsync();
}
