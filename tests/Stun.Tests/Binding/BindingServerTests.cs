using System;
using System.Buffers.Binary;
using System.Linq;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>The basic server of RFC 8489 section 12, byte by byte.</summary>
public sealed class BindingServerTests
{
    private readonly BindingExchange _server = new();

    [Fact]
    public void Request_Of20BytesOverIPv4_Gets32()
    {
        // 198.51.100.7 ^ 2112A442 = E721C045; 40000 ^ 2112 = BD52.
        Assert.Equal("0101000C2112A4420102030405060708090A0B0C002000080001BD52E721C045", _server.SendHex(BindingExchange.BareRequest));
        Assert.Equal(new BindingReply(BindingExchange.Alternate.Primary, BindingExchange.Client, 32), _server.Reply);
    }

    [Fact]
    public void Request_Of20BytesOverIPv6_Gets44()
    {
        // 2001:db8::7 ^ cookie and id.
        Assert.Equal(
            "010100182112A4420102030405060708090A0B0C002000140002BD520113A9FA0102030405060708090A0B0B",
            _server.SendHex(BindingExchange.BareRequest, BindingExchange.Client6));
    }

    [Fact]
    public void Request_OverTcp_GetsTheSame()
        => Assert.Equal(32, _server.Send(BindingExchange.BareRequest, reliable: true).Length);

    [Fact]
    public void Request_WithFingerprint_GetsOne()
    {
        byte[] request = BindingExchange.Request(static (ref StunMessageWriter writer) => writer.AddFingerprint());
        byte[] reply = _server.Send(request);
        Assert.Equal(40, reply.Length);
        Assert.True(Fingerprint.Verify(CredentialBench.Decode(reply)));
        request[^1] ^= 0x80;
        Assert.Empty(_server.Send(request));
        Assert.Equal(BindingDisposition.WrongFingerprint, _server.Disposition);
    }

    [Theory]
    [InlineData("0101", BindingDisposition.NotARequest)]
    [InlineData("0111", BindingDisposition.NotARequest)]
    [InlineData("0011", BindingDisposition.NotARequest)]
    [InlineData("0003", BindingDisposition.UnknownMethod)]
    [InlineData("0002", BindingDisposition.UnknownMethod)]
    [InlineData("0000", BindingDisposition.UnknownMethod)]
    [InlineData("0EEE", BindingDisposition.UnknownMethod)]
    [InlineData("3EEF", BindingDisposition.UnknownMethod)]
    [InlineData("8001", BindingDisposition.Malformed)]
    [InlineData("4001", BindingDisposition.Malformed)]
    [InlineData("C001", BindingDisposition.Malformed)]
    public void Datagram_NotABindingRequest_GetsNothing(string type, BindingDisposition expected)
    {
        byte[] datagram = [.. Convert.FromHexString(type), .. BindingExchange.BareRequest[2..]];
        foreach (BindingServerOptions options in (BindingServerOptions[])[new(), new() { Alternate = BindingExchange.Alternate, Classic = true }])
        {
            var server = new BindingExchange(options);
            Assert.Empty(server.Send(datagram));
            Assert.Equal(expected, server.Disposition);
            Assert.Empty(server.Send(datagram, reliable: true));
        }
    }

