using System;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>A socket of a shared port, with the loop that hands datagrams to the agents behind it. It never waits for one of them.</summary>
internal sealed class SharedSocket(DatagramSocket socket, IceUdpPort port) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private ReflexiveOutcome? _reflexive;
    private int _isProbing;

    public PortDirectory Directory { get; } = new();

    /// <summary>The mapped address of the socket, which is the same for all agents behind it.</summary>
    public ReflexiveOutcome? Reflexive
    {
        get
        {
            lock (_gate)
            {
                return _reflexive;
            }
        }

        set
        {
            lock (_gate)
            {
                _reflexive = value;
            }
        }
    }

    public TransportAddress Local => socket.Local;

    public void Start() => socket.Start(Dispatch);

    public bool Send(ReadOnlySpan<byte> datagram, TransportAddress destination) => socket.Send(datagram, destination);

    /// <summary>Whether the caller is the one that asks servers for all; until it is released.</summary>
    public bool TryClaimProbing() => Interlocked.CompareExchange(ref _isProbing, 1, 0) == 0;

    public void ReleaseProbing() => Volatile.Write(ref _isProbing, 0);

    public ValueTask DisposeAsync() => socket.DisposeAsync();

    /// <summary>Hands a datagram to whom it is for. Allocates nothing.</summary>
    public void Dispatch(TransportAddress source, ReadOnlySpan<byte> datagram)
    {
        if (UsernameFragments.TryRead(datagram, out UsernameFragments fragments))
        {
            if (Directory.Find(fragments.Receiver) is { } agent)
            {
                agent.Deliver(source, datagram);
            }
            else
            {
                port.NoteStranger(fragments, source);
            }

            return;
        }

        if (Directory.Find(source) is not { } agents)
        {
            port.NoteStray();
            return;
        }

        // Mostly it is one. Several are sessions with one socket of the peer, which only they can tell apart.
        foreach (SharedBase one in agents)
        {
            if (IsTaken(one.Deliver(source, datagram)))
            {
                return;
            }
        }
    }

    private static bool IsTaken(IceDisposition? disposition)
        => disposition is IceDisposition.Taken or IceDisposition.ApplicationData;
}
