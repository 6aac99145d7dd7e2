using System;
using System.Collections.Generic;
using System.Net.Sockets;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>The relay sockets of one loop. Each is of one family and bound to one concrete address.</summary>
internal sealed class ShardRelays(RelayShard shard, DatagramPoller poller, ReservedSockets reserved) : IRelaySockets
{
    private readonly Dictionary<RelayId, UdpRelay> _udp = [];
    private readonly Dictionary<RelayId, TcpRelay> _tcp = [];

    public RelayOpenStatus Open(RelayId id, RelayProtocol protocol, TransportAddress address)
        => protocol == RelayProtocol.Tcp
            ? TryOpen(() => _tcp.Add(id, TcpRelay.Open(shard, id, address)))
            : TryOpen(() => Add(id, RelaySockets.BindUdp(address)));

    public RelayOpenStatus Reserve(TransportAddress address) => TryOpen(() => reserved.Add(address, RelaySockets.BindUdp(address)));

    public RelayOpenStatus Claim(RelayId id, TransportAddress address)
    {
        if (reserved.Take(address) is not { } socket)
        {
            return RelayOpenStatus.Unavailable;
        }

        // What has come while it was nobody's is nobody's.
        RelaySockets.Discard(socket);
        return TryOpen(() => Add(id, socket));
    }

    public void CancelReservation(TransportAddress address) => reserved.Take(address)?.Dispose();

    public void Close(RelayId id)
    {
        if (_udp.Remove(id, out UdpRelay? udp))
        {
            udp.Dispose();
        }
        else if (_tcp.Remove(id, out TcpRelay? tcp))
        {
            tcp.Dispose();
            shard.Peers.Close(id);
        }
    }

    /// <summary>Sends a part of a client's message.</summary>
    /// <param name="forward">Which part, where to.</param>
    /// <param name="buffer">Where the message is, until the next flush.</param>
    /// <param name="offset">Where it begins there.</param>
    /// <param name="trafficClass">DSCP and ECN, as the byte in the IP header.</param>
    public void Send(in RelayForward forward, PinnedBuffer buffer, int offset, byte trafficClass)
    {
        if (_udp.TryGetValue(forward.Relay, out UdpRelay? relay))
        {
            var departure = new Departure(buffer, offset + forward.Offset, forward.Length, forward.Peer.Value, trafficClass, forward.Length);
            relay.Send(departure, forward.DontFragment);
        }
        else
        {
            shard.Counters.CountSendFailures(1);
        }
    }

    public TcpRelay? FindTcp(RelayId id) => _tcp.GetValueOrDefault(id);

    public void Close()
    {
        foreach (UdpRelay relay in _udp.Values)
        {
            relay.Dispose();
        }

        foreach (TcpRelay relay in _tcp.Values)
        {
            relay.Dispose();
        }

        _udp.Clear();
        _tcp.Clear();
    }

    private static RelayOpenStatus TryOpen(Action open)
    {
        try
        {
            open();
            return RelayOpenStatus.Opened;
        }
        catch (SocketException error)
        {
            return SocketErrors.ToOpenStatus(error);
        }
        catch (OutOfMemoryException)
        {
            return RelayOpenStatus.Exhausted;
        }
    }

    private void Add(RelayId id, Socket socket)
    {
        try
        {
            _udp.Add(id, new UdpRelay(shard, id, socket, poller));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
