using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Stack.Stun;
using Stack.TestKit;
using Stack.Transport;
using Stack.Turn;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>A TURN client, message by message, from a host of the lab. It waits where it stands; nothing retransmits.</summary>
internal sealed class TurnWireClient : IDisposable
{
    private const int PatienceMilliseconds = 60_000;

    private readonly Socket _socket;
    private readonly LongTermClient _credential;
    private readonly Queue<byte[]> _unread = new();
    private readonly byte[] _buffer = new byte[65_536];

    private TurnWireClient(Socket socket, string username, string password)
    {
        _socket = socket;
        _credential = new LongTermClient(new LongTermCredential(username, password));
    }

    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    public static TurnWireClient Udp(LabHost host, IPEndPoint server, string username = "u", string password = "p")
        => Connect(host.OpenSocket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp), server, username, password);

    public static TurnWireClient Tcp(LabHost host, IPEndPoint server, string username = "u", string password = "p")
        => Connect(host.OpenSocket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp), server, username, password);

    /// <summary>A UDP socket on a host, for a peer.</summary>
    public static Socket Peer(LabHost host, IPAddress address, int port = 0)
    {
        Socket socket = host.OpenSocket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveTimeout = PatienceMilliseconds;
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    /// <summary>Another user on the same 5-tuple.</summary>
    public TurnWireClient As(string username, string password) => new(_socket, username, password);

    public void Send(byte[] message) => _socket.Send(message);

    /// <summary>A message without a credential.</summary>
    public static byte[] Bare(StunMethod method, StunAttributeWriter? attributes = null, StunClass messageClass = StunClass.Request)
    {
        using RandomNumberGenerator random = RandomNumberGenerator.Create();
        var writer = new StunMessageWriter(new byte[4096], new StunMessageType(method, messageClass), TransactionId.Create(random));
        attributes?.Invoke(ref writer);
        return writer.Written.ToArray();
    }

    /// <summary>A request as it would be sent now.</summary>
    public byte[] Request(StunMethod method, StunAttributeWriter? attributes = null) => Bare(method, (ref StunMessageWriter writer) =>
    {
        attributes?.Invoke(ref writer);
        _credential.AddTo(ref writer);
    });

    /// <summary>Makes a request with the credential, after a challenge once more, and gives the response.</summary>
    public byte[] Ask(StunMethod method, StunAttributeWriter? attributes = null)
    {
        while (true)
        {
            byte[] response = Exchange(Request(method, attributes));
            StunMessage.Decode(response, out StunMessage message);
            if (message.Class != StunClass.ErrorResponse || _credential.HandleError(message) != ChallengeDecision.Retry)
            {
                return response;
            }
        }
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    public byte[] Exchange(byte[] request)
    {
        Send(request);
        while (true)
        {
            byte[] message = Receive();
            if (message.AsSpan(4, 16).SequenceEqual(request.AsSpan(4, 16)))
            {
                return message;
            }

            _unread.Enqueue(message);
        }
    }

    public IPEndPoint Allocate(RelayProtocol protocol = RelayProtocol.Udp, StunAddressFamily? family = null)
        => Relayed(Ask(StunMethod.Allocate, Allocation(protocol, family)));

    public static StunAttributeWriter Allocation(RelayProtocol protocol = RelayProtocol.Udp, StunAddressFamily? family = null)
        => (ref StunMessageWriter writer) =>
        {
            writer.AddRequestedTransport(protocol);
            if (family is { } one)
            {
                writer.AddRequestedAddressFamily(one);
            }
        };

    public StunErrorCode Permit(params IEnumerable<IPAddress> peers) => Error(Ask(StunMethod.CreatePermission, (ref StunMessageWriter writer) =>
    {
        foreach (IPAddress peer in peers)
        {
            writer.AddXorPeerAddress(TransportAddress.FromIPAddress(peer, 0));
        }
    }));

    public StunErrorCode Bind(int channel, IPEndPoint peer) => Error(Ask(StunMethod.ChannelBind, (ref StunMessageWriter writer) =>
    {
        writer.AddChannelNumber(new ChannelNumber((ushort)channel));
        writer.AddXorPeerAddress(TransportAddress.FromIPEndPoint(peer));
    }));

    public StunErrorCode ConnectTo(IPEndPoint peer) => Error(Ask(
        StunMethod.Connect,
        (ref StunMessageWriter writer) => writer.AddXorPeerAddress(TransportAddress.FromIPEndPoint(peer))));

    public void SendTo(IPEndPoint peer, byte[] data) => Send(Bare(
        StunMethod.Send,
        (ref StunMessageWriter writer) =>
        {
            writer.AddXorPeerAddress(TransportAddress.FromIPEndPoint(peer));
            writer.AddData(data);
        },
        StunClass.Indication));

    public void SendOnChannel(int channel, byte[] data)
    {
        byte[] message = new byte[ChannelData.HeaderSize + data.Length];
        ChannelData.WriteHeader(message, new ChannelNumber((ushort)channel), data.Length);
        data.CopyTo(message, ChannelData.HeaderSize);
        Send(message);
    }

    /// <summary>The next message that is no answer: of a Data indication the peer and the data, of ChannelData the data alone.</summary>
    public (IPEndPoint? Peer, byte[] Data) ReadData()
    {
        byte[] bytes = _unread.TryDequeue(out byte[]? earlier) ? earlier : Receive();
        if (ChannelData.TryRead(bytes, out _, out int length))
        {
            return (null, bytes[ChannelData.HeaderSize..(ChannelData.HeaderSize + length)]);
        }

        StunMessage.Decode(bytes, out StunMessage message);
        Assert.Equal(StunMethod.Data, message.Method);
        message.ReadXorPeerAddress(out TransportAddress peer);
        message.ReadData(out ReadOnlySpan<byte> data);
        return (peer.ToIPEndPoint(), data.ToArray());
    }

    /// <summary>The code of an error response; 0 for a success.</summary>
    public static StunErrorCode Error(byte[] response)
    {
        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(response, out StunMessage message));
        return message.Class == StunClass.ErrorResponse && message.ReadErrorCode(out StunErrorCode code, out _) == StunAttributeStatus.Present ? code : default;
    }

    public static IPEndPoint Relayed(byte[] response)
    {
        Assert.Equal(default, Error(response));
        StunMessage.Decode(response, out StunMessage message);
        Assert.Equal(StunAttributeStatus.Present, message.ReadXorRelayedAddress(out TransportAddress relayed));
        return relayed.ToIPEndPoint();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _credential.Dispose();
    }

    private static TurnWireClient Connect(Socket socket, IPEndPoint server, string username, string password)
    {
        socket.ReceiveTimeout = PatienceMilliseconds;
        socket.Connect(server);
        return new TurnWireClient(socket, username, password);
    }

    private byte[] Receive()
    {
        if (_socket.SocketType == SocketType.Dgram)
        {
            return _buffer[.._socket.Receive(_buffer)];
        }

        Fill(0, StunMessage.HeaderSize);
        int size = StunMessage.HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(2));
        Fill(StunMessage.HeaderSize, size);
        return _buffer[..size];
    }

    private void Fill(int from, int to)
    {
        while (from < to)
        {
            int read = _socket.Receive(_buffer, from, to - from, SocketFlags.None);
            Assert.NotEqual(0, read);
            from += read;
        }
    }
}
