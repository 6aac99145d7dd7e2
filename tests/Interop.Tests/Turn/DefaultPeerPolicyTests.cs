using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Turn;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary><c>stackcli serve</c> with the peers that it allows by default, on public addresses, in a network that has all addresses.</summary>
public sealed class DefaultPeerPolicyTests
{
    private const int Port = 7777;
    private const int ServerPort = 3478;

    public static TheoryData<int> Families => [4, 6];

    // security.md section 2.1, T14, T15, T17, C3: whatever it is asked with, and nothing leaves the server.
    [RequiresTheory(Requirement.NatLab)]
    [MemberData(nameof(Families))]
    public async Task EveryEntryPoint_DeniedPeer_Is403AndNothingLeaves(int family)
    {
        await using OpenNetwork network = await OpenNetwork.CreateAsync();
        await using LabProcess server = await ServeAsync(network);
        await network.CountAsync("udp", $"udp dport {Port}");
        await network.CountAsync("tcp", $"tcp dport {Port}");
        IReadOnlyList<IPAddress> denied = family == 4 ? DeniedPeers.IPv4 : DeniedPeers.IPv6;
        StunAddressFamily relays = family == 4 ? StunAddressFamily.IPv4 : StunAddressFamily.IPv6;
        using TurnWireClient client = TurnWireClient.Udp(network.World, EndPoint(network, family));
        client.Allocate(RelayProtocol.Udp, relays);
        using TurnWireClient control = TurnWireClient.Tcp(network.World, EndPoint(network, family));
        control.Allocate(RelayProtocol.Tcp, relays);

        var let = new List<string>();
        foreach (IPAddress address in denied)
        {
            var peer = new IPEndPoint(address, Port);
            Note("CreatePermission", address, client.Permit(address));
            Note("ChannelBind", address, client.Bind(0x4000, peer));
            Note("Connect", address, control.ConnectTo(peer));
            client.SendTo(peer, [1]);
        }

        Assert.Empty(let);

        // The counters do count, once the server has read everything.
        IPAddress good = family == 4 ? network.World.Address : network.World.Addresses6.First();
        using Socket receiver = TurnWireClient.Peer(network.World, good, Port);
        Assert.Equal(default, client.Permit(good));
        client.SendTo(new IPEndPoint(good, Port), [2]);
        byte[] received = new byte[8];
        Assert.Equal(1, receiver.Receive(received));
        Assert.Equal(2, received[0]);
        Assert.Equal(StunErrorCode.ConnectionTimeoutOrFailure, control.ConnectTo(new IPEndPoint(good, Port)));
        Assert.Equal(1, await network.ReadCountAsync("udp"));
        Assert.Equal(1, await network.ReadCountAsync("tcp"));

        void Note(string method, IPAddress address, StunErrorCode code)
        {
            if (code != StunErrorCode.Forbidden)
            {
                let.Add($"{method} {address}: {(int)code}");
            }
        }
    }

    [RequiresTheory(Requirement.NatLab)]
    [MemberData(nameof(Families))]
    public async Task PublicPeer_IsRelayedBothWays(int family)
    {
        await using OpenNetwork network = await OpenNetwork.CreateAsync();
        await using LabProcess server = await ServeAsync(network);
        using TurnWireClient client = TurnWireClient.Udp(network.World, EndPoint(network, family));
        IPEndPoint relayed = client.Allocate(RelayProtocol.Udp, family == 4 ? StunAddressFamily.IPv4 : StunAddressFamily.IPv6);
        IPAddress near = family == 4 ? network.World.Address : network.World.Addresses6.First();
        IPAddress far = IPAddress.Parse(family == 4 ? "8.8.4.4" : "2606:4700::1111");
        int channel = 0x4000;
        foreach (IPAddress address in new[] { near, far })
        {
            using Socket peer = TurnWireClient.Peer(network.World, address);
            Assert.Equal(default, client.Permit(address));
            AssertRelays(client, relayed, peer, channel: null);
            Assert.Equal(default, client.Bind(++channel, (IPEndPoint)peer.LocalEndPoint!));
            AssertRelays(client, relayed, peer, channel);
        }
    }

    // Whether or not such a permission is given, there is no way from an IPv6 relay to an IPv4 host, and no other relay steps in.
    [RequiresFact(Requirement.NatLab)]
    public async Task MappedPublicPeer_OnIPv6Allocation_IsNotReached()
    {
        await using OpenNetwork network = await OpenNetwork.CreateAsync();
        await using LabProcess server = await ServeAsync(network);
        await network.CountAsync("udp", $"udp dport {Port}");
        using TurnWireClient client = TurnWireClient.Udp(network.World, EndPoint(network, 6));
        IPEndPoint relayed = client.Allocate(RelayProtocol.Udp, StunAddressFamily.IPv6);
        IPAddress mapped = network.World.Address.MapToIPv6();
        client.Permit(mapped);
        client.SendTo(new IPEndPoint(mapped, Port), [1]);
        client.Bind(0x4000, new IPEndPoint(mapped, Port));
        client.SendOnChannel(0x4000, [1]);
        using Socket peer = TurnWireClient.Peer(network.World, network.World.Addresses6.First());
        Assert.Equal(default, client.Permit(network.World.Addresses6));
        AssertRelays(client, relayed, peer, channel: null);
        Assert.Equal(0, await network.ReadCountAsync("udp"));
    }

