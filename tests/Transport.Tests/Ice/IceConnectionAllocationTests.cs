using System;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

[Collection(ProcessWide.Name)]
public sealed class IceConnectionAllocationTests
{
    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Send_PerPacket_AllocatesNothing()
    {
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(IcePairOfPeers.Loopback, IcePairOfPeers.Loopback);
        byte[] payload = [200, 1, 2, 3];
        Assert.Equal(0, Allocations.Measure(() => peers.Left.SendAsync(payload).GetAwaiter().GetResult()));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Receive_PerPacket_AllocatesNothing()
    {
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(IcePairOfPeers.Loopback, IcePairOfPeers.Loopback);
        byte[] payload = [200, 1, 2, 3];
        byte[] buffer = new byte[10];
        await ExchangeAsync(peers, payload, buffer, 2000);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        const int Count = 5000;
        await ExchangeAsync(peers, payload, buffer, Count);

        // All threads are counted, those of the runtime too; a packet that allocated would cost 24 bytes at least.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, Count * 24 / 2);
    }

    private static async Task ExchangeAsync(IcePairOfPeers peers, byte[] payload, byte[] buffer, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await peers.Left.SendAsync(payload);
            Assert.True(await peers.Right.ReceiveAsync(buffer) == payload.Length);
        }
    }
}
