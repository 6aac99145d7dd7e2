using System;
using System.Text;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>Send indications (RFC 8656 section 11.2), and the DF bit (sections 13 to 15).</summary>
public sealed class SendTests : IDisposable
{
    private readonly TurnServerRun _run = new();

    public SendTests()
    {
        _run.Alice.AllocateDual().Expect(200);
        _run.Alice.Permit(Endpoints.Peer, Endpoints.Peer6).Expect(200);
    }

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Send_PermittedPeer_IsRelayed()
    {
        _run.Alice.Send(Endpoints.Peer, "hello").Are("1 -> 5.6.7.8:7000 'hello'", "next 600");
        _run.Alice.Send(Endpoints.Peer6, "hello").Are("2 -> [2a00::8]:7000 'hello'", "next 600");
    }

    // RFC 8656 section 11.2: DATA may be empty, and is sent. security.md A29.
    [Fact]
    public void Send_NoBytes_IsRelayed() => _run.Alice.Send(Endpoints.Peer, "").Are("1 -> 5.6.7.8:7000 ''", "next 600");

    // DATA that ends the message, with a length that is no multiple of four, in a buffer that ends there too.
    [Theory]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("abc")]
    [InlineData("abcd")]
    public void Send_DataBeforeOrBehindThePeer_IsTheSlice(string data)
    {
        _run.Alice.Send(Endpoints.Peer, data).Are($"1 -> 5.6.7.8:7000 '{data}'", "next 600");
        _run.Alice.Indicate((ref StunMessageWriter writer) =>
        {
            writer.AddData(Encoding.UTF8.GetBytes(data));
            writer.AddSoftware("x"u8);
            writer.AddXorPeerAddress(Endpoints.Peer.Value);
        }).Are($"1 -> 5.6.7.8:7000 '{data}'", "next 600");
    }

    // RFC 8656 section 11.2: no permission, no reply. security.md T25.
    [Theory]
    [InlineData("5.6.7.9:7000")]
    [InlineData("[2a00::9]:7000")]
    [InlineData("127.0.0.1:7000")]
    [InlineData("[::ffff:5.6.7.8]:7000")]
    public void Send_NoPermission_IsSilent(string peer)
        => _run.Alice.Send(Endpoints.Of(peer), "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");

    // RFC 8656 section 11.2: the port may be one that the server does not relay to. security.md T23.
    [Theory]
    [InlineData("5.6.7.8:0")]
    [InlineData("5.6.7.8:53")]
    [InlineData("[2a00::8]:123")]
    public void Send_ForbiddenPort_IsSilent(string peer)
        => _run.Alice.Send(Endpoints.Of(peer), "x").AreSilent(TurnServerDisposition.ForbiddenPeer, "next 600");

    // RFC 8656 section 11.2. security.md T27.
    [Fact]
    public void Send_PeerOrDataMissing_IsSilent()
    {
        _run.Alice.Indicate(static (ref StunMessageWriter writer) => writer.AddData("x"u8)).AreSilent(TurnServerDisposition.Malformed, "next 600");
        _run.Alice.Indicate(static (ref StunMessageWriter writer) => writer.AddXorPeerAddress(Endpoints.Peer.Value))
            .AreSilent(TurnServerDisposition.Malformed, "next 600");
        _run.Alice.Indicate(static (ref StunMessageWriter _) => { }).AreSilent(TurnServerDisposition.Malformed, "next 600");
    }

    [Theory]
    [InlineData("")]
    [InlineData("0001")]
    [InlineData("00011B58050607")]
    [InlineData("00031B5805060708")]
    [InlineData("00021B5805060708")]
    public void Send_MalformedPeer_IsSilent(string value) => _run.Alice.Indicate((ref StunMessageWriter writer) =>
    {
        writer.Add(StunAttributeType.XorPeerAddress, Convert.FromHexString(value));
        writer.AddData("x"u8);
    }).AreSilent(TurnServerDisposition.Malformed, "next 600");

    // RFC 8489 section 14: of attributes that occur twice the first one counts. security.md V39.
    [Fact]
    public void Send_PeerAndDataTwice_TakesTheFirst() => _run.Alice.Indicate(static (ref StunMessageWriter writer) =>
    {
        writer.AddXorPeerAddress(Endpoints.Peer.Value);
        writer.AddData("first"u8);
        writer.AddXorPeerAddress(PeerAddresses.EndPoint("5.6.7.8:9999"));
        writer.AddData("second"u8);
    }).Are("1 -> 5.6.7.8:7000 'first'", "next 600");

    // RFC 8489 section 6.3.2: an indication with a required attribute that nobody knows is discarded; an optional one is not. Section 6.3: what is
    // known and not expected, as LIFETIME, is ignored.
    [Theory]
    [InlineData(0x7FFF, false)]
    [InlineData(0x001B, false)]
    [InlineData(0x0000, false)]
    [InlineData(0x000D, true)]
    [InlineData(0xC000, true)]
    [InlineData(0x8022, true)]
    public void Send_UnknownAttribute_IsJudged(int type, bool relayed)
    {
        TurnOutputs outputs = _run.Alice.Indicate((ref StunMessageWriter writer) =>
        {
            writer.AddXorPeerAddress(Endpoints.Peer.Value);
            writer.AddData("x"u8);
            writer.Add((StunAttributeType)type, "abc"u8);
        });
        Assert.Equal(relayed ? TurnServerDisposition.Relayed : TurnServerDisposition.Malformed, outputs.Disposition);
    }

    // RFC 8656 section 5: indications are never authenticated; a wrong MESSAGE-INTEGRITY changes nothing. security.md T28.
    [Fact]
    public void Send_WrongIntegrity_IsJudgedByPermissionAlone()
    {
        byte[] permitted = _run.Alice.Indication(StunMethod.Send, static (ref StunMessageWriter writer) =>
        {
            writer.AddXorPeerAddress(Endpoints.Peer.Value);
            writer.AddData("x"u8);
        });
        byte[] wrong = TurnTestClient.Append(permitted, StunAttributeType.MessageIntegrity, new byte[20]);
        _run.Receive(wrong, _run.Alice.Path).Are("1 -> 5.6.7.8:7000 'x'", "next 600");
        byte[] other = _run.Alice.Indication(StunMethod.Send, static (ref StunMessageWriter writer) =>
        {
            writer.AddXorPeerAddress(PeerAddresses.EndPoint("5.6.7.9:7000"));
            writer.AddData("x"u8);
        });
        _run.Receive(TurnTestClient.Append(other, StunAttributeType.MessageIntegrity, new byte[20]), _run.Alice.Path)
            .AreSilent(TurnServerDisposition.NoPermission, "next 600");
    }

    // RFC 8489 section 14.5: what stands behind MESSAGE-INTEGRITY is not there, in indications neither. security.md V6.
    [Fact]
    public void Send_DataBehindIntegrity_IsMissing()
    {
        byte[] message = _run.Alice.Indication(StunMethod.Send, static (ref StunMessageWriter writer) => writer.AddXorPeerAddress(Endpoints.Peer.Value));
        message = TurnTestClient.Append(message, StunAttributeType.MessageIntegrity, new byte[20]);
        message = TurnTestClient.Append(message, StunAttributeType.Data, 1, 2, 3, 4);
        _run.Receive(message, _run.Alice.Path).AreSilent(TurnServerDisposition.Malformed, "next 600");
    }

    [Fact]
    public void Send_Fingerprint_IsChecked()
    {
        byte[] message = _run.Alice.Indication(StunMethod.Send, static (ref StunMessageWriter writer) =>
        {
            writer.AddXorPeerAddress(Endpoints.Peer.Value);
            writer.AddData("x"u8);
            writer.AddFingerprint();
        });
        _run.Receive(message, _run.Alice.Path).Are("1 -> 5.6.7.8:7000 'x'", "next 600");
        _run.Receive(TurnTestClient.Flip(message, message.Length - 1), _run.Alice.Path).AreSilent(TurnServerDisposition.WrongFingerprint, "next 600");
    }

    // RFC 8656 section 5: no allocation, no reply.
    [Fact]
    public void Send_NoAllocation_IsSilent() => _run.Bob.Send(Endpoints.Peer, "x").AreSilent(TurnServerDisposition.NoAllocation, "next 600");

    // RFC 8656 section 12.5: a client may use Send although there is a channel.
    [Fact]
    public void Send_ChannelBound_IsRelayed()
    {
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Alice.Send(Endpoints.Peer, "x").Are("1 -> 5.6.7.8:7000 'x'", "next 600");
    }

    // Client, server, peer, transport: sections 13.1 to 13.3 ignore DONT-FRAGMENT where IPv6 is translated from or to over UDP, section 14 honours it
    // for IPv4 to IPv4, and section 15 honours it for what comes over TCP.
    [Theory]
    [InlineData("198.51.100.7:41000", "5.6.7.8:7000", StunTransport.Udp, true)]
    [InlineData("198.51.100.7:41000", "[2a00::8]:7000", StunTransport.Udp, false)]
    [InlineData("[2001:db8:7::7]:41000", "5.6.7.8:7000", StunTransport.Udp, false)]
    [InlineData("[2001:db8:7::7]:41000", "[2a00::8]:7000", StunTransport.Udp, false)]
    [InlineData("198.51.100.7:41000", "5.6.7.8:7000", StunTransport.Tcp, true)]
    [InlineData("198.51.100.7:41000", "[2a00::8]:7000", StunTransport.Tls, true)]
    [InlineData("[2001:db8:7::7]:41000", "5.6.7.8:7000", StunTransport.Tls, true)]
    [InlineData("[2001:db8:7::7]:41000", "[2a00::8]:7000", StunTransport.Tcp, true)]
    public void Send_DontFragment_IsHonouredAsTheTranslationHasIt(string address, string peer, StunTransport transport, bool honoured)
    {
        using TurnTestClient client = _run.Client("bob", PeerAddresses.EndPoint(address), transport);
        client.AllocateDual().Expect(200);
        client.Permit(Endpoints.Peer, Endpoints.Peer6).Expect(200);
        Assert.Equal(honoured, client.Send(Endpoints.Of(peer), "x", dontFragment: true).Forward.DontFragment);
        TurnOutputs without = client.Send(Endpoints.Of(peer), "x");
        Assert.Equal((TurnServerDisposition.Relayed, false), (without.Disposition, without.Forward.DontFragment));
    }

    // RFC 8656 section 11.2: where DF cannot be set the attribute is unknown, and the indication is discarded.
    [Fact]
    public void Send_DontFragmentUnsupported_IsSilent()
    {
        using var run = new TurnServerRun(TurnServerRun.Options with { SupportsDontFragment = false });
        run.Alice.Allocate().Expect(200);
        run.Alice.Permit(Endpoints.Peer).Expect(200);
        run.Alice.Send(Endpoints.Peer, "x", dontFragment: true).AreSilent(TurnServerDisposition.Malformed, "next 600");
        run.Alice.Send(Endpoints.Peer, "x").Are("1 -> 5.6.7.8:7000 'x'", "next 600");
    }

    // security.md A30.
    [Fact]
    public void Send_DontFragmentWithAValue_IsSilent() => _run.Alice.Indicate(static (ref StunMessageWriter writer) =>
    {
        writer.AddXorPeerAddress(Endpoints.Peer.Value);
        writer.Add(StunAttributeType.DontFragment, [0, 0, 0, 0]);
        writer.AddData("x"u8);
    }).AreSilent(TurnServerDisposition.Malformed, "next 600");

    // The largest that a stream can bring still has to fit a datagram to the peer.
    [Theory]
    [InlineData(65496, true)]
    [InlineData(65508, false)]
    public void Send_LargerThanADatagram_IsSilent(int length, bool relayed)
    {
        using TurnTestClient client = _run.Client("bob", Endpoints.Bob, StunTransport.Tcp);
        client.Allocate().Expect(200);
        client.Permit(Endpoints.Peer).Expect(200);
        TurnOutputs outputs = client.Send(Endpoints.Peer, new string('x', length));
        Assert.Equal(relayed ? TurnServerDisposition.Relayed : TurnServerDisposition.TooLarge, outputs.Disposition);
    }

    // Only clients of the method send it: other indications and all responses are nobody's answer. security.md V13, D16, D17.
    [Theory]
    [InlineData(StunMethod.Data, StunClass.Indication)]
    [InlineData(StunMethod.Binding, StunClass.Indication)]
    [InlineData(StunMethod.Allocate, StunClass.Indication)]
    [InlineData(StunMethod.ConnectionAttempt, StunClass.Indication)]
    [InlineData(StunMethod.Send, StunClass.SuccessResponse)]
    [InlineData(StunMethod.Allocate, StunClass.SuccessResponse)]
    [InlineData(StunMethod.Allocate, StunClass.ErrorResponse)]
    [InlineData(StunMethod.Binding, StunClass.SuccessResponse)]
    [InlineData(StunMethod.Binding, StunClass.ErrorResponse)]
    public void Message_OfAClassThatClientsDoNotSend_IsSilent(StunMethod method, StunClass messageClass)
    {
        byte[] buffer = new byte[200];
        var writer = new StunMessageWriter(buffer, new StunMessageType(method, messageClass), _run.NextTransaction());
        writer.AddXorPeerAddress(Endpoints.Peer.Value);
        writer.AddData("x"u8);
        _run.Receive(writer.Written, _run.Alice.Path).AreSilent(TurnServerDisposition.NotARequest, "next 600");
    }
}
