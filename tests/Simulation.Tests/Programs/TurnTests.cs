using System;
using System.Collections.Generic;
using System.Text;
using Stack.Stun;
using Stack.Turn;
using Xunit;
using static Stack.Simulation.Tests.Scene;

namespace Stack.Simulation.Tests;

/// <summary>The TURN client and server on virtual hosts, over UDP and TCP.</summary>
public sealed class TurnTests
{
    [Theory]
    [InlineData(StunTransport.Udp)]
    [InlineData(StunTransport.Tcp)]
    public void Data_BothWays_IsRelayedByIndicationsAndChannels(StunTransport transport)
    {
        var simulator = new Simulator(4);
        VirtualHost turn = simulator.PublicHost("turn", "198.51.100.1");
        using var server = new VirtualTurnServer(turn, new VirtualTurnServerOptions
        {
            Udp = [At("198.51.100.1:3478")],
            Tcp = [At("198.51.100.1:3478")],
            Users = [new("user", "pass")],
        });
        (VirtualHost host, _) = simulator.NattedHost("home", NatOptions.Symmetric, outside: "203.0.113.1");
        using VirtualSocket peer = simulator.PublicHost("peer", "203.0.113.2").BindUdp(At("203.0.113.2:5000"));
        using var client = new VirtualTurnClient(host, At("192.168.1.2"), At("198.51.100.1:3478"), new ClientAllocationOptions
        {
            Credential = new LongTermCredential("user", "pass"),
            Transport = transport,
        });
        var kinds = new List<ClientAllocationEventKind>();
        var received = new List<string>();
        client.Happened = (_, happened) => kinds.Add(happened.Kind);
        client.Received = (_, from, payload) => received.Add($"{from} {Encoding.UTF8.GetString(payload)}");
        client.Allocate();
        simulator.RunFor(Seconds(1));
        Assert.Equal([ClientAllocationEventKind.Allocated], kinds);
        TransportAddress relayed = client.Allocation.Grant!.Relayed;
        Assert.True(relayed.HasSameAddress(At("198.51.100.1")));

        // A peer without a permission is not heard; early data goes in one flight with the request.
        peer.Send(relayed, "nobody");
        Assert.Equal(SendStatus.NoPermission, client.Send(peer.Local, "refused"u8, SendForm.Early));
        client.Permit(peer.Local);
        Assert.Equal(SendStatus.Indication, client.Send(peer.Local, "early"u8, SendForm.Early));
        simulator.RunFor(Seconds(1));
        Assert.Equal([("early", relayed)], peer.Take());
        peer.Send(relayed, "in");
        client.BindChannel(peer.Local);
        simulator.RunFor(Seconds(1));
        Assert.Equal(SendStatus.ChannelData, client.Send(peer.Local, "by channel"u8));
        simulator.RunFor(Seconds(1));
        Assert.Equal([("by channel", relayed)], peer.Take());
        peer.Send(relayed, "back");
        simulator.RunFor(Seconds(1));
        Assert.Equal(["203.0.113.2:5000 in", "203.0.113.2:5000 back"], received);

        // Kept alive for an hour, and then given up.
        simulator.RunFor(TimeSpan.FromHours(1));
        peer.Send(relayed, "still there");
        simulator.RunFor(Seconds(1));
        Assert.Equal("203.0.113.2:5000 still there", received[^1]);
        client.Release();
        simulator.RunFor(Seconds(1));
        Assert.Equal(0, server.AllocationCount);
        Assert.Equal(ClientAllocationEventKind.AllocationReleased, kinds[^1]);
    }

    [Fact]
    public void Peer_PrivateOrUnreachable_IsReported()
    {
        var simulator = new Simulator(4);
        VirtualHost turn = simulator.PublicHost("turn", "198.51.100.1");
        using var server = new VirtualTurnServer(turn, new VirtualTurnServerOptions { Udp = [At("198.51.100.1:3478")], Users = [new("user", "pass")] });
        VirtualHost host = simulator.PublicHost("client", "203.0.113.1");
        simulator.PublicHost("peer", "203.0.113.2");
        using var client = new VirtualTurnClient(
            host, At("203.0.113.1"), At("198.51.100.1:3478"), new ClientAllocationOptions { Credential = new LongTermCredential("user", "pass") });
        var events = new List<(ClientAllocationEventKind, TransportAddress)>();
        client.Allocate();
        simulator.RunFor(Seconds(1));
        client.Happened = (_, happened) => events.Add((happened.Kind, happened.Peer));
        client.Permit(At("10.0.0.1"), At("203.0.113.2"));
        simulator.RunFor(Seconds(1));
        client.Send(At("203.0.113.2:5000"), "closed port"u8);
        simulator.RunFor(Seconds(1));
        Assert.Contains((ClientAllocationEventKind.PermissionRefused, At("10.0.0.1")), events);
        Assert.Contains((ClientAllocationEventKind.PermissionInstalled, At("203.0.113.2")), events);
        Assert.Contains((ClientAllocationEventKind.IcmpError, At("203.0.113.2:5000")), events);
    }
}
