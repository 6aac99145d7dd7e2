using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;
using static Stack.Simulation.Tests.Scene;

namespace Stack.Simulation.Tests;

/// <summary>Interfaces that come and go, and sockets.</summary>
public sealed class HostTests
{
    private readonly Simulator _simulator = new(8);
    private readonly VirtualHost _host;
    private readonly VirtualSocket _peer;

    public HostTests()
    {
        _host = _simulator.PublicHost("host", "203.0.113.1", "203.0.113.2");
        _peer = _simulator.PublicHost("peer", "198.51.100.1").BindUdp(At("198.51.100.1:1"));
    }

    [Fact]
    public void Interface_DownRemovedAndBack_SocketsFollow()
    {
        VirtualInterface wifi = _host.Interfaces[0];
        var changes = new List<(VirtualInterface Interface, bool IsUp)>();
        _host.InterfaceChanged += (_, changed) => changes.Add((changed.Interface, changed.Interface.IsUp));
        using VirtualSocket socket = _host.BindUdp(At("203.0.113.1:1000"));
        Assert.Equal(SendOutcome.Sent, socket.Send(_peer.Local, "1"));
        wifi.IsUp = false;
        Assert.Equal(SendOutcome.NoAddress, socket.Send(_peer.Local, "2"));
        wifi.IsUp = true;
        Assert.Equal(SendOutcome.Sent, socket.Send(_peer.Local, "3"));
        Assert.True(wifi.RemoveAddress(At("203.0.113.1")));
        Assert.False(wifi.RemoveAddress(At("203.0.113.1")));
        Assert.Equal(SendOutcome.NoAddress, socket.Send(_peer.Local, "4"));
        wifi.AddAddress(At("203.0.113.1"));
        Assert.Equal(SendOutcome.Sent, socket.Send(_peer.Local, "5"));
        _host.RemoveInterface(wifi);
        Assert.Equal(SendOutcome.NoAddress, socket.Send(_peer.Local, "6"));
        VirtualInterface cellular = _host.AddInterface(_simulator.Internet, "203.0.113.1");
        Assert.Equal(SendOutcome.Sent, socket.Send(_peer.Local, "7"));
        _simulator.RunFor(Ms(1));
        Assert.Equal(["1", "3", "5", "7"], _peer.Take().Select(static one => one.Text));
        Assert.Equal([(wifi, false), (wifi, true), (wifi, true), (wifi, true), (wifi, false), (cellular, true)], changes);
    }

    [Fact]
    public void Interface_Gone_WhatIsUnderWayIsLost()
    {
        _host.Interfaces[0].Link.Down = LinkProfile.WithLatency(Ms(10));
        using VirtualSocket socket = _host.BindUdp(At("203.0.113.1:1000"));
        _peer.Send(socket.Local, "late");
        _simulator.RunFor(Ms(5));
        _host.RemoveInterface(_host.Interfaces[0]);
        _simulator.RunFor(Ms(50));
        Assert.Empty(socket.Take());
        Assert.Equal(1, _simulator.CountOf(PacketFate.LinkDown));
        Assert.Empty(_host.Interfaces);
    }

    [Fact]
    public void Socket_Wildcard_TakesAllAddressesAndSendsFromTheFirst()
    {
        using VirtualSocket any = _host.BindUdp(At("0.0.0.0:1000"));
        _peer.Send(At("203.0.113.1:1000"), "one");
        _peer.Send(At("203.0.113.2:1000"), "two");
        any.Send(_peer.Local, "back");
        _simulator.RunFor(Ms(1));
        Assert.Equal(["one", "two"], any.Take().Select(static one => one.Text));
        Assert.Equal(At("203.0.113.1:1000"), Assert.Single(_peer.Take()).From);
    }

    [Fact]
    public void Socket_Ports_AreFreeOrRefused()
    {
        using VirtualSocket first = _host.BindUdp(At("203.0.113.1:0"));
        using VirtualSocket second = _host.BindUdp(At("203.0.113.1:0"));
        Assert.NotEqual(first.Local, second.Local);
        Assert.InRange(first.Local.Port, 32768, 60999);
        Assert.False(_host.TryBindUdp(first.Local, out _));
        Assert.Throws<InvalidOperationException>(() => _host.BindUdp(first.Local));
        Assert.Throws<ArgumentException>(() => _host.BindUdp(At("203.0.113.9:1")));
        first.Dispose();
        Assert.Equal(SendOutcome.Closed, first.Send(_peer.Local, "x"));
        Assert.True(_host.TryBindUdp(first.Local, out VirtualSocket? again));
        again!.Dispose();
    }

