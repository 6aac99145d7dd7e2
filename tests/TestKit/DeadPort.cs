using System;
using System.Net;
using System.Net.Sockets;

namespace Stack.TestKit;

/// <summary>A port where nobody listens, held so that nobody else gets it meanwhile: what comes is refused by the system.</summary>
public sealed class DeadPort : IDisposable
{
    private readonly Socket _holder;

    /// <summary>Holds a free port.</summary>
    /// <param name="protocol">UDP or TCP.</param>
    /// <param name="address">Of what address of this machine; null for 127.0.0.1.</param>
    public DeadPort(ProtocolType protocol, IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        _holder = new Socket(address.AddressFamily, protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol);
        _holder.Bind(new IPEndPoint(address, 0));
        if (protocol == ProtocolType.Udp)
        {
            // A connected socket takes from its peer alone, here itself.
            _holder.Connect(_holder.LocalEndPoint!);
        }
    }

    public IPEndPoint EndPoint => (IPEndPoint)_holder.LocalEndPoint!;

    public string Address => EndPoint.ToString();

    public void Dispose() => _holder.Dispose();
}
