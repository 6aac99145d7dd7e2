using System;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>The TCP connections of one local address.</summary>
internal sealed class TcpBase : IceBase
{
    public void Connect(TransportAddress remote)
    {
    }

    public void Disconnect(TransportAddress remote)
    {
    }

    public override bool Send(ReadOnlySpan<byte> packet, TransportAddress destination) => false;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
