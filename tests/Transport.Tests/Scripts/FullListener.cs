using System;
using System.Net;
using System.Net.Sockets;

namespace Stack.Transport.Tests;

/// <summary>A TCP port whose queue is full, so that the system drops what else would connect.</summary>
internal sealed class FullListener : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _occupant = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public FullListener()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen(0);
        _occupant.Connect(_socket.LocalEndPoint!);
    }

    public StunServerReference Reference => StunServerReference.Parse(_socket.LocalEndPoint!.ToString()!);

    public void Dispose()
    {
        _occupant.Dispose();
        _socket.Dispose();
    }
}
