using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>Runs of datagrams that the system carries in one piece: nobody at either end can tell.</summary>
public sealed class SegmentTests
{
    private static readonly DatagramPortOptions Plain = new() { Segments = false, Coalesces = false };

    /// <summary>Lengths in the order in which they are queued to one destination.</summary>
    public static TheoryData<int[]> Runs => new()
    {
        new int[] { 100 },
        Enumerable.Repeat(172, 32).ToArray(),
        Enumerable.Repeat(172, 200).ToArray(),
        Enumerable.Repeat(1200, 130).ToArray(),
        Enumerable.Repeat(100, 10).Append(40).ToArray(),
        Enumerable.Repeat(100, 10).Append(40).Append(40).Append(100).ToArray(),
        Enumerable.Repeat(40, 10).Append(100).ToArray(),
        Enumerable.Repeat(30_000, 5).ToArray(),
        new int[] { 0, 0, 5, 0, 5, 5 },
        Enumerable.Range(1, 100).ToArray(),
        Enumerable.Repeat(1, 128).ToArray(),
    };

    [RequiresTheory(Requirement.LinuxCalls)]
    [MemberData(nameof(Runs))]
    public void Run_ToAPlainSocket_ArrivesAsItWasQueued(int[] lengths)
    {
        using var near = new DatagramEnd(portable: false);
        using Socket far = RawClient.Udp();
        far.ReceiveBufferSize = 4 << 20;
        Queue(near, lengths, TransportAddress.FromIPEndPoint((IPEndPoint)far.LocalEndPoint!));

        near.Poller.Flush();

        byte[] received = new byte[65536];
        for (int i = 0; i < lengths.Length; i++)
        {
            int length = far.Receive(received);
            Assert.Equal(Payload(i, lengths[i]), received[..length]);
        }

        Assert.Equal((lengths.Length, (long)lengths.Sum(), 0), (near.Relayed, near.RelayedBytes, near.Unsent));
    }

    [RequiresTheory(Requirement.LinuxCalls)]
    [MemberData(nameof(Runs))]
    public void Run_ToASocketThatTakesItInOnePiece_IsCutUpAndHasRoomForHeaders(int[] lengths)
    {
        using var near = new DatagramEnd(portable: false);
        using var far = new DatagramEnd(portable: false);
        far.Socket.ReceiveBufferSize = 4 << 20;
        Queue(near, lengths, far.Port.Local);

        near.Poller.Flush();

        int i = 0;
        int last = -1;
        while (i < lengths.Length)
        {
            Assert.True(far.Receive(spreads: true));
            while (far.Poller.Arrivals.TryRead(out DatagramArrival arrival))
            {
                Assert.Equal(near.Port.Local, arrival.Source);
                Assert.Equal(Payload(i, lengths[i]), far.Poller.Arrivals.Buffer.Slice(arrival.Offset, arrival.Length).ToArray());

                // What is written around one is not in another one.
                far.Poller.Arrivals.Buffer.Slice(arrival.Offset - Turn.TurnServer.Headroom, Turn.TurnServer.Headroom).Fill(0xEE);
                far.Poller.Arrivals.Buffer.Slice(arrival.Offset + arrival.Length, Turn.TurnServer.Tailroom).Fill(0xEE);
                last = arrival.Offset;
                i++;
            }
        }

        Assert.True(last > 0);
    }

    [RequiresFact(Requirement.LinuxCalls)]
    public void Run_OfSeveralDestinationsAndClasses_ReachesEachInOrder()
    {
        using var near = new DatagramEnd(portable: false);
        List<DatagramEnd> far = [.. Enumerable.Range(0, 3).Select(_ => new DatagramEnd(portable: false))];
        for (int i = 0; i < 60; i++)
        {
            near.Buffer.Slice(i * 16, 16).Fill((byte)i);
            near.Queue(i * 16, 16, far[i / 4 % 3].Port.Local, trafficClass: (byte)(i % 8 < 4 ? 0 : 0x28));
        }

        near.Poller.Flush();

        for (int end = 0; end < 3; end++)
        {
            byte[] expected = [.. Enumerable.Range(0, 60).Where(i => i / 4 % 3 == end).Select(i => (byte)i)];
            Assert.Equal(expected, far[end].ReceiveAll(20).Select(datagram => datagram[0]));
            far[end].Dispose();
        }
    }

    [RequiresFact(Requirement.LinuxCalls)]
    public void Run_WithoutSegments_ArrivesAsItWasQueued()
    {
        using var near = new DatagramEnd(portable: false, options: Plain);
        using var far = new DatagramEnd(portable: false, options: Plain);
        int[] lengths = [.. Enumerable.Repeat(172, 50)];
        Queue(near, lengths, far.Port.Local);

        near.Poller.Flush();

        List<byte[]> received = far.ReceiveAll(50);
        Assert.All(received.Select((datagram, i) => (datagram, i)), one => Assert.Equal(Payload(one.i, 172), one.datagram));
    }

    [RequiresTheory(Requirement.Root)]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Run_OfDatagramsAboveTheMtu_IsFragmentedAndArrives(string address)
    {
        Namespace.Run(1500, () =>
        {
            using var near = new DatagramEnd(portable: false, address);
            using var far = new DatagramEnd(portable: false, address);

            // One size that the system cannot cut, then one that it can: the first does not spoil the second.
            int[] lengths = [.. Enumerable.Repeat(2000, 20), .. Enumerable.Repeat(1000, 20)];
            Queue(near, lengths, far.Port.Local);

            near.Poller.Flush();

            List<byte[]> received = far.ReceiveAll(40);
            Assert.All(received.Select((datagram, i) => (datagram, i)), one => Assert.Equal(Payload(one.i, lengths[one.i]), one.datagram));
            Assert.Equal((40, 0), (near.Relayed, near.Unsent));
        });
    }

    [Fact]
    public void Batch_MoreSegmentsThanThereIsRoomFor_KeepsToIt()
    {
        var batch = new ArrivalBatch();
        batch.Begin(spreads: true);
        batch.Add(ArrivalBatch.MessageSize, 1, default, 0);

        int read = 0;
        while (batch.TryRead(out DatagramArrival arrival))
        {
            Assert.InRange(arrival.Offset, 0, batch.Buffer.Bytes.Length - 1 - Turn.TurnServer.Tailroom);
            read++;
        }

        Assert.Equal(ArrivalBatch.MaxSegments, read);
    }

    private static void Queue(DatagramEnd end, int[] lengths, TransportAddress destination)
    {
        int at = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            Payload(i, lengths[i]).AsSpan().CopyTo(end.Buffer.Slice(at, lengths[i]));
            end.Queue(at, lengths[i], destination, relayed: lengths[i]);
            at += lengths[i];
        }
    }

    private static byte[] Payload(int index, int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((index * 31) + i))];
}
