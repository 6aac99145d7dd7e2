using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>One query to one name server: a fresh UDP socket, and TCP where the answer does not fit.</summary>
/// <remarks>
/// The socket is connected, so that the system drops datagrams from any other address or port and reports ICMP errors.
/// Refusals come as <see cref="SocketException"/>, the end of the wait as <see cref="OperationCanceledException"/>.
/// </remarks>
internal static class DnsExchange
{
    // Larger than what was asked for: an answer that fills the buffer has lost its end and is not read.
    private const int ReceiveBufferLength = 4096;

    // Guessing an id takes thousands of datagrams; a connection leaves nothing to guess.
    private const int MaxStrays = 32;

    private const int FirstDynamicPort = 49152;
    private const int PortTries = 4;

    /// <summary>Asks, and returns the response with its status: complete, or the way in which the server's response is malformed.</summary>
    public static async Task<(DnsDecodeStatus Status, DnsResponse? Response)> AskAsync(
        IPEndPoint server, DnsQuery query, RandomNumberGenerator random, CancellationToken cancellationToken)
    {
        (DnsDecodeStatus status, DnsResponse? response) = await AskOverUdpAsync(server, query, random, cancellationToken).ConfigureAwait(false);
        return status == DnsDecodeStatus.Truncated
            ? await AskOverTcpAsync(server, query, cancellationToken).ConfigureAwait(false)
            : (status, response);
    }

    private static async Task<(DnsDecodeStatus Status, DnsResponse? Response)> AskOverUdpAsync(
        IPEndPoint server, DnsQuery query, RandomNumberGenerator random, CancellationToken cancellationToken)
    {
        using Socket socket = new(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        BindToRandomPort(socket, random);
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        await socket.SendAsync(query.ToBytes(), cancellationToken).ConfigureAwait(false);

        byte[] buffer = new byte[ReceiveBufferLength];
        for (int strays = 0; strays < MaxStrays; strays++)
        {
            int length = await ReceiveAsync(socket, buffer, cancellationToken).ConfigureAwait(false);
            if (length == buffer.Length)
            {
                continue;
            }

            DnsDecodeStatus status = DnsResponse.Decode(buffer.AsSpan(0, length), query, out DnsResponse response);
            if (!IsStray(status))
            {
                return (status, response);
            }
        }

        return (DnsDecodeStatus.Truncated, null);
    }

    private static async Task<(DnsDecodeStatus Status, DnsResponse? Response)> AskOverTcpAsync(
        IPEndPoint server, DnsQuery query, CancellationToken cancellationToken)
    {
        using Socket socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);

        // RFC 1035 section 4.2.2: two octets of length in front of each message.
        byte[] message = query.ToBytes();
        byte[] frame = new byte[2 + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)message.Length);
        message.CopyTo(frame, 2);
        await socket.SendAsync(frame, cancellationToken).ConfigureAwait(false);

        byte[] prefix = new byte[2];
        await ReceiveExactlyAsync(socket, prefix, cancellationToken).ConfigureAwait(false);
        byte[] reply = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
        await ReceiveExactlyAsync(socket, reply, cancellationToken).ConfigureAwait(false);
        DnsDecodeStatus status = DnsResponse.Decode(reply, query, out DnsResponse response);
        return (status, response);
    }

    private static bool IsStray(DnsDecodeStatus status) =>
        status is DnsDecodeStatus.TooShort or DnsDecodeStatus.NotAResponse or DnsDecodeStatus.OtherId or DnsDecodeStatus.OtherQuestion;

    // Not every system picks ephemeral ports at random, so the port is drawn here (RFC 6056 section 3.3.1); a taken one is drawn again.
    private static void BindToRandomPort(Socket socket, RandomNumberGenerator random)
    {
        IPAddress any = socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
        byte[] bits = new byte[2];
        for (int i = 0; i < PortTries; i++)
        {
            random.GetBytes(bits);
            try
            {
                socket.Bind(new IPEndPoint(any, FirstDynamicPort | BinaryPrimitives.ReadUInt16BigEndian(bits)));
                return;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                continue;
            }
        }

        socket.Bind(new IPEndPoint(any, 0));
    }

    private static async Task<int> ReceiveAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.MessageSize)
        {
            return buffer.Length;
        }
    }

    private static async Task ReceiveExactlyAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            int length = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (length == 0)
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }

            buffer = buffer[length..];
        }
    }
}
