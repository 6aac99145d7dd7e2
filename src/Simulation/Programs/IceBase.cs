using System;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>What an agent sends from: a socket, an end for TCP connections, or an allocation.</summary>
internal abstract class IceBase(VirtualIceAgent owner, int id, int stream, int component) : IDisposable
{
    public VirtualIceAgent Owner { get; } = owner;

    public int Id { get; } = id;

    public int Stream { get; } = stream;

    public int Component { get; } = component;

    /// <summary>The address of the interface that it depends on.</summary>
    public abstract TransportAddress Interface { get; }

    /// <returns>False where the host refuses to send.</returns>
    public abstract bool Send(TransportAddress destination, ReadOnlySpan<byte> message, bool isCheck);

    public abstract void Dispose();
}
