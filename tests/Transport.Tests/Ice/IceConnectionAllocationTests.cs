using System.Diagnostics;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
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
        Assert.Equal(0, Allocations.Measure(() =>
        {
            ValueTask sending = peers.Left.SendAsync(payload);
            Assert.True(sending.IsCompletedSuccessfully);
        }));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Receive_PerPacket_AllocatesNothing()
    {
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(IcePairOfPeers.Loopback, IcePairOfPeers.Loopback);
        byte[] payload = [200, 1, 2, 3];
        byte[] buffer = new byte[10];
        int baseId = Assert.Single(peers.Right.Driver.Bases).Key;
        TransportAddress source = peers.Right.Path!.Remote.Address;
        Assert.Equal(0, Allocations.Measure(() =>
        {
            peers.Right.Driver.Deliver(baseId, source, payload);
            AwaitData(peers.Right.ReceiveAsync(buffer));
        }));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Receive_OnASharedPort_AllocatesNothing()
    {
        await using IceUdpPort port = IceUdpPort.Open(new IceUdpPortOptions { Addresses = [IPAddress.Loopback] });
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(IcePairOfPeers.Loopback, IcePairOfPeers.Loopback with { SharedPort = port });
        byte[] payload = [200, 1, 2, 3];
        byte[] buffer = new byte[10];
        TransportAddress source = peers.Right.Path!.Remote.Address;
        Assert.Equal(0, Allocations.Measure(() =>
        {
            port.Sockets[0].Dispatch(source, payload);
            AwaitData(peers.Right.ReceiveAsync(buffer));
        }));
    }

    // Mostly the data is there. Where the agent is being called for something else meanwhile, a check that comes in or its alarm, that caller hands
    // the data over as soon as he is done (IceDriver.Deliver), and the reading waits for him.
    private static void AwaitData(ValueTask<int> reading)
    {
        long start = Stopwatch.GetTimestamp();
        while (!reading.IsCompleted)
        {
            Assert.True(Stopwatch.GetElapsedTime(start).TotalMilliseconds < Patience.Milliseconds, "The data never came.");
            Thread.Yield();
        }

#pragma warning disable VSTHRD002 // It has ended.
        if (reading.GetAwaiter().GetResult() != 4)
#pragma warning restore VSTHRD002
        {
            Assert.Fail("What came is not what was sent.");
        }
    }
}
