using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>One agent's share of a socket that many agents use.</summary>
internal sealed class SharedBase(SharedSocket socket, IceDriver driver) : IceBase
{
    // The old session is alive until the new one has a path, and its peer still sends the old name.
    private const int MaxFragments = 2;

    private readonly List<string> _fragments = [];

    /// <summary>The fragments that it is known by; guarded by the directory's use alone.</summary>
    public IReadOnlyList<string> Fragments => _fragments;

    /// <summary>The directory's.</summary>
    public HashSet<TransportAddress> Sources { get; } = [];

    /// <summary>The directory's.</summary>
    public Queue<TransportAddress> SourceOrder { get; } = new();

    /// <summary>The directory's.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Makes it known by a fragment, beside the one before.</summary>
    /// <returns>False where another agent has that fragment.</returns>
    public bool TryName(string fragment)
    {
        if (_fragments.Contains(fragment))
        {
            return true;
        }

        if (!socket.Directory.TryAdd(fragment, this))
        {
            return false;
        }

        _fragments.Add(fragment);
        if (_fragments.Count > MaxFragments)
        {
            socket.Directory.Remove(_fragments[0], this);
            _fragments.RemoveAt(0);
        }

        return true;
    }

    public IceDisposition? Deliver(TransportAddress source, ReadOnlySpan<byte> datagram) => driver.Deliver(Id, source, datagram);

    public override bool Send(ReadOnlySpan<byte> packet, TransportAddress destination) => socket.Send(packet, destination);

    public override void Expect(TransportAddress destination) => socket.Directory.Expect(destination, this);

    /// <summary>What a server has said about the socket, whoever asked; null before.</summary>
    public ReflexiveOutcome? Reflexive
    {
        get => socket.Reflexive;
        set => socket.Reflexive = value;
    }

    public override ValueTask DisposeAsync()
    {
        socket.Directory.Remove(this);
        if (Probes is not null)
        {
            socket.ReleaseProbing();
        }

        return ValueTask.CompletedTask;
    }
}
