using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Signaling.Server.Tests;

public sealed class FrameMeterTests
{
    private const int MaxSize = 65_536;

    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void Read_MessageOfAnAllowedLength_IsFine(int length)
        => Assert.Equal(FrameVerdict.Fine, Read(Text(length)));

    [Theory]
    [InlineData(65_537UL)]
    [InlineData(1UL << 32)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    public void Read_HeaderOfTooLongAMessage_IsRefusedBeforeItsPayload(ulong length)
        => Assert.Equal(FrameVerdict.TooLong, Read(new WireFrame(WireFrame.Text, []) { ClaimedLength = length }.ToBytes()));

    [Fact]
    public void Read_FragmentsThatTogetherAreTooLong_AreRefusedAtTheOneThatIsTooMuch()
    {
        var meter = new FrameMeter(MaxSize, Instant.Zero);
        Assert.Equal(FrameVerdict.Fine, meter.Read(new WireFrame(WireFrame.Text, new byte[40_000]) { Final = false }.ToBytes(), Instant.Zero));
        byte[] second = new WireFrame(WireFrame.Continuation, new byte[25_537]).ToBytes();
        Assert.Equal(FrameVerdict.TooLong, meter.Read(second, Instant.Zero));
    }

    [Fact]
    public void Read_SixteenFragments_AreFineAndTheSeventeenthIsNot()
    {
        byte[] first = new WireFrame(WireFrame.Text, [65]) { Final = false }.ToBytes();
        byte[] next = new WireFrame(WireFrame.Continuation, [65]) { Final = false }.ToBytes();
        byte[] last = new WireFrame(WireFrame.Continuation, [65]).ToBytes();
        var meter = new FrameMeter(MaxSize, Instant.Zero);
        for (int message = 0; message < 2; message++)
        {
            byte[] whole = [.. first, .. Enumerable.Repeat(next, 14).SelectMany(static bytes => bytes), .. last];
            Assert.Equal(FrameVerdict.Fine, meter.Read(whole, Instant.Zero));
        }

        byte[] sixteen = [.. first, .. Enumerable.Repeat(next, 15).SelectMany(static bytes => bytes)];
        Assert.Equal(FrameVerdict.Fine, meter.Read(sixteen, Instant.Zero));
        Assert.Equal(FrameVerdict.TooManyFragments, meter.Read(next, Instant.Zero));
    }

    // A ping may stand between the fragments of a message (RFC 6455 section 5.4): it is none of them.
    [Fact]
    public void Read_ControlFramesBetweenFragments_AreNoFragments()
    {
        var meter = new FrameMeter(MaxSize, Instant.Zero);
        Assert.Equal(FrameVerdict.Fine, meter.Read(new WireFrame(WireFrame.Text, [65]) { Final = false }.ToBytes(), Instant.Zero));
        for (int i = 0; i < 15; i++)
        {
            Assert.Equal(FrameVerdict.Fine, meter.Read(new WireFrame(WireFrame.Ping, [1, 2]).ToBytes(), Instant.Zero));
            Assert.Equal(FrameVerdict.Fine, meter.Read(new WireFrame(WireFrame.Continuation, [65]) { Final = false }.ToBytes(), Instant.Zero));
        }

        Assert.Equal(FrameVerdict.TooManyFragments, meter.Read(new WireFrame(WireFrame.Continuation, []).ToBytes(), Instant.Zero));
    }

    [Theory]
    [InlineData(WireFrame.Ping)]
    [InlineData(WireFrame.Pong)]
    public void Read_ControlFrames_HaveABurstAndARate(int opcode)
    {
        byte[] frame = new WireFrame(opcode, [1]).ToBytes();
        var meter = new FrameMeter(MaxSize, Instant.Zero);
        for (int i = 0; i < FrameMeter.ControlFrameBurst; i++)
        {
            Assert.Equal(FrameVerdict.Fine, meter.Read(frame, Instant.Zero));
        }

        Instant later = Instant.Zero + TimeSpan.FromSeconds(1);
        for (int i = 0; i < FrameMeter.ControlFramesPerSecond; i++)
        {
            Assert.Equal(FrameVerdict.Fine, meter.Read(frame, later));
        }

        Assert.Equal(FrameVerdict.TooManyControlFrames, meter.Read(frame, later));
    }

    // Whatever the cuts, the verdict is the same.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(13)]
    public void Read_CutAnywhere_CountsTheSame(int step)
    {
        byte[] stream =
        [
            .. Text(200), .. Text(70), .. new WireFrame(WireFrame.Ping, [1, 2, 3]).ToBytes(), .. Text(0),
            .. Text(65_536),
            .. new WireFrame(WireFrame.Text, []) { ClaimedLength = MaxSize + 1 }.ToBytes(),
        ];
        var meter = new FrameMeter(MaxSize, Instant.Zero);
        FrameVerdict verdict = FrameVerdict.Fine;
        int read = 0;
        while (verdict == FrameVerdict.Fine && read < stream.Length)
        {
            int length = Math.Min(step, stream.Length - read);
            verdict = meter.Read(stream.AsSpan(read, length), Instant.Zero);
            read += length;
        }

        Assert.Equal(FrameVerdict.TooLong, verdict);
        Assert.Equal(stream.Length, read);
    }

    [Fact]
    public void Read_FrameWithoutAMask_IsRefused()
        => Assert.Equal(FrameVerdict.NotMasked, Read((WireFrame.OfText("{}") with { Masked = false }).ToBytes()));

    private static FrameVerdict Read(byte[] bytes) => new FrameMeter(MaxSize, Instant.Zero).Read(bytes, Instant.Zero);

    private static byte[] Text(int length) => new WireFrame(WireFrame.Text, new byte[length]).ToBytes();
}
