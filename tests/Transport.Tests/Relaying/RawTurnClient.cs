using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport.Tests;

/// <summary>A TURN client, message by message, over one socket.</summary>
internal sealed class RawTurnClient : IDisposable
{
    private readonly LongTermClient _credential;
    private readonly Queue<byte[]> _unread = new();
    private readonly byte[] _buffer = new byte[70_000];

    private RawTurnClient(Socket socket, Stream? stream, string username, string password)
    {
        Socket = socket;
        Stream = stream;
        _credential = new LongTermClient(new LongTermCredential(username, password));
    }

    public Socket Socket { get; }

    public Stream? Stream { get; }

    public IPEndPoint Local => (IPEndPoint)Socket.LocalEndPoint!;

    public static RawTurnClient Udp(IPEndPoint server, string username = "u", string password = "p")
    {
        Socket socket = RawClient.Udp(server.AddressFamily == AddressFamily.InterNetwork ? "127.0.0.1" : "::1");
        socket.Connect(server);
        return new RawTurnClient(socket, null, username, password);
    }

    public static async Task<RawTurnClient> TcpAsync(IPEndPoint server, string username = "u", string password = "p")
    {
        Socket socket = await RawClient.TcpAsync(server);
        return new RawTurnClient(socket, new NetworkStream(socket), username, password);
    }

