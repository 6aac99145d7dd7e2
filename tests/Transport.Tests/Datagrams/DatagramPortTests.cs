using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Turn;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>The seam between a loop and the system, each way to do it.</summary>
public sealed class DatagramPortTests
{
    [Theory]
    [InlineData(false, "127.0.0.1")]
    [InlineData(true, "127.0.0.1")]
    [InlineData(false, "::1")]
    [InlineData(true, "::1")]
    public void Datagram_ThereAndBack_IsWhole(bool portable, string address)
    {
        using var end = new DatagramEnd(portable, address);
        using Socket other = RawClient.Udp(address);
        TransportAddress remote = Local(other);
        byte[] sent = [1, 2, 3, 4, 5];

        other.SendTo(sent, end.Port.Local.ToIPEndPoint());
        DatagramArrival arrival = end.ReceiveOne();
        Assert.Equal(remote, arrival.Source);
        Assert.Equal(sent, end.Poller.Arrivals.Buffer.Slice(arrival.Offset, arrival.Length).ToArray());
        Assert.True(end.Port.Receive(spreads: false));
        Assert.False(end.Poller.Arrivals.TryRead(out _));

        end.Port.Queue(new Departure(end.Poller.Arrivals.Buffer, arrival.Offset + 1, 3, remote, 0, 3));
        end.Poller.Flush();
        byte[] received = new byte[10];
        Assert.Equal(3, other.Receive(received));
        Assert.Equal([2, 3, 4], received[..3]);
        Assert.Equal((1, 3L, 0), (end.Relayed, end.RelayedBytes, end.Unsent));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Receive_EmptyDatagram_IsOneOfLengthZero(bool portable)
    {
        using var end = new DatagramEnd(portable);
        using Socket other = RawClient.Udp();

        other.SendTo([], end.Port.Local.ToIPEndPoint());

        Assert.Equal(0, end.ReceiveOne().Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Receive_MoreThanThereAreSlots_ComesInOrderAndNothingThatWaitsIsOverwritten(bool portable)
    {
        using var end = new DatagramEnd(portable);
        using Socket other = RawClient.Udp();
        TransportAddress remote = Local(other);
        const int Count = (2 * ArrivalBatch.Slots) + 5;
        for (int i = 0; i < Count; i++)
        {
            other.SendTo([(byte)i, (byte)~i], end.Port.Local.ToIPEndPoint());
        }

        // All of them are queued from where they were received: a full batch is sent before its slots are filled anew.
        int received = 0;
        while (received < Count)
        {
            Assert.True(end.Port.Receive(spreads: false));
            while (end.Poller.Arrivals.TryRead(out DatagramArrival arrival))
            {
                end.Port.Queue(new Departure(end.Poller.Arrivals.Buffer, arrival.Offset, arrival.Length, remote, 0, arrival.Length));
                received++;
            }
        }

        end.Poller.Flush();
        byte[] back = new byte[10];
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal(2, other.Receive(back));
            Assert.Equal(((byte)i, (byte)~i), (back[0], back[1]));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Send_LargestDatagram_ArrivesAndOneMoreByteIsRefused(bool portable)
    {
        using var end = new DatagramEnd(portable);
        using Socket other = RawClient.Udp();

        Assert.True(end.Send(65507, Local(other)));
        Assert.Equal(65507, other.Receive(new byte[65536]));
        Assert.False(end.Send(65508, Local(other)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Send_OtherFamily_IsRefused(bool portable)
    {
        using var end = new DatagramEnd(portable);

        Assert.False(end.Send(10, TransportAddress.FromIPEndPoint(new IPEndPoint(IPAddress.IPv6Loopback, 9))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Send_OneRefusedAmongMany_LosesItAlone(bool portable)
    {
        using var end = new DatagramEnd(portable);
        using Socket other = RawClient.Udp();
        TransportAddress remote = Local(other);
        for (int i = 0; i < 10; i++)
        {
            end.Buffer.Bytes[i * 8] = (byte)i;
            end.Queue(i * 8, 8, remote, relayed: 8);
            if (i == 4)
            {
                end.Queue(0, 65508, remote, relayed: 65508);
            }
        }

        end.Poller.Flush();
        Assert.Equal((10, 80L, 1), (end.Relayed, end.RelayedBytes, end.Unsent));
        byte[] received = new byte[100];
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(8, other.Receive(received));
            Assert.Equal(i, received[0]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Dispose_WithDatagramsQueued_SendsThem(bool portable)
    {
        using var end = new DatagramEnd(portable);
        using Socket other = RawClient.Udp();

        end.Queue(0, 5, Local(other));
        end.Port.Dispose();

        Assert.Equal(5, other.Receive(new byte[10]));
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
        Assert.False(poller.TryTakeReady(out _, out _));

        Task waiting = Task.Factory.StartNew(() => poller.Wait(block: true), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        poller.Wake();
        await waiting;
        Assert.False(poller.TryTakeReady(out _, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ready_SocketClosedMeanwhile_IsNotReported(bool portable)
    {
        using var end = new DatagramEnd(portable);
        using Socket other = RawClient.Udp();
        other.SendTo([1], end.Port.Local.ToIPEndPoint());
        end.WaitUntilReady();

        end.Port.Dispose();

        Assert.False(end.Poller.TryTakeReady(out _, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ready_AnotherSocketInItsPlace_IsNotTakenForIt(bool portable)
    {
        using var end = new DatagramEnd(portable);
        using Socket other = RawClient.Udp();
        other.SendTo([1], end.Port.Local.ToIPEndPoint());
        end.WaitUntilReady();

        end.Port.Dispose();
        using Socket next = RawClient.Udp();
        using DatagramPort port = end.Poller.Add(next, end, new DatagramPortOptions());
        Assert.False(end.Poller.TryTakeReady(out _, out _));

        other.SendTo([2], port.Local.ToIPEndPoint());
        end.TakeReady();
        Assert.True(port.Receive(spreads: false));
        Assert.True(end.Poller.Arrivals.TryRead(out DatagramArrival arrival));
        Assert.Equal(2, end.Poller.Arrivals.Buffer.Slice(arrival.Offset, arrival.Length)[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReceiveAndSend_Warm_AllocateNothing(bool portable)
    {
        using var end = new DatagramEnd(portable);
        using Socket other = RawClient.Udp();
        TransportAddress remote = Local(other);
        var to = end.Port.Local.ToIPEndPoint().Serialize();
        byte[] data = new byte[100];

        Assert.Equal(0, Allocations.Measure(() =>
        {
            other.SendTo(data, SocketFlags.None, to);
            end.TakeReady();
            end.Port.Receive(spreads: true);
            end.Poller.Arrivals.TryRead(out DatagramArrival arrival);
            end.Port.Queue(new Departure(end.Poller.Arrivals.Buffer, arrival.Offset, arrival.Length, remote, 0, arrival.Length));
            end.Poller.Flush();
            other.Receive(data);
        }));
    }

    [RequiresTheory(Requirement.LinuxCalls)]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void TrafficClass_ThereAndBack_IsSeenAndSet(string address)
    {
        using var near = new DatagramEnd(portable: false, address);
        using var far = new DatagramEnd(portable: false, address);
        foreach (byte trafficClass in new byte[] { 0xB8 | 2, 0, 0xB8 | 1 })
        {
            Assert.True(near.Send(10, far.Port.Local, trafficClass));
            Assert.Equal(trafficClass, far.ReceiveOne().TrafficClass);
        }
    }

    [RequiresTheory(Requirement.LinuxCalls)]
    [InlineData("127.0.0.1", 3, 3)]
    [InlineData("::1", 1, 4)]
    public void Icmp_ClosedPort_IsReportedAndNothingIsLost(string address, byte type, byte code)
    {
        using var end = new DatagramEnd(portable: false, address);
        using Socket other = RawClient.Udp(address);
        using var closed = new DeadPort(ProtocolType.Udp, IPAddress.Parse(address));

        Assert.True(end.Send(10, TransportAddress.FromIPEndPoint(closed.EndPoint)));

        // The error of the first is not taken for one of the second.
        Assert.True(end.Send(7, Local(other)));
        Assert.Equal(7, other.Receive(new byte[10]));
        Assert.True(end.TakeReady());
        Assert.True(end.Port.TryReadIcmp(out TransportAddress destination, out IcmpError error));
        Assert.Equal(closed.EndPoint, destination.ToIPEndPoint());
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
            using var end = new DatagramEnd(portable: false, address);
            using Socket other = RawClient.Udp(address);
            TransportAddress remote = Local(other);

            Assert.True(end.Send(3000, remote));
            Assert.Equal(3000, other.Receive(new byte[4000]));
            Assert.False(end.Send(3000, remote, dontFragment: true));
            Assert.True(end.Port.TryReadIcmp(out TransportAddress destination, out IcmpError error));
            Assert.Equal(remote, destination);
            Assert.Equal(new IcmpError(type, code, 1500), error);

            // The flag holds for one datagram.
            Assert.True(end.Send(3000, remote));
            Assert.Equal(3000, other.Receive(new byte[4000]));
        });
    }

    private static TransportAddress Local(Socket socket) => TransportAddress.FromIPEndPoint((IPEndPoint)socket.LocalEndPoint!);
}
