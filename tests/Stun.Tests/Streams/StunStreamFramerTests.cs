using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class StunStreamFramerTests
{
    private static readonly byte[] Request = Wire.Message(Wire.Attribute(0x8022, "a request"));
    private static readonly byte[] Empty = Wire.Message(0x0011);

    public static TheoryData<string> Streams => new(Streaming.Keys);

    private static Dictionary<string, (byte[] Bytes, byte[][] Frames)> Streaming { get; } = new(StringComparer.Ordinal)
    {
        ["one message"] = (Request, [Request]),
        ["header only"] = (Empty, [Empty]),
        ["two messages"] = ([.. Request, .. Empty], [Request, Empty]),
        ["two and a half"] = ([.. Request, .. Empty, .. Request[..21]], [Request, Empty]),
        ["channel data, padded"] = ([0x40, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0, .. Empty], [[0x40, 0, 0, 5, 1, 2, 3, 4, 5], Empty]),
        ["channel data between"] = ([.. Empty, 0x4F, 0xFF, 0, 1, 9, 0xA5, 0xA5, 0xA5, .. Request], [Empty, [0x4F, 0xFF, 0, 1, 9], Request]),
        ["channel data without payload"] = ([0x40, 1, 0, 0, 0x40, 1, 0, 4, 1, 2, 3, 4], [[0x40, 1, 0, 0], [0x40, 1, 0, 4, 1, 2, 3, 4]]),
        ["channel data waits for its padding"] = ([0x40, 1, 0, 3, 1, 2, 3], []),
    };

    // Every cut of the stream into two writes, and into equal writes of 1 to n bytes.
    [Theory]
    [MemberData(nameof(Streams))]
    public void Read_EverySplit_GivesTheSameFrames(string name)
    {
        (byte[] bytes, byte[][] frames) = Streaming[name];
        for (int size = 1; size <= bytes.Length; size++)
        {
            AssertFrames(frames, bytes.Chunk(size));
        }

        for (int cut = 1; cut < bytes.Length; cut++)
        {
            AssertFrames(frames, [bytes[..cut], bytes[cut..]]);
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Read_SegmentsOfOneByte_GivesTheSameFrames(string name)
    {
        (byte[] bytes, byte[][] frames) = Streaming[name];
        ReadOnlySequence<byte> buffer = Segment.Chain(bytes.Chunk(1));
        var framer = new StunStreamFramer(allowChannelData: true);
        var found = new List<byte[]>();
        while (framer.Read(buffer, out ReadOnlySequence<byte> frame, out int consumed, out int needed) == StunFrameStatus.Frame)
        {
            Assert.Equal(0, needed);
            found.Add(frame.ToArray());
            buffer = buffer.Slice(consumed);
        }

        Assert.Equal(frames, found);
    }

    // What is said to be needed is never more than what is: a reader that waits for it does not wait for ever.
    [Theory]
    [MemberData(nameof(Streams))]
    public void Read_EveryPrefix_NeedsNoMoreThanTheFrameHas(string name)
    {
        (byte[] bytes, byte[][] frames) = Streaming[name];
        var framer = new StunStreamFramer(allowChannelData: true);
        int first = frames.Length == 0 ? bytes.Length + 1 : (frames[0].Length + 3) & ~3;
        for (int length = 0; length < first; length++)
        {
            Assert.Equal(
                StunFrameStatus.NeedMore,
                framer.Read(new ReadOnlySequence<byte>(bytes[..length]), out ReadOnlySequence<byte> frame, out int consumed, out int needed));
            Assert.Equal(0, consumed);
            Assert.True(frame.IsEmpty);
            Assert.InRange(needed, 1, first - length);
            if (length >= 8)
            {
                Assert.Equal(first - length, needed);
            }
        }
    }

    [Fact]
    public void Read_LargestMessageThenStall_NeedsTheRestAndHoldsNothing()
    {
        byte[] header = Wire.Message();
        header[2] = 0xFF;
        header[3] = 0xFC;
        var buffer = new ReadOnlySequence<byte>(header);

        Assert.Equal(StunFrameStatus.TooLarge, new StunStreamFramer().Read(buffer, out _, out int consumed, out int needed));
        Assert.Equal((0, 0), (consumed, needed));

        var framer = new StunStreamFramer(StunMessage.MaxSize);
        Assert.Equal(StunFrameStatus.NeedMore, framer.Read(buffer, out _, out consumed, out needed));
        Assert.Equal((0, 65532), (consumed, needed));
        Assert.Equal(0, Allocations.Measure(() => framer.Read(buffer, out _, out _, out _)));
    }

    [Theory]
    [InlineData(4096, 4076, StunFrameStatus.NeedMore)]
    [InlineData(4096, 4080, StunFrameStatus.TooLarge)]
    [InlineData(20, 0, StunFrameStatus.Frame)]
    [InlineData(20, 4, StunFrameStatus.TooLarge)]
    [InlineData(65552, 65532, StunFrameStatus.NeedMore)]
    public void Read_Cap_CountsTheHeader(int cap, int length, StunFrameStatus expected)
    {
        byte[] header = Wire.Message();
        header[2] = (byte)(length >> 8);
        header[3] = (byte)length;
        Assert.Equal(expected, new StunStreamFramer(cap).Read(new ReadOnlySequence<byte>(header), out _, out _, out _));
    }

    [Theory]
    [InlineData(4092, StunFrameStatus.NeedMore)]
    [InlineData(4089, StunFrameStatus.NeedMore)]
    [InlineData(4093, StunFrameStatus.TooLarge)]
    [InlineData(65535, StunFrameStatus.TooLarge)]
    public void Read_ChannelDataCap_CountsHeaderAndPadding(int length, StunFrameStatus expected)
    {
        byte[] header = [0x40, 0, (byte)(length >> 8), (byte)length];
        var framer = new StunStreamFramer(allowChannelData: true);
        Assert.Equal(expected, framer.Read(new ReadOnlySequence<byte>(header), out _, out _, out _));
    }

    [Fact]
    public void Read_ChannelDataOfAnyLength_NextFrameIsFoundBehindThePadding()
    {
        var framer = new StunStreamFramer(allowChannelData: true);
        for (int length = 0; length < 40; length++)
        {
            byte[] stream = [0x4A, 0xBC, 0, (byte)length, .. new byte[(length + 3) & ~3], .. Empty];
            var buffer = new ReadOnlySequence<byte>(stream);
            Assert.Equal(StunFrameStatus.Frame, framer.Read(buffer, out ReadOnlySequence<byte> frame, out int consumed, out _));
            Assert.Equal(4 + length, frame.Length);
            Assert.Equal(StunFrameStatus.Frame, framer.Read(buffer.Slice(consumed), out frame, out consumed, out _));
            Assert.Equal(Empty, frame.ToArray());
        }
    }

    // RFC 8489 section 6.2.2: nothing but STUN, and ChannelData where it is asked for, is on the connection.
    [Fact]
    public void Read_FirstByteOfAnotherProtocol_IsInvalidAtOnce()
    {
        for (int value = 0; value <= 0xFF; value++)
        {
            var one = new ReadOnlySequence<byte>([(byte)value]);
            StunFrameStatus plain = value <= 3 ? StunFrameStatus.NeedMore : StunFrameStatus.Invalid;
            StunFrameStatus turn = value is <= 3 or (>= 64 and <= 79) ? StunFrameStatus.NeedMore : StunFrameStatus.Invalid;
            Assert.Equal(plain, new StunStreamFramer().Read(one, out _, out _, out _));
            Assert.Equal(turn, new StunStreamFramer(allowChannelData: true).Read(one, out _, out _, out _));
        }
    }

    [Theory]
    [InlineData("00010001")]
    [InlineData("00010002 2112")]
    [InlineData("00010003 2112a442")]
    [InlineData("00010000 2112a443")]
    [InlineData("00010000 00000000 b7e7a701bc34d686fa87dfae")]
    [InlineData("00000000 00000000")]
    [InlineData("474554202f")]
    public void Read_OutOfStep_IsInvalid(string hex)
    {
        Assert.Equal(
            StunFrameStatus.Invalid,
            new StunStreamFramer().Read(new ReadOnlySequence<byte>(Wire.Hex(hex)), out ReadOnlySequence<byte> frame, out int consumed, out int needed));
        Assert.True(frame.IsEmpty);
        Assert.Equal((0, 0), (consumed, needed));
    }

    [Fact]
    public void Read_DefaultValue_TakesNothing()
        => Assert.Equal(StunFrameStatus.TooLarge, default(StunStreamFramer).Read(new ReadOnlySequence<byte>(Empty), out _, out _, out _));

    [Fact]
    public void Read_Frame_AllocatesNothing()
    {
        var framer = new StunStreamFramer(allowChannelData: true);
        var buffer = new ReadOnlySequence<byte>(Request);
        Assert.Equal(0, Allocations.Measure(() => framer.Read(buffer, out _, out _, out _)));
    }

    // Plays a connection: writes arrive, whole frames are taken off, the rest stays in the buffer.
    private static void AssertFrames(byte[][] expected, IEnumerable<byte[]> writes)
    {
        var framer = new StunStreamFramer(allowChannelData: true);
        var found = new List<byte[]>();
        byte[] pending = [];
        foreach (byte[] write in writes)
        {
            pending = [.. pending, .. write];
            while (framer.Read(new ReadOnlySequence<byte>(pending), out ReadOnlySequence<byte> frame, out int consumed, out _) == StunFrameStatus.Frame)
            {
                found.Add(frame.ToArray());
                pending = pending[consumed..];
            }
        }

        Assert.Equal(expected, found);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Chain(IEnumerable<byte[]> parts)
        {
            Segment? first = null;
            Segment? last = null;
            foreach (byte[] part in parts)
            {
                var next = new Segment { Memory = part, RunningIndex = last is null ? 0 : last.RunningIndex + last.Memory.Length };
                if (last is not null)
                {
                    last.Next = next;
                }

                first ??= next;
                last = next;
            }

            return first is null ? default : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
        }
    }
}
