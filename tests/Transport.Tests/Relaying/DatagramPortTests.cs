using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Turn;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>The seam between a relay's loop and the system, each way to do it.</summary>
public sealed class DatagramPortTests
{
    private const int Start = 48;

    private readonly PinnedBuffer _buffer = new(70_000);

    [Theory]
    [InlineData(false, "127.0.0.1")]
    [InlineData(true, "127.0.0.1")]
    [InlineData(false, "::1")]
    [InlineData(true, "::1")]
    public void Datagram_ThereAndBack_IsWhole(bool portable, string address)
    {
        using var end = new End(portable, address);
        using Socket other = RawClient.Udp(address);
        TransportAddress remote = TransportAddress.FromIPEndPoint((IPEndPoint)other.LocalEndPoint!);
        byte[] sent = [1, 2, 3, 4, 5];

        other.SendTo(sent, end.Port.Local.ToIPEndPoint());
        end.WaitReadable();
        Assert.Equal(ReceiveStatus.Received, end.Port.Receive(_buffer, Start, 1000, out DatagramArrival arrival));
        Assert.Equal(remote, arrival.Source);
        Assert.Equal(sent, _buffer.Slice(Start, arrival.Length).ToArray());
        Assert.Equal(ReceiveStatus.Empty, end.Port.Receive(_buffer, Start, 1000, out _));

        Assert.True(end.Port.Send(_buffer, Start + 1, 3, remote, 0, dontFragment: false));
        byte[] received = new byte[10];
        Assert.Equal(3, other.Receive(received));
        Assert.Equal([2, 3, 4], received[..3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Receive_EmptyDatagram_IsOneOfLengthZero(bool portable)
    {
        using var end = new End(portable);
        using Socket other = RawClient.Udp();

        other.SendTo([], end.Port.Local.ToIPEndPoint());
        end.WaitReadable();

        Assert.Equal(ReceiveStatus.Received, end.Port.Receive(_buffer, Start, 1000, out DatagramArrival arrival));
        Assert.Equal(0, arrival.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Receive_DatagramThatFillsTheRoom_IsTakenForCut(bool portable)
    {
        using var end = new End(portable);
        using Socket other = RawClient.Udp();
        foreach (int length in new[] { 99, 100, 101 })
        {
            other.SendTo(new byte[length], end.Port.Local.ToIPEndPoint());
            end.WaitReadable();
            ReceiveStatus expected = length < 100 ? ReceiveStatus.Received : ReceiveStatus.Truncated;
            Assert.Equal(expected, end.Port.Receive(_buffer, Start, 100, out _));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Send_LargestDatagram_ArrivesAndOneMoreByteIsRefused(bool portable)
    {
        using var end = new End(portable);
        using Socket other = RawClient.Udp();
        TransportAddress remote = TransportAddress.FromIPEndPoint((IPEndPoint)other.LocalEndPoint!);

        Assert.True(end.Port.Send(_buffer, 0, 65507, remote, 0, dontFragment: false));
        Assert.Equal(65507, other.Receive(new byte[65536]));
        Assert.False(end.Port.Send(_buffer, 0, 65508, remote, 0, dontFragment: false));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Send_OtherFamily_IsRefused(bool portable)
    {
        using var end = new End(portable);

        Assert.False(end.Port.Send(_buffer, 0, 10, TransportAddress.FromIPEndPoint(new IPEndPoint(IPAddress.IPv6Loopback, 9)), 0, dontFragment: false));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wake_WhileWaitingAndBefore_EndsTheWait(bool portable)
    {
        using DatagramPoller poller = DatagramPoller.Create(portable);
        poller.Wake();
        poller.Wake();
        poller.Wait(block: true);
        Assert.False(poller.TryTakeReady(out _));

        Task waiting = Task.Factory.StartNew(() => poller.Wait(block: true), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        poller.Wake();
        await waiting;
        Assert.False(poller.TryTakeReady(out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ready_SocketClosedMeanwhile_IsNotReported(bool portable)
    {
        using var end = new End(portable);
        using Socket other = RawClient.Udp();
        other.SendTo([1], end.Port.Local.ToIPEndPoint());
        end.Poller.Wait(block: true);

        end.Port.Dispose();

        Assert.False(end.Poller.TryTakeReady(out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReceiveAndSend_Warm_AllocateNothing(bool portable)
    {
        using var end = new End(portable);
        using Socket other = RawClient.Udp();
        TransportAddress remote = TransportAddress.FromIPEndPoint((IPEndPoint)other.LocalEndPoint!);
        var to = end.Port.Local.ToIPEndPoint().Serialize();
        byte[] data = new byte[100];

        Assert.Equal(0, Allocations.Measure(() =>
        {
            other.SendTo(data, SocketFlags.None, to);
            end.Poller.Wait(block: true);
            Assert.True(end.Poller.TryTakeReady(out _));
            end.Port.Receive(_buffer, Start, 1000, out DatagramArrival arrival);
            end.Port.Send(_buffer, Start, arrival.Length, remote, 0, dontFragment: false);
            other.Receive(data);
        }));
    }

    [LinuxTheory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void TrafficClass_ThereAndBack_IsSeenAndSet(string address)
    {
        using var near = new End(portable: false, address);
        using var far = new End(portable: false, address);
        foreach (byte trafficClass in new byte[] { 0xB8 | 2, 0, 0xB8 | 1 })
        {
            Assert.True(near.Port.Send(_buffer, 0, 10, far.Port.Local, trafficClass, dontFragment: false));
            far.WaitReadable();
            Assert.Equal(ReceiveStatus.Received, far.Port.Receive(_buffer, 0, 100, out DatagramArrival arrival));
            Assert.Equal(trafficClass, arrival.TrafficClass);
        }
    }

    [LinuxTheory]
    [InlineData("127.0.0.1", 3, 3)]
    [InlineData("::1", 1, 4)]
    public void Icmp_ClosedPort_IsReportedAndNothingIsLost(string address, byte type, byte code)
    {
        using var end = new End(portable: false, address);
        using Socket other = RawClient.Udp(address);
        TransportAddress closed = Closed(address);

        Assert.True(end.Port.Send(_buffer, 0, 10, closed, 0, dontFragment: false));

        // The error of the first is not taken for one of the second.
        Assert.True(end.Port.Send(_buffer, 0, 7, TransportAddress.FromIPEndPoint((IPEndPoint)other.LocalEndPoint!), 0, dontFragment: false));
        Assert.Equal(7, other.Receive(new byte[10]));
        end.WaitReadable();
        Assert.True(end.Port.TryReadIcmp(out TransportAddress destination, out IcmpError error));
        Assert.Equal(closed, destination);
        Assert.Equal(new IcmpError(type, code, 0), error);
        Assert.False(end.Port.TryReadIcmp(out _, out _));
    }

    [RequiresTheory(Requirement.Root)]
    [InlineData("127.0.0.1", 3, 4)]
    [InlineData("::1", 2, 0)]
    public void Icmp_DontFragmentAboveTheMtu_IsReportedWithTheMtu(string address, byte type, byte code)
    {
        Namespace.Run(1500, () =>
        {
            using var end = new End(portable: false, address);
            using Socket other = RawClient.Udp(address);
            TransportAddress remote = TransportAddress.FromIPEndPoint((IPEndPoint)other.LocalEndPoint!);

            Assert.True(end.Port.Send(_buffer, 0, 3000, remote, 0, dontFragment: false));
            Assert.Equal(3000, other.Receive(new byte[4000]));
            Assert.False(end.Port.Send(_buffer, 0, 3000, remote, 0, dontFragment: true));
            Assert.True(end.Port.TryReadIcmp(out TransportAddress destination, out IcmpError error));
            Assert.Equal(remote, destination);
            Assert.Equal(new IcmpError(type, code, 1500), error);

            // The flag holds for one datagram.
            Assert.True(end.Port.Send(_buffer, 0, 3000, remote, 0, dontFragment: false));
            Assert.Equal(3000, other.Receive(new byte[4000]));
        });
    }

    private static TransportAddress Closed(string address)
    {
        using Socket gone = RawClient.Udp(address);
        return TransportAddress.FromIPEndPoint((IPEndPoint)gone.LocalEndPoint!);
    }

    private sealed class End : IDatagramReader, IDisposable
    {
        public End(bool portable, string address = "127.0.0.1")
        {
            Poller = DatagramPoller.Create(portable);
            Port = Poller.Add(RawClient.Udp(address), this, reportsIcmp: true);
        }

        public DatagramPoller Poller { get; }

        public DatagramPort Port { get; }

        public void WaitReadable()
        {
            Poller.Wait(block: true);
            Assert.True(Poller.TryTakeReady(out IDatagramReader reader));
            Assert.Same(this, reader);
        }

        public void OnReadable() => throw new InvalidOperationException("The test reads itself.");

        public void Dispose()
        {
            Port.Dispose();
            Poller.Dispose();
        }
    }
}
