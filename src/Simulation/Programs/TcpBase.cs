using System;
using System.Buffers;
using System.Collections.Generic;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>One end for TCP connections of an agent, with the framing of RFC 4571.</summary>
internal sealed class TcpBase : IceBase
{
    private static readonly PacketFramer Framer = new(PacketFramer.MaxPacketSize);

    private readonly Dictionary<TransportAddress, VirtualConnection> _connections = [];
    private readonly VirtualListener? _listener;
    private readonly TcpCandidateType _type;
    private byte[] _buffer = new byte[2048];

    public TcpBase(VirtualIceAgent owner, int id, int stream, int component, TransportAddress address, TcpCandidateType type)
        : base(owner, id, stream, component)
    {
        _type = type;
        Interface = address.WithPort(0);
        Local = address.WithPort(9);
        if (type != TcpCandidateType.Active)
        {
            // A simultaneous-open base listens for its port alone: nobody is to connect to it who is not connected to.
            _listener = owner.Host.Listen(Interface);
            _listener.Accepted = type == TcpCandidateType.Passive ? Use : null;
            Local = _listener.Local;
        }
    }

    public override TransportAddress Interface { get; }

    public TransportAddress Local { get; }

    public void Connect(TransportAddress remote)
    {
        if (_connections.ContainsKey(remote))
        {
            return;
        }

        VirtualConnection connection;
        try
        {
            connection = Owner.Host.Connect(_type == TcpCandidateType.Active ? Interface : Local, remote);
        }
        catch (InvalidOperationException)
        {
            // The one before it, between the same ports, has not come to its end.
            Owner.Host.Simulator.Schedule(TimeSpan.Zero, () => Owner.HandleConnectionLost(Id, remote));
            return;
        }

        connection.Established = Use;
        connection.Ended = (_, _) => Lose(remote);
        _connections.Add(remote, connection);
    }

    public void Close(TransportAddress remote)
    {
        if (_connections.Remove(remote, out VirtualConnection? connection))
        {
            connection.Close();
        }
    }

    public override bool Send(TransportAddress destination, ReadOnlySpan<byte> message, bool isCheck)
    {
        if (!_connections.TryGetValue(destination, out VirtualConnection? connection))
        {
            return false;
        }

        int needed = PacketFramer.HeaderSize + message.Length;
        _buffer = _buffer.Length < needed ? new byte[needed] : _buffer;
        return connection.Send(_buffer.AsSpan(0, PacketFramer.Write(message, _buffer)));
    }

    public override void Dispose()
    {
        _listener?.Dispose();
        foreach (VirtualConnection connection in _connections.Values)
        {
            connection.Abort();
        }
    }

    private void Use(VirtualConnection connection)
    {
        TransportAddress remote = connection.Remote;
        _connections[remote] = connection;
        connection.Ended = (_, _) => Lose(remote);
        var buffer = new FrameBuffer();
        connection.Received = (_, bytes) =>
        {
            buffer.Append(bytes);
            while (Framer.Read(buffer.Unread, out ReadOnlySequence<byte> packet, out int consumed, out int _) == StunFrameStatus.Frame)
            {
                Owner.HandleDatagram(this, remote, packet.FirstSpan);
                buffer.Consume(consumed);
            }
        };
        Owner.HandleConnected(Id, remote);
    }

    private void Lose(TransportAddress remote)
    {
        if (_connections.Remove(remote))
        {
            Owner.HandleConnectionLost(Id, remote);
        }
    }
}
