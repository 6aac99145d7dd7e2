using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class StunServerTests
{
    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("127.0.0.1", 32)]
    [InlineData("::1", 44)]
    public async Task Binding_TwentyBytes_AreAnsweredWithNoMoreThanTheAddress(string address, int size)
    {
        await using StunServer server = await StunServer.StartAsync(new StunServerOptions { Listen = [Servers.Listen(StunTransport.Udp, address)] });
        using Socket client = RawClient.Udp(address);
        byte[] request = Wire.Request();

        byte[] response = await RawClient.AskAsync(client, server.At(), request);

        Assert.Equal(20, request.Length);
        Assert.Equal(size, response.Length);
        Assert.True(Wire.IsAnswerTo(response, request));
        Assert.Equal(client.LocalEndPoint, Wire.Mapped(response));
    }

    public static TheoryData<string> SilentlyDropped =>
    [
        "empty",
        "one-byte",
        "nineteen-bytes",
        "success",
        "error",
        "indication",
        "unknown-method-0fe",
        "unknown-method-fff",
        "allocate",
        "wrong-cookie",
        "classic",
        "wrong-fingerprint",
        "all-ff",
        "rtp",
        "channel-data",
        "length-13",
        "length-65532",
        "length-0-with-100-more",
        "attribute-beyond-the-end",
        "maximum",
    ];

    [Theory(Timeout = Patience.Milliseconds)]
    [MemberData(nameof(SilentlyDropped))]
    public async Task Datagram_NoBindingRequest_IsNotAnsweredAndTheNextIs(string kind)
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp);
        using Socket client = RawClient.Udp();
        byte[] request = Wire.Request();

        await client.SendToAsync(Dropped(kind), server.At());
        byte[] first = await RawClient.AskAsync(client, server.At(), request);

        Assert.True(Wire.IsAnswerTo(first, request));
        Assert.Equal(0, client.Available);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Request_UnknownRequiredAttributes_AreNamedInNoMoreThanTheRequestsSize()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp);
        using Socket client = RawClient.Udp();
        byte[] request = Wire.Request(attributes: static (ref StunMessageWriter writer) =>
        {
            for (int i = 0; i < 100; i++)
            {
                writer.AddFlag((StunAttributeType)(0x7000 + i));
            }
        });

        byte[] response = await RawClient.AskAsync(client, server.At(), request);

        Assert.True(Wire.IsAnswerTo(response, request));
        Assert.InRange(response.Length, 20, request.Length);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Client_VanishedBeforeItsAnswers_DoesNotEndTheLoop()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp, change: static o => o with { RateLimit = null });
        for (int i = 0; i < 50; i++)
        {
            using Socket vanishing = RawClient.Udp();
            await vanishing.SendToAsync(Wire.Request(), server.At());
        }

        using Socket client = RawClient.Udp();
        Assert.Equal(32, (await RawClient.AskAsync(client, server.At())).Length);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused)]
    [InlineData(SocketError.ConnectionReset)]
    [InlineData(SocketError.ProtocolOption)]
    [InlineData(SocketError.OperationNotSupported)]
    [InlineData(SocketError.SocketError)]
    [InlineData(SocketError.HostDown)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    [InlineData(SocketError.MessageSize)]
    public void SocketError_OfTheNetwork_EndsNoLoop(SocketError error) => Assert.True(UdpSockets.IsTransient(error));

    [Theory]
    [InlineData(SocketError.OperationAborted)]
    [InlineData(SocketError.Interrupted)]
    [InlineData(SocketError.NotSocket)]
    [InlineData(SocketError.Shutdown)]
    public void SocketError_OfAClosedSocket_EndsTheLoop(SocketError error) => Assert.False(UdpSockets.IsTransient(error));

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Fault_InTheHandler_IsSurvived()
    {
        var time = new FaultyTimeProvider();
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp, time);
        using Socket client = RawClient.Udp();
        byte[] request = Wire.Request();

        time.Fail(2);
        await client.SendToAsync(Wire.Request(), server.At());
        await client.SendToAsync(Wire.Request(), server.At());
        byte[] response = await RawClient.AskAsync(client, server.At(), request);

        Assert.True(Wire.IsAnswerTo(response, request));
        Assert.Equal(0, client.Available);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Source_TwentyRequestsAtOnce_GetsNoMoreUntilTimePasses()
    {
        var time = new ManualTimeProvider();
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp, time);
        using Socket client = RawClient.Udp();
        using Socket samePlace = RawClient.Udp();
        using Socket elsewhere = RawClient.Udp("127.0.0.2");
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(32, (await RawClient.AskAsync(client, server.At())).Length);
        }

        await client.SendToAsync(Wire.Request(), server.At());
        await samePlace.SendToAsync(Wire.Request(), server.At());
        Assert.Equal(32, (await RawClient.AskAsync(elsewhere, server.At())).Length);
        Assert.Equal(0, client.Available);
        Assert.Equal(0, samePlace.Available);

        time.Advance(TimeSpan.FromMilliseconds(100));
        byte[] request = Wire.Request();
        Assert.True(Wire.IsAnswerTo(await RawClient.AskAsync(client, server.At(), request), request));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Servers_WiredAtEachOther_ExchangeOneAnswer()
    {
        await using StunServer one = await Servers.StartAsync(StunTransport.Udp);
        await using StunServer two = await Servers.StartAsync(StunTransport.Udp);
        using var relay = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        relay.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        // What either of them says to the relay is carried to the other, as if each were the other's client.
        byte[] answer = await RawClient.AskAsync(relay, one.At());
        await relay.SendToAsync(answer, two.At());
        await relay.SendToAsync(answer, one.At());
        byte[] request = Wire.Request();
        byte[] next = await RawClient.AskAsync(relay, two.At(), request);
        byte[] last = await RawClient.AskAsync(relay, one.At(), request);

        Assert.True(Wire.IsAnswerTo(next, request));
        Assert.True(Wire.IsAnswerTo(last, request));
        Assert.Equal(0, relay.Available);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Classic_Request_IsAnsweredOnlyWhereAskedFor()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp, change: static o => o with { Classic = true });
        using Socket client = RawClient.Udp();
        byte[] request = Dropped("classic");

        byte[] response = await RawClient.AskAsync(client, server.At(), request);

        Assert.True(Wire.IsAnswerTo(response, request));
        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(response, StunDialect.AcceptClassic, out StunMessage message));
        Assert.Equal(StunAttributeStatus.Present, message.ReadMappedAddress(out TransportAddress mapped));
        Assert.Equal(client.LocalEndPoint, mapped.ToIPEndPoint());
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Request_ThatGetsFingerprint_HasItInTheAnswer()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp);
        using Socket client = RawClient.Udp();

        byte[] response = await RawClient.AskAsync(
            client, server.At(), Wire.Request(attributes: static (ref StunMessageWriter writer) => writer.AddFingerprint()));

        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(response, out StunMessage message));
        Assert.True(message.HasFingerprint && Fingerprint.Verify(message));
        Assert.Equal(40, response.Length);
    }

    internal static byte[] Dropped(string kind)
    {
        byte[] request = Wire.Request();
        switch (kind)
        {
            case "empty":
                return [];
            case "one-byte":
                return [0];
            case "nineteen-bytes":
                return request[..19];
            case "success":
                return Wire.Success(request, new IPEndPoint(IPAddress.Loopback, 1));
            case "error":
                return Wire.Error(request, StunErrorCode.BadRequest);
            case "indication":
                return Wire.Request(@class: StunClass.Indication);
            case "unknown-method-0fe":
                return Wire.Request((StunMethod)0x0FE);
            case "unknown-method-fff":
                return Wire.Request((StunMethod)0xFFF);
            case "allocate":
                return Wire.Request((StunMethod)0x003);
            case "wrong-cookie":
                request[7] ^= 1;
                return request;
            case "classic":
                request.AsSpan(4, 4).Fill(0x11);
                return request;
            case "wrong-fingerprint":
                byte[] marked = Wire.Request(attributes: static (ref StunMessageWriter writer) => writer.AddFingerprint());
                marked[^1] ^= 1;
                return marked;
            case "all-ff":
                return [.. Enumerable.Repeat((byte)0xFF, 1500)];
            case "rtp":
                return [0x80, .. request[1..]];
            case "channel-data":
                return [0x40, 0, 0, 4, 1, 2, 3, 4];
            case "length-13":
                return Wire.WithLength(request, 13);
            case "length-65532":
                return Wire.WithLength(request, 65532);
            case "length-0-with-100-more":
                return [.. request, .. new byte[100]];
            case "attribute-beyond-the-end":
                return Wire.WithLength([.. request, 0x80, 0x22, 0, 8], 4);
            default:
                return new byte[65507];
        }
    }
}
