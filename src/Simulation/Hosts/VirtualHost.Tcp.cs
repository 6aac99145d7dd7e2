using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Simulation;

/// <content>TCP: listeners, connections, and the segments that belong to neither.</content>
public sealed partial class VirtualHost
{
    private readonly Dictionary<(TransportAddress Local, TransportAddress Remote), VirtualConnection> _connections = [];
    private readonly Dictionary<TransportAddress, VirtualListener> _listeners = [];

    /// <summary>Accepts TCP connections.</summary>
    /// <param name="local">An address of this host, or 0.0.0.0 or ::; with port 0 for a free one.</param>
    /// <exception cref="ArgumentException">The address is not one of this host.</exception>
    /// <exception cref="InvalidOperationException">Somebody listens there.</exception>
    public VirtualListener Listen(TransportAddress local)
        => TryListen(local, out VirtualListener? listener) ? listener! : throw new InvalidOperationException($"{local} is in use on {Name}.");

    /// <summary>Accepts TCP connections where nobody else does.</summary>
    /// <param name="local">An address of this host, or 0.0.0.0 or ::; with port 0 for a free one.</param>
    /// <param name="listener">The listener; null where the port is taken.</param>
    /// <exception cref="ArgumentException">The address is not one of this host.</exception>
    public bool TryListen(TransportAddress local, out VirtualListener? listener)
    {
        CheckLocal(local);
        listener = null;
        if (local.Port != 0 && _listeners.ContainsKey(local))
        {
            return false;
        }

        listener = new VirtualListener(this, local.Port != 0 ? local : FindFreePort(local, _listeners.ContainsKey));
        _listeners.Add(listener.Local, listener);
        return true;
    }

    /// <summary>
    /// Opens a TCP connection. The local port may be one that is listened on, or that other connections use; where the peer connects to it at the
    /// same time from the port that this goes to, the two meet (simultaneous open).
    /// </summary>
    /// <param name="local">An address of this host; with port 0 for a free one.</param>
    /// <param name="remote">The peer.</param>
    /// <returns>The connection, which is being made; that it cannot be made, it reports later.</returns>
    /// <exception cref="ArgumentException">The address is not one of this host.</exception>
    /// <exception cref="InvalidOperationException">There is a connection between the two already.</exception>
    public VirtualConnection Connect(TransportAddress local, TransportAddress remote)
    {
        CheckLocal(local);
        if (local.Port == 0)
        {
            local = FindFreePort(local, port => _listeners.ContainsKey(port) || _connections.ContainsKey((port, remote)));
        }

        var connection = new VirtualConnection(this, local, remote);
        if (!_connections.TryAdd((local, remote), connection))
        {
            throw new InvalidOperationException($"{local} and {remote} are connected already.");
        }

        connection.Open();
        return connection;
    }

    internal void Forget(VirtualConnection connection) => _connections.Remove((connection.Local, connection.Remote));

    internal void Forget(VirtualListener listener) => _listeners.Remove(listener.Local);

    /// <returns>False where the host has no way to send it.</returns>
    internal bool SendSegment(
        TransportAddress local, TransportAddress remote, TcpFlags flags, long sequence, long acknowledgment, ReadOnlySpan<byte> payload = default)
    {
        if (Prepare(local, remote, out VirtualInterface? via, out _) != SendOutcome.Sent)
        {
            return false;
        }

        Packet packet = Simulator.Rent();
        packet.Protocol = PacketProtocol.Tcp;
        packet.Source = local;
        packet.Destination = remote;
        packet.Flags = flags;
        packet.Sequence = sequence;
        packet.Acknowledgment = acknowledgment;
        packet.SetPayload(payload);
        Send(packet, via);
        return true;
    }

    private VirtualConnection? FindConnection(TransportAddress local, TransportAddress remote) => _connections.GetValueOrDefault((local, remote));

    private void ReceiveSegment(VirtualInterface via, Packet packet)
    {
        if (FindConnection(packet.Destination, packet.Source) is { } connection)
        {
            Simulator.Note(PacketFate.Delivered, Name, packet);
            connection.Handle(packet);
        }
        else if (packet.Flags == TcpFlags.Syn && FindListener(packet.Destination) is { HasRoom: true } listener)
        {
            Simulator.Note(PacketFate.Delivered, Name, packet);
            Accept(listener, packet);
        }
        else
        {
            Simulator.Note(PacketFate.NoSocket, Name, packet);
            Refuse(packet);
        }

        Simulator.Recycle(packet);
    }

    private VirtualListener? FindListener(TransportAddress local)
    {
        if (_listeners.TryGetValue(local, out VirtualListener? listener))
        {
            return listener;
        }

        TransportAddress any = local.Family == StunAddressFamily.IPv4
            ? TransportAddress.FromIPv4(0, (ushort)local.Port)
            : TransportAddress.FromIPv6(UInt128.Zero, (ushort)local.Port);
        return _listeners.GetValueOrDefault(any);
    }

    private void Accept(VirtualListener listener, Packet packet)
    {
        var connection = new VirtualConnection(this, packet.Destination, packet.Source, listener);
        _connections.Add((packet.Destination, packet.Source), connection);
        connection.OpenPassively(packet.Sequence);
    }

    private void Refuse(Packet packet)
    {
        if (!ReportsClosedPorts || packet.Has(TcpFlags.Rst))
        {
            return;
        }

        long end = packet.Sequence + packet.Length + (packet.Has(TcpFlags.Syn) ? 1 : 0);
        SendSegment(packet.Destination, packet.Source, TcpFlags.Rst | TcpFlags.Ack, packet.Acknowledgment, end);
    }
}
