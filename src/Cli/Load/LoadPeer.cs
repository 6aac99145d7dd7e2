using System;
using System.Net;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>A host behind the relay, on this machine.</summary>
internal sealed class LoadPeer : ILoadReader, IDisposable
{
    private readonly LoadLoop _loop;
    private readonly LoadPort _port;
    private readonly bool _echoes;
    private readonly PeerPayloadHandler _handler;

    /// <param name="loop">The loop.</param>
    /// <param name="local">Its address.</param>
    /// <param name="echoes">Whether it sends back what comes.</param>
    /// <param name="handler">Gets what comes to one that does not echo.</param>
    public LoadPeer(LoadLoop loop, IPEndPoint local, bool echoes, PeerPayloadHandler handler)
    {
        _loop = loop;
        _echoes = echoes;
        _handler = handler;
        _port = loop.Open(local, this);
    }

    public delegate void PeerPayloadHandler(LoadPeer peer, ReadOnlySpan<byte> payload, TransportAddress source);

    public TransportAddress Local => _port.Local;

    /// <summary>Queues what stands at the start of the slot that was lent last.</summary>
    public void Send(int length, TransportAddress relayed) => _port.Queue(..length, relayed);

    public void OnDatagram(LoadPort port, ReadOnlySpan<byte> datagram, TransportAddress source)
    {
        if (!_echoes)
        {
            _handler(this, datagram, source);
        }
        else if (datagram.Length <= _loop.SlotSize)
        {
            _port.Queue(datagram, source);
        }
    }

    public void Dispose() => _port.Dispose();
}
