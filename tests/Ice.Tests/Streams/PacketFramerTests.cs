using System;
using System.Buffers;
using System.Collections.Generic;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Ice.Tests;

public sealed class PacketFramerTests
{
    [Fact]
    public void Read_StreamByteByByte_GivesEachPacketAtItsLastByte()
    {
        byte[][] packets = [[1, 2, 3], [], [4], new byte[300], [0x80, 0xC8]];
        var stream = new List<byte>();
        var ends = new List<int>();
        foreach (byte[] packet in packets)
        {
            byte[] frame = new byte[packet.Length + 2];
            Assert.Equal(frame.Length, PacketFramer.Write(packet, frame));
            stream.AddRange(frame);
            ends.Add(stream.Count);
        }

        var framer = new PacketFramer(300);
        byte[] bytes = [.. stream];
        int start = 0;
        int found = 0;
        for (int end = 0; end <= bytes.Length; end++)
        {
            StunFrameStatus status = framer.Read(OneByOne(bytes.AsSpan(start..end)), out ReadOnlySequence<byte> packet, out int consumed, out int needed);
            if (end < ends[Math.Min(found, ends.Count - 1)] || found == ends.Count)
            {
                Assert.Equal((StunFrameStatus.NeedMore, 0), (status, consumed));
                Assert.InRange(needed, 1, 300);

                // No call before that many bytes more can find a packet.
                Assert.True(found == ends.Count || end + needed <= ends[found]);
                continue;
            }

            Assert.Equal((StunFrameStatus.Frame, 0), (status, needed));
            Assert.Equal(packets[found], packet.ToArray());
            start += consumed;
            Assert.Equal(ends[found], start);
            found++;
        }

        Assert.Equal(packets.Length, found);
    }

    [Fact]
    public void Read_TwoPacketsAtOnce_GivesTheFirst()
    {
        var buffer = new ReadOnlySequence<byte>([0, 1, 7, 0, 2, 8, 9]);
        Assert.Equal(StunFrameStatus.Frame, new PacketFramer().Read(buffer, out ReadOnlySequence<byte> packet, out int consumed, out _));
        Assert.Equal((3, 1), (consumed, (int)packet.Length));
    }

    [Fact]
    public void Read_NullPacket_IsAPacketOfNoBytes()
    {
        Assert.Equal(
            StunFrameStatus.Frame,
            new PacketFramer().Read(new ReadOnlySequence<byte>([0, 0]), out ReadOnlySequence<byte> packet, out int consumed, out _));
        Assert.Equal((2, 0L), (consumed, packet.Length));
    }

    [Fact]
    public void Read_LengthAboveTheCap_IsRefusedAtItsTwoBytes()
    {
        var framer = new PacketFramer(1500);
        Assert.Equal(StunFrameStatus.TooLarge, framer.Read(new ReadOnlySequence<byte>([0x05, 0xDD]), out _, out int consumed, out int needed));
        Assert.Equal((0, 0), (consumed, needed));
        Assert.Equal(StunFrameStatus.NeedMore, framer.Read(new ReadOnlySequence<byte>([0x05, 0xDC]), out _, out _, out needed));
        Assert.Equal(1500, needed);
    }

    [Fact]
    public void Read_LargestPacket_IsTaken()
    {
        byte[] frame = new byte[65537];
        Assert.Equal(65537, PacketFramer.Write(new byte[65535], frame));
        Assert.Equal(StunFrameStatus.Frame, new PacketFramer().Read(new ReadOnlySequence<byte>(frame), out ReadOnlySequence<byte> packet, out int consumed, out _));
        Assert.Equal((65537, 65535L), (consumed, packet.Length));
    }

    [Fact]
    public void Read_WholePacket_AllocatesNothing()
    {
        var framer = new PacketFramer();
        var buffer = new ReadOnlySequence<byte>([0, 3, 1, 2, 3]);
        Assert.Equal(0, Allocations.Measure(() => framer.Read(buffer, out _, out _, out _)));
    }

    [Fact]
    public void WriteHeader_IsInNetworkOrder()
    {
        byte[] header = new byte[2];
        PacketFramer.WriteHeader(0x1234, header);
        Assert.Equal([0x12, 0x34], header);
    }

    [Fact]
    public void Write_WhatDoesNotFit_IsTheCallersMistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PacketFramer.Write(new byte[65536], new byte[70000]));
        Assert.Throws<ArgumentException>(() => PacketFramer.Write(new byte[3], new byte[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PacketFramer.WriteHeader(65536, new byte[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PacketFramer.WriteHeader(-1, new byte[2]));
        Assert.Throws<ArgumentException>(() => PacketFramer.WriteHeader(1, new byte[1]));
    }

    private static ReadOnlySequence<byte> OneByOne(ReadOnlySpan<byte> bytes)
    {
        Piece? first = null;
        Piece? last = null;
        foreach (byte one in bytes)
        {
            last = new Piece(one, last);
            first ??= last;
        }

        return first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(first, 0, last!, 1);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte value, Piece? previous)
        {
            Memory = new[] { value };
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + 1;
                previous.Next = this;
            }
        }
    }
}