    public static async Task<RawTurnClient> TlsAsync(IPEndPoint server)
    {
        Socket socket = await RawClient.TcpAsync(server);
        var tls = new SslStream(new NetworkStream(socket));
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.AddRange(TestCertificates.Roots);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trust });
        return new RawTurnClient(socket, tls, "u", "p");
    }

    public static Task<RawTurnClient> ConnectAsync(TurnServerHost host, StunTransport transport) => transport switch
    {
        StunTransport.Udp => Task.FromResult(Udp(host.At(transport))),
        StunTransport.Tcp => TcpAsync(host.At(transport)),
        _ => TlsAsync(host.At(transport)),
    };

    public async Task SendAsync(ReadOnlyMemory<byte> message)
    {
        if (Stream is null)
        {
            await Socket.SendAsync(message);
        }
        else
        {
            await Stream.WriteAsync(message);
        }
    }

    /// <summary>The next message, of those that no request was answered with.</summary>
    public Task<byte[]> ReadAsync() => _unread.TryDequeue(out byte[]? message) ? Task.FromResult(message) : ReceiveAsync();

    /// <summary>Makes a request with the credential, after a challenge once more, and gives the response.</summary>
    public async Task<byte[]> AskAsync(StunMethod method, StunAttributeWriter? attributes = null)
    {
        while (true)
        {
            byte[] request = Request(method, attributes);
            await SendAsync(request);
            byte[] response = await AnswerAsync(request);
            if (!IsChallenge(response))
            {
                return response;
            }
        }
    }

    /// <summary>Has the first request refused, so that the next one carries the credential.</summary>
    public async Task ChallengeAsync(StunMethod method, StunAttributeWriter? attributes = null)
    {
        byte[] request = Request(method, attributes);
        await SendAsync(request);
        Xunit.Assert.True(IsChallenge(await AnswerAsync(request)));
    }

    /// <summary>A request as it would be sent now.</summary>
    public byte[] Request(StunMethod method, StunAttributeWriter? attributes = null) => Wire.Request(method, (ref StunMessageWriter writer) =>
    {
        attributes?.Invoke(ref writer);
        _credential.AddTo(ref writer);
    });

    public async Task<byte[]> AnswerAsync(byte[] request)
    {
        while (true)
        {
            byte[] message = await ReceiveAsync();
            if (Wire.IsAnswerTo(message, request))
            {
                return message;
            }

            _unread.Enqueue(message);
        }
    }

    public async Task<IPEndPoint> AllocateAsync(RelayProtocol protocol = RelayProtocol.Udp, StunAttributeWriter? more = null)
        => Relayed(await AskAsync(StunMethod.Allocate, (ref StunMessageWriter writer) =>
        {
            writer.AddRequestedTransport(protocol);
            more?.Invoke(ref writer);
        }));

    public async Task PermitAsync(IPEndPoint peer) => Success(await AskAsync(
        StunMethod.CreatePermission,
        (ref StunMessageWriter writer) => writer.AddXorPeerAddress(TransportAddress.FromIPEndPoint(peer))));

    public async Task BindAsync(ushort channel, IPEndPoint peer) => Success(await AskAsync(
        StunMethod.ChannelBind,
        (ref StunMessageWriter writer) =>
        {
            writer.AddChannelNumber(new ChannelNumber(channel));
            writer.AddXorPeerAddress(TransportAddress.FromIPEndPoint(peer));
        }));

    /// <summary>Deletes the allocation.</summary>
    public async Task DeleteAsync() => Success(await AskAsync(
        StunMethod.Refresh,
        static (ref StunMessageWriter writer) => writer.AddLifetime(TimeSpan.Zero)));

    public Task SendToAsync(IPEndPoint peer, byte[] data, bool dontFragment = false) => SendAsync(SendIndication(peer, data, dontFragment));

    public static byte[] SendIndication(IPEndPoint peer, byte[] data, bool dontFragment = false)
        => Wire.Request(
            StunMethod.Send,
            (ref StunMessageWriter writer) =>
            {
                writer.AddXorPeerAddress(TransportAddress.FromIPEndPoint(peer));
                if (dontFragment)
                {
                    writer.AddDontFragment();
                }

                writer.AddData(data);
            },
            StunClass.Indication,
            data.Length + 100);

    public Task SendOnChannelAsync(ushort channel, byte[] data) => SendAsync(OnChannel(channel, data, Stream is not null));

    public static byte[] OnChannel(ushort channel, byte[] data, bool padded)
    {
        byte[] message = new byte[padded ? ChannelData.GetPaddedSize(data.Length) : 4 + data.Length];
        ChannelData.WriteHeader(message, new ChannelNumber(channel), data.Length);
        data.CopyTo(message, 4);
        return message;
    }

    /// <summary>The next Data indication.</summary>
    public async Task<(IPEndPoint Peer, byte[] Data)> ReadDataAsync()
    {
        byte[] bytes = await ReadAsync();
        StunMessage.Decode(bytes, out StunMessage message);
        Xunit.Assert.Equal(StunMethod.Data, message.Method);
        message.ReadXorPeerAddress(out TransportAddress peer);
        message.ReadData(out ReadOnlySpan<byte> data);
        return (peer.ToIPEndPoint(), data.ToArray());
    }

    public async Task<byte[]> ReadChannelAsync(ushort channel)
    {
        byte[] bytes = await ReadAsync();
        Xunit.Assert.True(ChannelData.TryRead(bytes, out ChannelNumber number, out int length));
        Xunit.Assert.Equal(channel, number.Value);
        return bytes[4..(4 + length)];
    }

    public static IPEndPoint Relayed(byte[] response)
    {
        Success(response);
        StunMessage.Decode(response, out StunMessage message);
        Xunit.Assert.Equal(StunAttributeStatus.Present, message.ReadXorRelayedAddress(out TransportAddress relayed));
        return relayed.ToIPEndPoint();
    }

    public static void Success(byte[] response) => Xunit.Assert.Equal(0, (int)Error(response));

    /// <summary>The code of an error response; 0 for a success.</summary>
    public static StunErrorCode Error(byte[] response)
    {
        Xunit.Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(response, out StunMessage message));
        return message.Class == StunClass.ErrorResponse && message.ReadErrorCode(out StunErrorCode code, out _) == StunAttributeStatus.Present ? code : default;
    }

    public void Dispose()
    {
        Stream?.Dispose();
        Socket.Dispose();
        _credential.Dispose();
    }

    private bool IsChallenge(byte[] response)
    {
        StunMessage.Decode(response, out StunMessage message);
        return message.Class == StunClass.ErrorResponse && _credential.HandleError(message) == ChallengeDecision.Retry;
    }

    private async Task<byte[]> ReceiveAsync()
    {
        if (Stream is null)
        {
            int length = await Socket.ReceiveAsync(_buffer);
            return _buffer[..length];
        }

        byte[] header = new byte[4];
        await Stream.ReadExactlyAsync(header);
        int size = header[0] < 0x40
            ? StunMessage.HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2))
            : ChannelData.GetPaddedSize(BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)));
        byte[] message = new byte[size];
        header.CopyTo(message, 0);
        await Stream.ReadExactlyAsync(message.AsMemory(4));
        return message;
    }
}
