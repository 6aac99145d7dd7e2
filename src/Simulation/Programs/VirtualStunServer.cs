using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>The stack's Binding server on a host, over UDP: for server-reflexive addresses, and with two addresses for NAT behaviour discovery.</summary>
public sealed class VirtualStunServer : IDisposable
{
    private readonly BindingServer _server;
    private readonly Dictionary<TransportAddress, VirtualSocket> _sockets = [];
    private readonly byte[] _buffer = new byte[2048];

    /// <summary>Serves on one endpoint.</summary>
    /// <param name="host">The host.</param>
    /// <param name="local">An address of the host, and a port.</param>
    /// <param name="options">The options; null for the defaults.</param>
    public VirtualStunServer(VirtualHost host, TransportAddress local, BindingServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(host);
        _server = new BindingServer(options);
        Open(host, local);
    }

    /// <summary>Serves on the four endpoints that discovery needs (RFC 5780 section 6).</summary>
    /// <param name="host">The host, which has both addresses.</param>
    /// <param name="alternate">The addresses and ports.</param>
    /// <param name="options">The options; null for the defaults.</param>
    public VirtualStunServer(VirtualHost host, AlternateAddresses alternate, BindingServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(alternate);
        _server = new BindingServer((options ?? new BindingServerOptions()) with { Alternate = alternate });
        foreach (TransportAddress local in alternate.ToArray())
        {
            Open(host, local);
        }
    }

    /// <summary>Whether requests are answered; they are by default.</summary>
    public bool IsAnswering { get; set; } = true;

    /// <summary>How many responses were sent.</summary>
    public int Answered { get; private set; }

    /// <summary>Closes the sockets.</summary>
    public void Dispose()
    {
        foreach (VirtualSocket socket in _sockets.Values)
        {
            socket.Dispose();
        }

        _sockets.Clear();
    }

    private void Open(VirtualHost host, TransportAddress local)
    {
        VirtualSocket socket = host.BindUdp(local);
        _sockets.Add(socket.Local, socket);
        socket.Received = Handle;
    }

    private void Handle(VirtualSocket socket, TransportAddress source, ReadOnlySpan<byte> payload)
    {
        if (!IsAnswering || payload.Length > _buffer.Length)
        {
            return;
        }

        var arrival = new BindingArrival(source, socket.Local, Reliable: false, socket.Host.Now);
        if (_server.HandleDatagram(payload, arrival, _buffer, out BindingReply reply) is BindingDisposition.Answered or BindingDisposition.Refused)
        {
            Answered++;
            _sockets[reply.Origin].Send(reply.Destination, _buffer.AsSpan(0, reply.Length));
        }
    }
}
