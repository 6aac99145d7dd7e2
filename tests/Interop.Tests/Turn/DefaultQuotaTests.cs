using System;
using System.Buffers.Binary;
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

/// <summary>The quotas of <c>stackcli serve</c> with its defaults, and whose an allocation is: security.md section 2, T06, T12, T40, T42, V6.</summary>
public sealed class DefaultQuotaTests
{
    [RequiresFact(Requirement.None)]
    public async Task Allocations_EleventhOfAUser_Is486()
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync("--user", "v:q");
        List<TurnWireClient> clients = [.. Enumerable.Range(0, 11).Select(_ => Client(server))];
        using TurnWireClient other = TurnWireClient.Udp(LabHost.Local, server.EndPoint("udp"), "v", "q");
        try
        {
            clients.Take(10).ToList().ForEach(static client => client.Allocate());
            Assert.Equal(StunErrorCode.AllocationQuotaReached, Allocate(clients[10]));
            Assert.Equal(default, Allocate(other));

            // What one gives back another may have.
            Assert.Equal(default, Refresh(clients[0], TimeSpan.Zero));
            Assert.Equal(default, Allocate(clients[10]));
        }
        finally
        {
            clients.ForEach(static client => client.Dispose());
        }
    }

    [RequiresFact(Requirement.None)]
    public async Task Permissions_129th_Is508()
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync();
        using TurnWireClient client = Client(server);
        client.Allocate();
        foreach (IPAddress[] chunk in Peers(1, 128).Chunk(16))
        {
            Assert.Equal(default, client.Permit(chunk));
        }

        Assert.Equal(StunErrorCode.InsufficientCapacity, client.Permit(Peers(129, 1)));
        Assert.Equal(default, client.Permit(Peers(128, 1)));
        Assert.Equal(StunErrorCode.InsufficientCapacity, client.Bind(0x4000, new IPEndPoint(Peers(129, 1).First(), 5000)));
        Assert.Equal(default, client.Bind(0x4000, new IPEndPoint(Peers(128, 1).First(), 5000)));
    }

    [RequiresFact(Requirement.None)]
    public async Task Channels_65th_Is508()
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync();
        using TurnWireClient client = Client(server);
        client.Allocate();
        for (int i = 0; i < 64; i++)
        {
            Assert.Equal(default, client.Bind(0x4000 + i, new IPEndPoint(IPAddress.Loopback, 6000 + i)));
        }

        Assert.Equal(StunErrorCode.InsufficientCapacity, client.Bind(0x4000 + 64, new IPEndPoint(IPAddress.Loopback, 6064)));
        Assert.Equal(default, client.Bind(0x4000 + 63, new IPEndPoint(IPAddress.Loopback, 6063)));
    }

    [RequiresFact(Requirement.None)]
    public async Task CreatePermission_17Peers_Is508AndInstallsNone()
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync();
        using TurnWireClient client = Client(server);
        client.Allocate();
        List<Socket> peers = [.. Peers(0, 17).Select(address => TurnWireClient.Peer(LabHost.Local, address))];
        try
        {
            Assert.Equal(StunErrorCode.InsufficientCapacity, client.Permit(Peers(0, 17)));
            peers.ForEach(peer => client.SendTo((IPEndPoint)peer.LocalEndPoint!, [1]));
            Assert.Equal(default, client.Permit(Peers(0, 16)));
            Assert.Equal(default, client.Permit(Peers(16, 1)));

            // The first that arrives was sent with a permission.
            foreach (Socket peer in peers)
            {
                client.SendTo((IPEndPoint)peer.LocalEndPoint!, [2]);
                byte[] received = new byte[4];
                Assert.Equal(1, peer.Receive(received));
                Assert.Equal(2, received[0]);
                Assert.Equal(0, peer.Available);
            }
        }
        finally
        {
            peers.ForEach(static peer => peer.Dispose());
        }
    }

    [RequiresFact(Requirement.None)]
    public async Task SecondUser_OnTheSame5Tuple_Is441AndTheAllocationLives()
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync("--user", "v:q");
        using TurnWireClient client = Client(server);
        IPEndPoint relayed = client.Allocate();
        using TurnWireClient intruder = client.As("v", "q");
        Assert.Equal(StunErrorCode.WrongCredentials, Refresh(intruder, TimeSpan.Zero));
        Assert.Equal(StunErrorCode.WrongCredentials, intruder.Permit(IPAddress.Loopback));
        Assert.Equal(StunErrorCode.WrongCredentials, intruder.Bind(0x4000, new IPEndPoint(IPAddress.Loopback, 5000)));
        using Socket peer = TurnWireClient.Peer(LabHost.Local, IPAddress.Loopback);
        Assert.Equal(default, client.Permit(IPAddress.Loopback));
        client.SendTo((IPEndPoint)peer.LocalEndPoint!, [1]);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        Assert.Equal(1, peer.ReceiveFrom(new byte[4], ref from));
        Assert.Equal(relayed, from);
    }

    // coturn 4.6.1 grants 3000 s: what stands behind MESSAGE-INTEGRITY is anybody's.
    [RequiresTheory(Requirement.None)]
    [InlineData(1200, 3000, 1200)]
    [InlineData(null, 3000, 600)]
    [InlineData(1200, 0, 1200)]
    public async Task Refresh_LifetimeBehindMessageIntegrity_IsNotThere(int? signed, int appended, int granted)
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync();
        using TurnWireClient client = Client(server);
        client.Allocate();
        byte[] request = client.Request(StunMethod.Refresh, (ref StunMessageWriter writer) =>
        {
            if (signed is { } seconds)
            {
                writer.AddLifetime(TimeSpan.FromSeconds(seconds));
            }
        });
        byte[] response = client.Exchange(Append(request, appended));
        Assert.Equal(default, TurnWireClient.Error(response));
        StunMessage.Decode(response, out StunMessage message);
        Assert.Equal(StunAttributeStatus.Present, message.ReadLifetime(out uint lifetime));
        Assert.Equal((uint)granted, lifetime);
        Assert.Equal(default, Refresh(client, TimeSpan.FromSeconds(600)));
    }

    private static byte[] Append(byte[] request, int lifetime)
    {
        byte[] longer = [.. request, 0, 0x0D, 0, 4, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(longer.AsSpan(request.Length + 4), lifetime);
        BinaryPrimitives.WriteUInt16BigEndian(longer.AsSpan(2), (ushort)(longer.Length - StunMessage.HeaderSize));
        return longer;
    }

    private static TurnWireClient Client(TurnServerProcess server) => TurnWireClient.Udp(LabHost.Local, server.EndPoint("udp"));

    private static IEnumerable<IPAddress> Peers(int first, int count) => Enumerable.Range(first, count).Select(static number => new IPAddress([127, 0, 1, (byte)number]));

    private static StunErrorCode Allocate(TurnWireClient client) => TurnWireClient.Error(client.Ask(StunMethod.Allocate, TurnWireClient.Allocation()));

    private static StunErrorCode Refresh(TurnWireClient client, TimeSpan lifetime)
        => TurnWireClient.Error(client.Ask(StunMethod.Refresh, (ref StunMessageWriter writer) => writer.AddLifetime(lifetime)));
}
