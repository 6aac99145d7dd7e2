using System;
using System.Buffers;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>
/// Cuts a byte stream (TCP, TLS) into STUN messages, and into ChannelData messages where a TURN session is carried (RFC 8489 section 6.2.2,
/// RFC 8656 section 12.5). Holds no bytes: the buffer is the pipe's, so memory grows with what was received and not with what a header
/// promises. Made for System.IO.Pipelines.
/// </summary>
/// <param name="maxFrameSize">The largest frame, padding included; 20 to 65552 bytes.</param>
/// <param name="allowChannelData">Whether ChannelData messages are frames too.</param>
/// <param name="allowRfc5766Channels">
/// Whether their channels may be 0x5000 to 0x7FFF too, which RFC 5766 section 11 allowed and RFC 8656 section 12 reserves.
/// </param>
public readonly struct StunStreamFramer(
    int maxFrameSize = StunStreamFramer.DefaultMaxFrameSize,
    bool allowChannelData = false,
    bool allowRfc5766Channels = false)
{
    /// <summary>The cap for a peer that has not authenticated itself.</summary>
    public const int DefaultMaxFrameSize = 4096;

    private const int CookieEnd = 8;
    private const int ChannelDataHeaderSize = 4;

    /// <summary>Looks for a frame at the start of a buffer.</summary>
    /// <param name="buffer">The bytes that have not been consumed.</param>
    /// <param name="frame">
    /// A STUN message, or a ChannelData message without its padding; valid as long as <paramref name="buffer"/>.
    /// </param>
    /// <param name="consumed">How many bytes to consume: the frame and its padding; 0 without a frame.</param>
    /// <param name="needed">How many more bytes are needed, at least, before the next call can find a frame; 0 otherwise.</param>
    public StunFrameStatus Read(in ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> frame, out int consumed, out int needed)
    {
        frame = default;
        consumed = 0;
        needed = 0;
        Span<byte> header = stackalloc byte[CookieEnd];
        int available = (int)Math.Min(buffer.Length, CookieEnd);
        header = header[..available];
        buffer.Slice(0, available).CopyTo(header);
        if (available == 0)
        {
            needed = ChannelDataHeaderSize;
            return StunFrameStatus.NeedMore;
        }

        return StunDemultiplexer.Classify(header) switch
        {
            StunPacketKind.Stun => ReadMessage(buffer, header, out frame, out consumed, out needed),
            StunPacketKind.ChannelData when allowChannelData => ReadChannelData(buffer, header, out frame, out consumed, out needed),
            _ when allowChannelData && allowRfc5766Channels && header[0] is >= 0x50 and < 0x80
                => ReadChannelData(buffer, header, out frame, out consumed, out needed),
            _ => StunFrameStatus.Invalid,
        };
    }

    private static StunFrameStatus Cut(
        in ReadOnlySequence<byte> buffer,
        int length,
        int padded,
        out ReadOnlySequence<byte> frame,
        out int consumed,
        out int needed)
    {
        frame = default;
        consumed = 0;
        needed = 0;
        if (buffer.Length < padded)
        {
            needed = padded - (int)buffer.Length;
            return StunFrameStatus.NeedMore;
        }

        frame = buffer.Slice(0, length);
        consumed = padded;
        return StunFrameStatus.Frame;
    }

    private StunFrameStatus ReadMessage(
        in ReadOnlySequence<byte> buffer,
        ReadOnlySpan<byte> header,
        out ReadOnlySequence<byte> frame,
        out int consumed,
        out int needed)
    {
        frame = default;
        consumed = 0;
        needed = StunMessage.HeaderSize - header.Length;

        // A stream that is out of step is noticed at the first bytes that cannot be, not after the length that they promise.
        if (header.Length >= 4 && (header[3] & 3) != 0)
        {
            needed = 0;
            return StunFrameStatus.Invalid;
        }

        if (header.Length < CookieEnd)
        {
            return StunFrameStatus.NeedMore;
        }

        needed = 0;
        if (BinaryPrimitives.ReadUInt32BigEndian(header[4..]) != StunMessage.MagicCookie)
        {
            return StunFrameStatus.Invalid;
        }

        int length = StunMessage.HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
        return length > maxFrameSize ? StunFrameStatus.TooLarge : Cut(buffer, length, length, out frame, out consumed, out needed);
    }

    private StunFrameStatus ReadChannelData(
        in ReadOnlySequence<byte> buffer,
        ReadOnlySpan<byte> header,
        out ReadOnlySequence<byte> frame,
        out int consumed,
        out int needed)
    {
        frame = default;
        consumed = 0;
        needed = ChannelDataHeaderSize - header.Length;
        if (header.Length < ChannelDataHeaderSize)
        {
            return StunFrameStatus.NeedMore;
        }

        needed = 0;
        int length = ChannelDataHeaderSize + BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
        int padded = (length + 3) & ~3;
        return padded > maxFrameSize ? StunFrameStatus.TooLarge : Cut(buffer, length, padded, out frame, out consumed, out needed);
    }
}
