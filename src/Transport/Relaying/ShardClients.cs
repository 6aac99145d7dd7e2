using System.Collections.Generic;
using System.Runtime.InteropServices;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>The ways from a loop to its clients: its UDP listeners and the TCP and TLS connections that belong to it.</summary>
internal sealed class ShardClients(RelayShard shard)
{
    private readonly List<ClientPort> _ports = [];
    private readonly Dictionary<FiveTuple, TurnStreamConnection> _connections = [];

    public void Add(ClientPort port) => _ports.Add(port);

    public void Add(TurnStreamConnection connection) => _connections[connection.Path] = connection;

    public void Remove(TurnStreamConnection connection)
    {
        if (FindConnection(connection.Path) == connection)
        {
            _connections.Remove(connection.Path);
        }
    }

    public ClientPort? FindPort(TransportAddress local)
    {
        foreach (ClientPort port in CollectionsMarshal.AsSpan(_ports))
        {
            if (port.Local == local)
            {
                return port;
            }
        }

        return null;
    }

    public TurnStreamConnection? FindConnection(in FiveTuple path) => _connections.GetValueOrDefault(path);

    /// <summary>Sends what a peer has sent, or what has become of what was sent to it.</summary>
    /// <param name="forward">The message.</param>
    /// <param name="buffer">Where it is, until the next flush.</param>
    /// <param name="offset">What its offset counts from.</param>
    /// <param name="trafficClass">DSCP and ECN, as the byte in the IP header.</param>
    /// <param name="relayed">How many bytes the peer has sent; <see cref="Departure.NotRelayed"/> where it has not.</param>
    public void Forward(in ClientForward forward, PinnedBuffer buffer, int offset, byte trafficClass, int relayed)
    {
        if (forward.Path.Transport == StunTransport.Udp)
        {
            FindPort(forward.Path.Server)?.Queue(
                new Departure(buffer, offset + forward.Offset, forward.Length, forward.Path.Client.Value, trafficClass, relayed));
        }
        else if (FindConnection(forward.Path) is { } connection
            && connection.Queue.TryEnqueue(buffer.Slice(offset + forward.Offset, forward.Length)))
        {
            if (relayed != Departure.NotRelayed)
            {
                shard.Counters.CountToClients(1, relayed);
            }
        }
        else
        {
            // The reader is too slow or gone: this is a datagram, and datagrams get lost.
            shard.Counters.CountOverflow();
        }
    }

    /// <summary>Sends a message of the server's own, which stands where the next one of the outbound buffer begins.</summary>
    public void Send(in ClientTransmit transmit, int offset)
    {
        if (transmit.Path.Transport != StunTransport.Udp)
        {
            FindConnection(transmit.Path)?.Reply(shard.Buffers.Outbound.Slice(offset, transmit.Length));
        }
        else if (FindPort(transmit.Path.Server) is { } port)
        {
            port.Queue(new Departure(shard.Buffers.Outbound, offset, transmit.Length, transmit.Path.Client.Value, 0, Departure.NotRelayed));
            shard.Buffers.Keep(transmit.Length);
        }
    }

    public void Close()
    {
        _ports.ForEach(static port => port.Dispose());
        _ports.Clear();
        _connections.Clear();
    }
}
