using System;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>The server of RFC 5780 section 6.</summary>
public sealed class DiscoveryServerTests
{
    private static readonly AlternateAddresses Alternate = BindingExchange.Alternate;

    private readonly BindingExchange _server = new(new BindingServerOptions { Alternate = Alternate });

    public static TheoryData<int, ChangeRequestFlags, string> Table1
    {
        get
        {
            // Rows: arrived at A1:P1, A1:P2, A2:P1, A2:P2; columns: none, change IP, change port, both.
            string[][] origins =
            [
                ["192.0.2.10:3478", "192.0.2.20:3478", "192.0.2.10:3479", "192.0.2.20:3479"],
                ["192.0.2.10:3479", "192.0.2.20:3479", "192.0.2.10:3478", "192.0.2.20:3478"],
                ["192.0.2.20:3478", "192.0.2.10:3478", "192.0.2.20:3479", "192.0.2.10:3479"],
                ["192.0.2.20:3479", "192.0.2.10:3479", "192.0.2.20:3478", "192.0.2.10:3478"],
            ];
            ChangeRequestFlags[] flags =
                [ChangeRequestFlags.None, ChangeRequestFlags.ChangeIP, ChangeRequestFlags.ChangePort, ChangeRequestFlags.ChangeIP | ChangeRequestFlags.ChangePort];
            var table = new TheoryData<int, ChangeRequestFlags, string>();
            for (int row = 0; row < 4; row++)
            {
                for (int column = 0; column < 4; column++)
                {
                    table.Add(row, flags[column], origins[row][column]);
                }
            }

            return table;
        }
    }

    [Theory]
    [MemberData(nameof(Table1))]
    public void ChangeRequest_Table1_DecidesOriginAndOtherAddress(int arrivedAt, ChangeRequestFlags flags, string origin)
    {
        TransportAddress local = Alternate.ToArray()[arrivedAt];
        byte[] reply = _server.Send(BindingExchange.Request((ref StunMessageWriter writer) => writer.AddChangeRequest(flags)), local: local);
        TransportAddress expected = DiscoveryScenario.Address(origin);
        Assert.Equal(new BindingReply(expected, BindingExchange.Client, reply.Length), _server.Reply);
        StunMessage message = CredentialBench.Decode(reply);
        message.ReadResponseOrigin(out TransportAddress said);
        message.ReadOtherAddress(out TransportAddress other);
        Assert.Equal(expected, said);
        Assert.Equal(Alternate.ToArray()[3 - arrivedAt], other);
    }

    [Fact]
    public void Request_Bare_GetsBothMappedAddressesOriginAndOther()
        => Assert.Equal(
            "010100302112A4420102030405060708090A0B0C"
            + "002000080001BD52E721C045" + "0001000800019C40C6336407"
            + "802B000800010D96C000020A" + "802C000800010D97C0000214",
            _server.SendHex(BindingExchange.BareRequest));

    [Theory]
    [InlineData(4)]
    [InlineData(100)]
    [InlineData(1400)]
    [InlineData(3)]
    [InlineData(0)]
    public void Padding_Request_GetsNoMore(int length)
    {
        byte[] reply = _server.Send(BindingExchange.Request((ref StunMessageWriter writer) => writer.AddPadding(length)));
        Assert.Equal(StunAttributeStatus.Present, CredentialBench.Decode(reply).ReadPadding(out int answered));
        Assert.Equal(length & ~3, answered);
        Assert.Equal(20 + (4 * 12) + 4 + answered, reply.Length);
        Assert.DoesNotContain((byte)0xA5, reply);
    }

    [Fact]
    public void Padding_BufferOfTheSmallestSize_FitsWithFingerprint()
    {
        var server = new BindingServer(new BindingServerOptions { Alternate = Alternate, RateLimit = null, Software = new string('s', 100) });
        byte[] request = BindingExchange.Request(static (ref StunMessageWriter writer) =>
        {
            writer.AddPadding(BindingServer.MinReplyBuffer - 32);
            writer.AddFingerprint();
        });
        Assert.Equal(BindingServer.MinReplyBuffer, request.Length);
        byte[] buffer = new byte[BindingServer.MinReplyBuffer];
        var arrival = new BindingArrival(BindingExchange.Client6, Alternate.Primary, false, Instant.Zero);
        Assert.Equal(BindingDisposition.Answered, server.HandleDatagram(request, arrival, buffer, out BindingReply reply));
        Assert.True(Fingerprint.Verify(CredentialBench.Decode(buffer[..reply.Length])));
    }

