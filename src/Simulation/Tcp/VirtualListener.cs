using System;

namespace Stack.Simulation;

/// <summary>Accepts TCP connections on a port of a host.</summary>
public sealed class VirtualListener : IDisposable
{
    private int _pending;

    internal VirtualListener(VirtualHost host, Stun.TransportAddress local)
    {
        Host = host;
        Local = local;
    }

    /// <summary>The host.</summary>
    public VirtualHost Host { get; }

    /// <summary>Where it listens.</summary>
    public Stun.TransportAddress Local { get; }

    /// <summary>Takes a connection whose handshake is over; without a handler it is reset.</summary>
    public Action<VirtualConnection>? Accepted { get; set; }

    /// <summary>How many handshakes can be under way at once; what comes when so many are is refused. 128 by default.</summary>
    public int Backlog { get; set; } = 128;

    internal bool HasRoom => _pending < Backlog;

    /// <summary>Listens no more; connections stay.</summary>
    public void Dispose()
    {
        Accepted = null;
        Host.Forget(this);
    }

    internal void NoteStarted() => _pending++;

    internal void NoteFailed() => _pending--;

    internal void Accept(VirtualConnection connection)
    {
        _pending--;
        if (Accepted is { } accepted)
        {
            accepted(connection);
        }
        else
        {
            connection.Abort();
        }
    }
}
