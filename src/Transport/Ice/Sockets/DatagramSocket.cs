using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// A UDP socket that is not connected: one receive loop, sends that never wait, and nothing allocated per datagram. The zone of a link-local
/// address is the socket's own matter: addresses go in and out without it.
/// </summary>
internal sealed class DatagramSocket : IAsyncDisposable
{
    private const int LinkLocalPrefix = 0xFE80 >> 6;

    [ThreadStatic]
    private static SocketAddress? _destinationV4;

    [ThreadStatic]
    private static SocketAddress? _destinationV6;

    private readonly Socket _socket;
    private readonly uint _scope;
    private readonly int _maxDatagram;
    private Task _receiving = Task.CompletedTask;

    private DatagramSocket(Socket socket, int maxDatagram)
    {
        _socket = socket;
        _maxDatagram = maxDatagram;
        TransportAddress local = UdpSockets.GetLocal(socket);
        _scope = local.ScopeId;
        Local = WithoutScope(local);
    }

    /// <summary>Takes a datagram on the receive loop; must not wait.</summary>
    public delegate void Receiver(TransportAddress source, ReadOnlySpan<byte> datagram);

    public TransportAddress Local { get; }

    /// <summary>Opens a socket.</summary>
    /// <param name="address">The address; its port does not count.</param>
    /// <param name="port">The port, or 0 for the system's choice.</param>
    /// <param name="maxDatagram">The longest datagram that is taken; longer ones are dropped.</param>
    /// <param name="bufferSize">The size of the system's buffers; 0 for its default.</param>
    /// <exception cref="SocketException">The address or the port cannot be used.</exception>
    public static DatagramSocket Open(TransportAddress address, int port, int maxDatagram, int bufferSize = 0)
    {
        IPEndPoint local = address.WithPort(port).ToIPEndPoint();
        Socket socket = UdpSockets.Open(local.AddressFamily);
        try
        {
            socket.Bind(local);
            socket.Blocking = false;
            if (bufferSize > 0)
            {
                socket.ReceiveBufferSize = bufferSize;
                socket.SendBufferSize = bufferSize;
            }

            return new DatagramSocket(socket, maxDatagram);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The same address without its zone.</summary>
    public static TransportAddress WithoutScope(TransportAddress address)
        => address.ScopeId == 0 ? address : TransportAddress.FromIPv6(address.Bits, (ushort)address.Port);

    /// <summary>Begins to receive; once.</summary>
    public void Start(Receiver receiver) => _receiving = Task.Run(() => ReceiveAsync(receiver));

    /// <summary>Sends at once or drops.</summary>
    /// <returns>False where the network refuses this destination.</returns>
    public bool Send(ReadOnlySpan<byte> datagram, TransportAddress destination)
    {
        if (destination.Family != Local.Family)
        {
            return false;
        }

        if (_scope != 0 && destination.ScopeId == 0 && (int)(destination.Bits >> 118) == LinkLocalPrefix)
        {
            destination = TransportAddress.FromIPv6(destination.Bits, (ushort)destination.Port, _scope);
        }

        SocketAddress target = destination.Family == StunAddressFamily.IPv4
            ? _destinationV4 ??= new SocketAddress(AddressFamily.InterNetwork)
            : _destinationV6 ??= new SocketAddress(AddressFamily.InterNetworkV6);
        SocketAddressConversion.Write(destination, target);
        try
        {
            _socket.SendTo(datagram, SocketFlags.None, target);
            return true;
        }
        catch (SocketException error)
        {
            // A full buffer is a loss like any other, and a datagram too long is the caller's; the rest says that there is no way.
            return error.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable or SocketError.MessageSize
                or SocketError.TryAgain;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _receiving.ConfigureAwait(false);
    }

    private async Task ReceiveAsync(Receiver receiver)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(_maxDatagram + 1);
        var source = new SocketAddress(_socket.AddressFamily);
        while (true)
        {
            try
            {
                int length = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, source).ConfigureAwait(false);
                if (length <= _maxDatagram)
                {
                    receiver(WithoutScope(SocketAddressConversion.ToTransportAddress(source)), buffer.AsSpan(0, length));
                }
            }
            catch (SocketException error) when (UdpSockets.IsTransient(error.SocketErrorCode))
            {
                // ICMP errors, and datagrams that do not fit, are about one datagram and not about the socket.
            }
            catch (Exception error) when (error is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }
}