    [Fact]
    public void PaddingAndResponsePort_Together_Get400()
    {
        byte[] request = BindingExchange.Request(static (ref StunMessageWriter writer) =>
        {
            writer.AddResponsePort(5000);
            writer.AddPadding(8);
        });
        Assert.Equal("011100082112A4420102030405060708090A0B0C0009000400000400", _server.SendHex(request));
        Assert.Equal(BindingExchange.Client, _server.Reply.Destination);
    }

    [Theory]
    [InlineData("1388", 5000)]
    [InlineData("13880000", 5000)]
    [InlineData("0001", 1)]
    [InlineData("FFFF0000", 65535)]
    public void ResponsePort_Request_IsAnsweredThere(string value, int port)
    {
        byte[] request = BindingExchange.Request((ref StunMessageWriter writer) => writer.Add(StunAttributeType.ResponsePort, Convert.FromHexString(value)));
        byte[] reply = _server.Send(request);
        Assert.Equal(BindingExchange.Client.WithPort(port), _server.Reply.Destination);
        CredentialBench.Decode(reply).ReadXorMappedAddress(out TransportAddress mapped);
        Assert.Equal(BindingExchange.Client, mapped);
    }

    [Theory]
    [InlineData(StunAttributeType.ResponsePort, "0000")]
    [InlineData(StunAttributeType.ResponsePort, "")]
    [InlineData(StunAttributeType.ResponsePort, "138800")]
    [InlineData(StunAttributeType.ResponsePort, "1388000000000000")]
    [InlineData(StunAttributeType.ChangeRequest, "")]
    [InlineData(StunAttributeType.ChangeRequest, "000006")]
    [InlineData(StunAttributeType.ChangeRequest, "0000000600000000")]
    public void Attribute_Malformed_Gets400AtTheSource(StunAttributeType type, string value)
    {
        byte[] request = BindingExchange.Request((ref StunMessageWriter writer) => writer.Add(type, Convert.FromHexString(value)));
        Assert.EndsWith("0009000400000400", _server.SendHex(request), StringComparison.Ordinal);
        Assert.Equal(BindingExchange.Client, _server.Reply.Destination);
    }

    [Fact]
    public void ChangeRequest_OverTcpOrWithoutAlternates_Gets420()
    {
        byte[] request = BindingExchange.Request(static (ref StunMessageWriter writer) => writer.AddChangeRequest(ChangeRequestFlags.None));
        const string Refusal = "011100102112A4420102030405060708090A0B0C0009000400000414000A000200030000";
        Assert.Equal(Refusal, _server.SendHex(request, reliable: true));
        Assert.Equal(Refusal, new BindingExchange().SendHex(request));

        // An endpoint that is none of the four has no alternates either.
        Assert.Equal(Refusal, _server.SendHex(request, local: Alternate.Primary.WithPort(9)));
        Assert.Equal(32, _server.Send(BindingExchange.BareRequest, reliable: true).Length);
    }

    [Fact]
    public void Alternates_SameAddressPortOrOtherFamily_Throw()
    {
        TransportAddress primary = Alternate.Primary;
        Assert.Throws<ArgumentException>(() => new AlternateAddresses(primary, primary.WithPort(3479)));
        Assert.Throws<ArgumentException>(() => new AlternateAddresses(primary, Alternate.Alternate.WithPort(primary.Port)));
        Assert.Throws<ArgumentException>(() => new AlternateAddresses(primary, DiscoveryScenario.Address("[2001:db8::1]:3479")));
        Assert.Throws<ArgumentException>(() => new AlternateAddresses(default, default));
    }
}
