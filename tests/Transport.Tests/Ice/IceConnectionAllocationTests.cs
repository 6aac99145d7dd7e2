using System.Net;
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
            ValueTask<int> reading = peers.Right.ReceiveAsync(buffer);
            Assert.True(reading.IsCompletedSuccessfully);
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
            ValueTask<int> reading = peers.Right.ReceiveAsync(buffer);
            Assert.True(reading.IsCompletedSuccessfully);
        }));
    }
}
