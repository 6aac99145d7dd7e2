using System;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>A UDP socket of an agent.</summary>
internal sealed class UdpBase : IceBase
{
    private readonly VirtualSocket _socket;

    public UdpBase(VirtualIceAgent owner, int id, int stream, int component, TransportAddress address)
        : base(owner, id, stream, component)
    {
        _socket = owner.Host.BindUdp(address.WithPort(0));
        _socket.Received = (_, source, payload) => Owner.HandleDatagram(this, source, payload);
        _socket.Unreachable = (_, destination, _) => Owner.HandleUnreachable(Id, destination);
    }

    public override TransportAddress Interface => _socket.Local.WithPort(0);

    public TransportAddress Local => _socket.Local;

    public override bool Send(TransportAddress destination, ReadOnlySpan<byte> message, bool isCheck)
        => _socket.Send(destination, message) == SendOutcome.Sent;

    public override void Dispose() => _socket.Dispose();
}
