using System;
using System.Text;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>The relay path allocates nothing (security.md figure S3).</summary>
public sealed class RelayPathAllocationTests : IDisposable
{
    private readonly TurnServerRun _run = new(TurnServerRun.Limited(static limits => limits with { BytesPerSecondPerUser = 10_000_000, BytesPerSecond = 10_000_000 }));
    private readonly byte[] _buffer = new byte[TurnServer.MinReplyBuffer];

    public RelayPathAllocationTests()
    {
        _run.Alice.AllocateDual().Expect(200);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Alice.Permit(Endpoints.Peer, Endpoints.Peer6).Expect(200);
    }

    public void Dispose() => _run.Dispose();

    [Fact]
    public void ChannelData_AllocatesNothing() => Messages(
        [0x40, 0, 0, 4, 1, 2, 3, 4], TurnServerDisposition.Relayed);

    [Fact]
    public void Send_AllocatesNothing()
    {
        foreach (PeerAddress peer in (PeerAddress[])[Endpoints.Peer, Endpoints.Peer6])
        {
            Messages(
                _run.Alice.Indication(StunMethod.Send, (ref StunMessageWriter writer) =>
                {
                    writer.AddXorPeerAddress(peer.Value);
                    writer.AddDontFragment();
                    writer.AddData("hello"u8);
                }),
                TurnServerDisposition.Relayed);
        }
    }

    [Fact]
    public void PeerDatagram_ToAChannel_AllocatesNothing() => Datagrams(1, Endpoints.Peer, TurnServerDisposition.Relayed);

    [Fact]
    public void PeerDatagram_ToAnIndication_AllocatesNothing()
    {
        Datagrams(1, Endpoints.Of("5.6.7.8:7001"), TurnServerDisposition.Relayed);
        Datagrams(2, Endpoints.Peer6, TurnServerDisposition.Relayed);
    }

    [Fact]
    public void Icmp_AllocatesNothing()
    {
        TurnServerDisposition disposition = default;
        Assert.Equal(0, Allocations.Measure(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                disposition = _run.Server.HandleIcmp(new RelayId(1), Endpoints.Peer, new IcmpError(3, 3, 0), _buffer, _run.Now, out _);
            }

            _run.Skip(1);
        }));
        Assert.Equal(TurnServerDisposition.Relayed, disposition);
    }

    // What is dropped costs no more than what is relayed.
    [Fact]
    public void Refused_AllocatesNothing()
    {
        Messages([0x40, 1, 0, 1, 1], TurnServerDisposition.NoChannel);
        Messages([0x40, 1, 0, 9, 1], TurnServerDisposition.Malformed);
        Messages(_run.Alice.Indication(StunMethod.Send, static (ref StunMessageWriter writer) => writer.AddData("x"u8)), TurnServerDisposition.Malformed);
        Messages(
            _run.Alice.Indication(StunMethod.Send, static (ref StunMessageWriter writer) =>
            {
                writer.AddXorPeerAddress(PeerAddresses.EndPoint("9.9.9.9:7000"));
                writer.AddData("x"u8);
            }),
            TurnServerDisposition.NoPermission);
        Messages(
            _run.Alice.Indication(StunMethod.Send, static (ref StunMessageWriter writer) =>
            {
                writer.AddXorPeerAddress(PeerAddresses.EndPoint("5.6.7.8:53"));
                writer.AddData("x"u8);
            }),
            TurnServerDisposition.ForbiddenPeer);
        Messages(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"), TurnServerDisposition.Malformed);
        Datagrams(1, Endpoints.Of("9.9.9.9:7000"), TurnServerDisposition.NoPermission);
        Datagrams(77, Endpoints.Peer, TurnServerDisposition.NoAllocation);
    }

    private void Messages(byte[] message, TurnServerDisposition expected)
    {
        TurnServerDisposition disposition = default;
        long bytes = Allocations.Measure(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                disposition = _run.Server.HandleClientMessage(message, _run.Alice.Path, _buffer, _run.Now).Disposition;
            }

            _run.Skip(0.1);
        });
        Assert.Equal((0, expected), (bytes, disposition));
    }

    private void Datagrams(long relay, PeerAddress peer, TurnServerDisposition expected)
    {
        TurnServerDisposition disposition = default;
        long bytes = Allocations.Measure(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                disposition = _run.Server.HandlePeerDatagram(new RelayId(relay), peer, _buffer, TurnServer.Headroom, 101, _run.Now, out _);
            }

            _run.Skip(1);
        });
        Assert.Equal((0, expected), (bytes, disposition));
    }
}
