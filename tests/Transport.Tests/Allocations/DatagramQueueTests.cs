using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class DatagramQueueTests
{
    private static readonly TransportAddress Peer = TransportAddress.FromIPv4(0x0A000001, 7);

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task C15_Overflow_DropsTheNewestAndCounts()
    {
        var queue = new DatagramQueue(capacity: 4, nameof(TurnAllocation));
        for (byte i = 0; i < 100; i++)
        {
            queue.Enqueue(Peer, [i]);
        }

        Assert.Equal(96, queue.Dropped);
        byte[] buffer = new byte[1];
        for (byte i = 0; i < 4; i++)
        {
            await queue.ReadAsync(buffer, CancellationToken.None);
            Assert.Equal(i, buffer[0]);
        }
    }

    [Fact]
    public void C15_Overflow_IsBoundedInBytesToo()
    {
        var queue = new DatagramQueue(capacity: 65536, nameof(TurnAllocation));
        byte[] large = new byte[65000];
        for (int i = 0; i < 1000; i++)
        {
            queue.Enqueue(Peer, large);
        }

        Assert.InRange(1000 - queue.Dropped, 1, 100);
    }

    [Fact]
    public void EnqueueAndRead_AllocateNothing()
    {
        var queue = new DatagramQueue(capacity: 16, nameof(TurnAllocation));
        byte[] payload = new byte[1200];
        byte[] buffer = new byte[1500];
        using var cancel = new CancellationTokenSource();
        Assert.Equal(0, Allocations.Measure(() =>
        {
            queue.Enqueue(Peer, payload);
            ValueTask<TurnDatagram> reading = queue.ReadAsync(buffer, cancel.Token);
            Assert.True(reading.IsCompletedSuccessfully);
        }));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Read_BeforeTheDatagram_IsWoken()
    {
        var queue = new DatagramQueue(capacity: 16, nameof(TurnAllocation));
        byte[] buffer = new byte[10];
        for (byte i = 0; i < 100; i++)
        {
            ValueTask<TurnDatagram> reading = queue.ReadAsync(buffer, CancellationToken.None);
            queue.Enqueue(Peer, [i, i]);
            Assert.Equal(new TurnDatagram(Peer, 2, IsTruncated: false), await reading);
            Assert.Equal(i, buffer[0]);
        }
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Complete_LeavesWhatIsThereAndThenThrows()
    {
        var queue = new DatagramQueue(capacity: 16, nameof(TurnAllocation));
        queue.Enqueue(Peer, [1]);
        queue.Complete(new TurnException(TurnFailure.AllocationLost, "m", "h"));
        queue.Enqueue(Peer, [2]);
        Assert.Equal(1, (await queue.ReadAsync(new byte[1], CancellationToken.None)).Length);
        await Assert.ThrowsAsync<TurnException>(async () => await queue.ReadAsync(new byte[1], CancellationToken.None));
    }
}