    [Fact]
    public void Socket_FullBuffer_DropsWhatComes()
    {
        using VirtualSocket socket = _host.BindUdp(At("203.0.113.1:1000"));
        socket.Capacity = 3;
        for (int i = 0; i < 5; i++)
        {
            _peer.Send(socket.Local, "x");
        }

        _simulator.RunFor(Ms(1));
        Assert.Equal(3, socket.Take().Count);
        Assert.Equal(2, _simulator.CountOf(PacketFate.BufferFull));
    }

    [Fact]
    public void Socket_ToItsOwnHost_ArrivesAfterTheCall()
    {
        using VirtualSocket a = _host.BindUdp(At("203.0.113.1:1000"));
        using VirtualSocket b = _host.BindUdp(At("203.0.113.2:1000"));
        bool inCall = true;
        bool received = false;
        b.Received = (_, _, _) =>
        {
            Assert.False(inCall);
            received = true;
        };
        a.Send(b.Local, "x");
        inCall = false;
        _simulator.RunFor(TimeSpan.Zero);
        Assert.True(received);
    }

    [Fact]
    public void Send_WithoutAWay_IsRefused()
    {
        Network island = _simulator.CreateNetwork("island");
        _host.AddInterface(island, "10.0.0.1");
        using VirtualSocket socket = _host.BindUdp(At("10.0.0.1:1"));
        Assert.Equal(SendOutcome.NoRoute, socket.Send(_peer.Local, "x"));
        Assert.Equal(SendOutcome.NoRoute, socket.Send(At("[2001:db8::1]:1"), "x"));
        Assert.Equal(SendOutcome.TooLong, socket.Send(_peer.Local, new byte[65508]));
        using VirtualSocket online = _host.BindUdp(At("203.0.113.1:1"));
        Assert.Equal(SendOutcome.Sent, online.Send(At("192.0.2.77:1"), "into the void"));
        _simulator.RunFor(Ms(1));
        Assert.Equal(1, _simulator.CountOf(PacketFate.NoRoute));
        Assert.Throws<ArgumentException>(() => _host.AddInterface(_simulator.Internet, "198.51.100.1"));
    }

    [Fact]
    public void LinkLocal_WithAZone_IsReachedOnTheSameNetworkOnly()
    {
        Network lan = _simulator.CreateNetwork("lan");
        _ = new PlainRouter("r", lan, _simulator.Internet, Endpoint.ParsePrefix("2001:db8:1::/48"));
        _host.AddInterface(lan, "fe80::1");
        VirtualHost other = _simulator.CreateHost("other");
        other.AddInterface(lan, "fe80::2");
        using VirtualSocket a = _host.BindUdp(At("[fe80::1]:1"));
        using VirtualSocket b = other.BindUdp(At("[fe80::2]:1"));
        Assert.Equal(SendOutcome.Sent, a.Send(At("[fe80::2%3]:1"), "x"));
        Assert.Equal(SendOutcome.NoRoute, a.Send(At("[fe80::3]:1"), "x"));
        _simulator.RunFor(Ms(1));
        Assert.Equal([("x", a.Local)], b.Take());
    }

    [Fact]
    public void Routers_InACircle_DoNotForwardForever()
    {
        Network left = _simulator.CreateNetwork("left");
        Network right = _simulator.CreateNetwork("right");
        _ = new PlainRouter("one", left, right, Endpoint.ParsePrefix("192.0.2.0/25"));
        _ = new PlainRouter("two", right, left, Endpoint.ParsePrefix("192.0.2.128/25"));
        VirtualHost lost = _simulator.CreateHost("lost");
        lost.AddInterface(left, "10.0.0.1");
        lost.BindUdp(At("10.0.0.1:1")).Send(At("198.51.100.200:1"), "x");
        _simulator.RunFor(Ms(1));
        Assert.Equal(1, _simulator.CountOf(PacketFate.TooManyHops));
    }
}
