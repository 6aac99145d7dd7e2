using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>What a relayed packet costs the garbage collector: nothing, both ways, on both ways to the system.</summary>
public sealed class TurnServerHostAllocationTests
{
    private const int Run = 20;
    private const int Rounds = 100;
    private const int Attempts = 5;
    private const int MostOfAsking = 200;

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Packets_BothWays_AllocateNothing(bool portable, bool channel)
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Udp, portable);
        using RawTurnClient client = RawTurnClient.Udp(host.At(StunTransport.Udp));
        using Socket peer = RawClient.Udp();
        var peerAddress = (IPEndPoint)peer.LocalEndPoint!;
        IPEndPoint relayed = await client.AllocateAsync();
        await (channel ? client.BindAsync(0x4001, peerAddress) : client.PermitAsync(peerAddress));
        byte[] message = channel ? RawTurnClient.OnChannel(0x4001, new byte[172], padded: false) : RawTurnClient.SendIndication(peerAddress, new byte[172]);

        RelayShard shard = host.Shards.Single();
        await RelayAsync(client.Socket, message, peer, relayed);
        long before = await shard.AskAsync(GC.GetAllocatedBytesForCurrentThread);
        long least = long.MaxValue;
        int attempts = 0;

        // Asking costs a little by itself: nothing that grows with the packets. What the runtime allocates once on this thread, a table for
        // statics for example, comes in one of the attempts; what packets cost comes in all.
        while (least > MostOfAsking && attempts < Attempts)
        {
            await RelayAsync(client.Socket, message, peer, relayed);
            long after = await shard.AskAsync(GC.GetAllocatedBytesForCurrentThread);
            least = Math.Min(least, after - before);
            before = after;
            attempts++;
        }

        Assert.InRange(least, 0, MostOfAsking);
        Assert.Equal((1L + attempts) * Rounds * Run, shard.Counters.PacketsToPeers);
        Assert.Equal((1L + attempts) * Rounds * Run, shard.Counters.PacketsToClients);
    }

    private static async Task RelayAsync(Socket client, byte[] message, Socket peer, IPEndPoint relayed)
    {
        byte[] received = new byte[2000];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < Run; i++)
            {
                await client.SendAsync(message);
            }

            for (int i = 0; i < Run; i++)
            {
                Assert.Equal(172, await peer.ReceiveAsync(received));
            }

            for (int i = 0; i < Run; i++)
            {
                await peer.SendToAsync(received.AsMemory(0, 172), relayed);
            }

            for (int i = 0; i < Run; i++)
            {
                Assert.InRange(await client.ReceiveAsync(received), 173, 300);
            }
        }
    }
}
