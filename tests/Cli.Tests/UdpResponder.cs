using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Stack.Cli.Tests;

/// <summary>A server on loopback that answers as a test says.</summary>
internal sealed class UdpResponder : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Func<byte[], IPEndPoint, byte[]?> _answer;

    public UdpResponder(Func<byte[], IPEndPoint, byte[]?> answer)
    {
        _answer = answer;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _ = ServeAsync();
    }

    public string Address => _socket.LocalEndPoint!.ToString()!;

    public void Dispose() => _socket.Dispose();

    private async Task ServeAsync()
    {
        byte[] buffer = new byte[2048];
        try
        {
            while (true)
            {
                SocketReceiveFromResult request = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                if (_answer(buffer[..request.ReceivedBytes], (IPEndPoint)request.RemoteEndPoint) is { } answer)
                {
                    await _socket.SendToAsync(answer, request.RemoteEndPoint);
                }
            }
        }
        catch (Exception error) when (error is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }
}