    [Fact]
    public void Datagram_Malformed_GetsNothing()
    {
        for (int length = 0; length < 20; length++)
        {
            Assert.Empty(_server.Send(BindingExchange.BareRequest[..length]));
        }

        foreach (ushort length in (ushort[])[1, 2, 3, 4, 5, 8, 65532, 65533])
        {
            byte[] datagram = [.. BindingExchange.BareRequest];
            BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), length);
            Assert.Empty(_server.Send(datagram));
        }

        Assert.Empty(_server.Send([.. BindingExchange.BareRequest, .. new byte[100]]));
        Assert.Empty(_server.Send([.. Enumerable.Repeat((byte)0xFF, 1500)]));
        for (int bit = 32; bit < 64; bit++)
        {
            byte[] datagram = [.. BindingExchange.BareRequest];
            datagram[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Empty(_server.Send(datagram));
        }
    }

    [Fact]
    public void Request_UnknownAttributes_Gets420WithEachOnce()
    {
        byte[] request = BindingExchange.Request(static (ref StunMessageWriter writer) =>
        {
            writer.AddFlag((StunAttributeType)0x7001);
            writer.AddFlag((StunAttributeType)0x9001);
            writer.AddFlag((StunAttributeType)0x0003);
            writer.AddFlag((StunAttributeType)0x7001);
            writer.AddFlag((StunAttributeType)0x0024);
        });
        Assert.Equal("011100142112A4420102030405060708090A0B0C0009000400000414000A0006700100030024" + "0000", _server.SendHex(request));
        Assert.Equal(BindingDisposition.Refused, _server.Disposition);
    }

    [Fact]
    public void Request_TwoHundredUnknownAttributes_GetsAShorterReply()
    {
        byte[] request = BindingExchange.Request(static (ref StunMessageWriter writer) =>
        {
            for (int i = 0; i < 200; i++)
            {
                writer.AddFlag((StunAttributeType)(0x7000 + i));
            }
        });
        Assert.Equal(20 + 8 + 4 + 64, _server.Send(request).Length);
    }

    [Fact]
    public void Request_KnownButUnexpectedAttributes_AreIgnored()
    {
        using IntegrityKey key = new("k"u8);
        byte[] request = BindingExchange.Request((ref StunMessageWriter writer) =>
        {
            writer.AddUsername("u"u8);
            writer.AddRealm("r"u8);
            writer.AddNonce("n"u8);
            writer.AddSoftware("s"u8);
            writer.AddMessageIntegrity(key);
        });
        Assert.Equal(32, _server.Send(request).Length);
    }

    [Fact]
    public void Request_UnknownAttributeBehindTheIntegrity_IsNotSeen()
    {
        using IntegrityKey key = new("k"u8);
        byte[] request = BindingExchange.Request((ref StunMessageWriter writer) => writer.AddMessageIntegrity(key));
        byte[] extended = [.. request, 0x70, 0x01, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(extended.AsSpan(2), (ushort)(extended.Length - 20));
        Assert.Equal(32, _server.Send(extended).Length);
    }

    // Refused at once: a server that found out with each answer would never give one.
    [Theory]
    [InlineData('s', 127, true)]
    [InlineData('s', 128, false)]
    [InlineData('ä', 127, true)]
    [InlineData('ä', 128, false)]
    public void Software_OfMoreThan127Characters_IsRefusedAtOnce(char letter, int count, bool fits)
    {
        var options = new BindingServerOptions { Software = new string(letter, count) };
        if (fits)
        {
            Assert.NotEmpty(new BindingExchange(options).Send(BindingExchange.BareRequest));
            return;
        }

        Assert.Throws<ArgumentException>(() => new BindingServer(options));
    }

    [Fact]
    public void Software_AskedFor_IsPaddedWithZeroes()
    {
        var server = new BindingExchange(new BindingServerOptions { Software = "stack" });
        Assert.EndsWith("80220005" + "737461636B000000", server.SendHex(BindingExchange.BareRequest), StringComparison.Ordinal);
    }

    [Fact]
    public void Servers_WiredAtEachOther_FallSilentAfterOneReply()
    {
        foreach (BindingServerOptions options in (BindingServerOptions[])[new(), new() { Alternate = BindingExchange.Alternate, Classic = true }])
        {
            var left = new BindingExchange(options);
            var right = new BindingExchange(options);
            byte[][] first =
            [
                BindingExchange.BareRequest,
                BindingExchange.Request(static (ref StunMessageWriter writer) => writer.AddFlag((StunAttributeType)0x7001)),
                [.. BindingExchange.BareRequest[..4], .. new byte[16]],
            ];
            foreach (byte[] spoofed in first)
            {
                byte[] reply = left.Send(spoofed);
                Assert.Empty(right.Send(reply));
                Assert.Empty(left.Send(right.Send(reply)));
            }
        }
    }

    [Fact]
    public void Request_EveryKind_AllocatesNothing()
    {
        foreach (BindingServerOptions options in (BindingServerOptions[])[new(), new() { Alternate = BindingExchange.Alternate, Classic = true }])
        {
            var server = new BindingServer(options);
            byte[] buffer = new byte[2048];
            byte[][] datagrams =
            [
                BindingExchange.BareRequest,
                BindingExchange.Request(static (ref StunMessageWriter writer) => writer.AddFlag((StunAttributeType)0x7001)),
                BindingExchange.Request(static (ref StunMessageWriter writer) => writer.AddChangeRequest(ChangeRequestFlags.ChangeIP)),
                [.. BindingExchange.BareRequest[..4], .. new byte[16]],
                new byte[100],
            ];
            var arrival = new BindingArrival(BindingExchange.Client, BindingExchange.Alternate.Primary, false, Instant.Zero);
            Assert.Equal(0, Allocations.Measure(() =>
            {
                foreach (byte[] datagram in datagrams)
                {
                    server.HandleDatagram(datagram, arrival, buffer, out _);
                }
            }));
        }
    }

    [Fact]
    public void Datagrams_AMillionRandomOnes_OnlyRequestsGetReplies()
    {
        using var random = new SeededRandom(42);
        var plain = new BindingExchange();
        var full = new BindingExchange(new BindingServerOptions { Alternate = BindingExchange.Alternate, Classic = true });
        byte[] buffer = new byte[120];
        int replies = 0;
        using var exceptions = new FirstChanceExceptions();
        for (int i = 0; i < 1_000_000; i++)
        {
            BindingExchange server = (i & 1) == 0 ? plain : full;
            byte[] datagram = Mutate(random, buffer);
            byte[] reply = server.Send(datagram, (i & 2) == 0 ? BindingExchange.Client : BindingExchange.Client6);
            if (reply.Length == 0)
            {
                continue;
            }

            replies++;
            Assert.Equal(0x0001, BinaryPrimitives.ReadUInt16BigEndian(datagram));
            Assert.Equal(0x01, reply[0]);
            Assert.True(reply.AsSpan(4, 16).SequenceEqual(datagram.AsSpan(4, 16)));
            int allowed = (server == plain ? 44 : 20 + (4 * 24)) + datagram.Length;
            Assert.True(reply.Length <= allowed, $"{datagram.Length} -> {reply.Length}");
            Assert.Equal(-1, reply.AsSpan(20).IndexOf((ReadOnlySpan<byte>)[0xA5, 0xA5, 0xA5]));
        }

        Assert.True(replies > 50_000, $"{replies}");
        Assert.Equal(0, exceptions.Total);
    }

    private static byte[] Mutate(SeededRandom random, byte[] buffer)
    {
        var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, TransactionId.Create(random));
        int attributes = random.Next(4);
        for (int i = 0; i < attributes; i++)
        {
            int type = random.Next(3) == 0 ? random.Next(65536) : random.Next(0x30);
            if ((StunAttributeType)type is not (StunAttributeType.MessageIntegrity or StunAttributeType.MessageIntegritySha256 or StunAttributeType.Fingerprint))
            {
                Span<byte> value = writer.Reserve((StunAttributeType)type, random.Next(9));
                random.GetBytes(value);

                // So that a run of 0xA5 in a reply can only come from the buffer.
                for (int at = 0; at < value.Length; at++)
                {
                    value[at] ^= (byte)(value[at] == 0xA5 ? 1 : 0);
                }
            }
        }

        byte[] datagram = writer.Written.ToArray();
        switch (random.Next(4))
        {
            case 0:
                datagram[random.Next(datagram.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                return datagram[..random.Next(datagram.Length + 1)];
        }

        return datagram;
    }
}