    [RequiresFact(Requirement.NatLab)]
    public async Task Connect_PublicPeer_Succeeds()
    {
        await using OpenNetwork network = await OpenNetwork.CreateAsync();
        await using LabProcess server = await ServeAsync(network);
        using TurnWireClient control = TurnWireClient.Tcp(network.World, EndPoint(network, 4));
        control.Allocate(RelayProtocol.Tcp);
        using Socket listener = network.World.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(network.World.Address, 0));
        listener.Listen(1);
        Assert.Equal(default, control.ConnectTo((IPEndPoint)listener.LocalEndPoint!));
    }

    // security.md T23: a permission is for an address; the ports that relays are abused for are refused where the port is known.
    [RequiresFact(Requirement.NatLab)]
    public async Task PublicPeer_AbusedPort_Is403AndNothingLeaves()
    {
        await using OpenNetwork network = await OpenNetwork.CreateAsync();
        await using LabProcess server = await ServeAsync(network);
        await network.CountAsync("udp", $"udp sport >= 49152 udp dport != {Port}");
        using TurnWireClient client = TurnWireClient.Udp(network.World, EndPoint(network, 4));
        IPEndPoint relayed = client.Allocate();
        Assert.Equal(default, client.Permit(network.World.Address));
        foreach (int port in new[] { 1, 53, 123, 161, 1023, 1900, 3702, 5060, 5061, 5353, 11211 })
        {
            var peer = new IPEndPoint(network.World.Address, port);
            Assert.Equal(StunErrorCode.Forbidden, client.Bind(0x4000, peer));
            client.SendTo(peer, [1]);
        }

        Assert.Equal(StunErrorCode.BadRequest, client.Bind(0x4000, new IPEndPoint(network.World.Address, 0)));
        using Socket good = TurnWireClient.Peer(network.World, network.World.Address, Port);
        AssertRelays(client, relayed, good, channel: null);
        Assert.Equal(0, await network.ReadCountAsync("udp"));
        using Socket lowest = TurnWireClient.Peer(network.World, network.World.Address, 1024);
        AssertRelays(client, relayed, lowest, channel: null);
        Assert.Equal(1, await network.ReadCountAsync("udp"));
    }

    // coturn 4.6.1 drops the whole allocation on ENETUNREACH.
    [RequiresFact(Requirement.NatLab)]
    public async Task PeerWithoutRoute_LosesItsPacketsAndTheAllocationLives()
    {
        await using OpenNetwork network = await OpenNetwork.CreateAsync();
        await using LabProcess server = await ServeAsync(network);
        foreach (int family in new[] { 4, 6 })
        {
            using TurnWireClient client = TurnWireClient.Udp(network.World, EndPoint(network, family));
            IPEndPoint relayed = client.Allocate(RelayProtocol.Udp, family == 4 ? StunAddressFamily.IPv4 : StunAddressFamily.IPv6);
            IPAddress good = family == 4 ? network.World.Address : network.World.Addresses6.First();
            using Socket peer = TurnWireClient.Peer(network.World, good);
            Assert.Equal(default, client.Permit(good));
            int channel = 0x4000;
            foreach (IPAddress address in OpenNetwork.Unroutable.Select(one => one.Address).Where(one => one.AddressFamily == good.AddressFamily))
            {
                var lost = new IPEndPoint(address, Port);
                Assert.Equal(default, client.Permit(address));
                client.SendTo(lost, [1]);
                AssertRelays(client, relayed, peer, channel: null);
                Assert.Equal(default, client.Bind(++channel, lost));
                client.SendOnChannel(channel, [1]);
                AssertRelays(client, relayed, peer, channel: null);
            }

            Assert.Equal(default, TurnWireClient.Error(client.Ask(StunMethod.Refresh)));
        }

        // Of a peer connection only itself fails.
        using TurnWireClient control = TurnWireClient.Tcp(network.World, EndPoint(network, 4));
        control.Allocate(RelayProtocol.Tcp);
        foreach ((_, IPAddress address) in OpenNetwork.Unroutable.Where(one => one.Address.AddressFamily == AddressFamily.InterNetwork))
        {
            Assert.Equal(StunErrorCode.ConnectionTimeoutOrFailure, control.ConnectTo(new IPEndPoint(address, Port)));
        }

        Assert.Equal(default, TurnWireClient.Error(control.Ask(StunMethod.Refresh)));
    }

    // security.md T20, V48: what the server itself answers on is nobody's peer, by any of its addresses.
    [RequiresFact(Requirement.NatLab)]
    public async Task OwnEndPoint_IsRefused()
    {
        await using OpenNetwork network = await OpenNetwork.CreateAsync();
        await using LabProcess server = await ServeAsync(network);
        await network.CountAsync("own", $"udp dport {ServerPort} udp sport >= 49152");
        using TurnWireClient client = TurnWireClient.Udp(network.World, EndPoint(network, 4));
        IPEndPoint relayed = client.Allocate();
        using TurnWireClient control = TurnWireClient.Tcp(network.World, EndPoint(network, 4));
        control.Allocate(RelayProtocol.Tcp);
        var own = new IPEndPoint(network.Server.Address, ServerPort);
        Assert.Equal(StunErrorCode.Forbidden, client.Bind(0x4000, own));
        Assert.Equal(StunErrorCode.Forbidden, control.ConnectTo(own));

        // A permission for the address is for the relayed addresses that are on it.
        Assert.Equal(default, client.Permit(own.Address));
        client.SendTo(own, TurnWireClient.Bare(StunMethod.Binding));
        using Socket peer = TurnWireClient.Peer(network.World, network.World.Address);
        Assert.Equal(default, client.Permit(network.World.Address));
        AssertRelays(client, relayed, peer, channel: null);
        Assert.Equal(0, await network.ReadCountAsync("own"));
    }

    // security.md T21.
    [RequiresFact(Requirement.NatLab)]
    public async Task RelayOfAnotherAllocation_IsRelayedWhileItLives()
    {
        await using OpenNetwork network = await OpenNetwork.CreateAsync();
        await using LabProcess server = await ServeAsync(network);
        using TurnWireClient alice = TurnWireClient.Udp(network.World, EndPoint(network, 4));
        using TurnWireClient bob = TurnWireClient.Udp(network.World, EndPoint(network, 4));
        IPEndPoint aliceRelay = alice.Allocate();
        IPEndPoint bobRelay = bob.Allocate();
        Assert.Equal(default, alice.Permit(bobRelay.Address));
        Assert.Equal(default, bob.Permit(aliceRelay.Address));
        alice.SendTo(bobRelay, [1, 2, 3]);
        AssertData(bob, aliceRelay, [1, 2, 3]);
        bob.SendTo(aliceRelay, [4, 5]);
        AssertData(alice, bobRelay, [4, 5]);
        Assert.Equal(default, alice.Bind(0x4000, bobRelay));
        alice.SendOnChannel(0x4000, [6]);
        AssertData(bob, aliceRelay, [6]);

        // A port of the relay address that no allocation has is a port of the machine.
        await network.CountAsync("dead", $"udp dport {bobRelay.Port}");
        Assert.Equal(default, TurnWireClient.Error(bob.Ask(StunMethod.Refresh, static (ref StunMessageWriter writer) => writer.AddLifetime(TimeSpan.Zero))));
        alice.SendTo(bobRelay, [7]);
        int unused = aliceRelay.Port == (bobRelay.Port ^ 1) ? bobRelay.Port ^ 2 : bobRelay.Port ^ 1;
        Assert.Equal(StunErrorCode.Forbidden, alice.Bind(0x4001, new IPEndPoint(bobRelay.Address, unused)));
        Assert.Equal(default, TurnWireClient.Error(alice.Ask(StunMethod.Refresh)));
        Assert.Equal(0, await network.ReadCountAsync("dead"));
    }

    private static IPEndPoint EndPoint(OpenNetwork network, int family)
        => new(family == 4 ? network.Server.Address : network.Server.Addresses6.First(), ServerPort);

    private static Task<LabProcess> ServeAsync(OpenNetwork network)
    {
        IEnumerable<string> listen = network.Server.Addresses.SelectMany(address =>
        {
            var at = new IPEndPoint(address, ServerPort);
            return new[] { "--listen", $"udp://{at}", "--listen", $"tcp://{at}" };
        });
        return StackCliRun.ServeAsync(network.Server, [.. listen, "--realm", "example.org", "--user", "u:p"]);
    }

    private static void AssertRelays(TurnWireClient client, IPEndPoint relayed, Socket peer, int? channel)
    {
        var at = (IPEndPoint)peer.LocalEndPoint!;
        if (channel is { } number)
        {
            client.SendOnChannel(number, [1, 2, 3]);
        }
        else
        {
            client.SendTo(at, [1, 2, 3]);
        }

        byte[] buffer = new byte[16];
        EndPoint from = new IPEndPoint(at.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        int length = peer.ReceiveFrom(buffer, ref from);
        Assert.Equal([1, 2, 3], buffer[..length]);
        Assert.Equal(relayed, from);
        peer.SendTo([4, 5, 6, 7], relayed);
        AssertData(client, channel is null ? at : null, [4, 5, 6, 7]);
    }

    private static void AssertData(TurnWireClient client, IPEndPoint? peer, byte[] data)
    {
        (IPEndPoint? from, byte[] received) = client.ReadData();
        Assert.Equal(data, received);
        Assert.Equal(peer, from);
    }
}
