using System;
using System.Buffers.Binary;
using Stack.Stun;

namespace Stack.Signaling.Server;

/// <summary>
/// Reads along what a client sends and counts its frames (RFC 6455 section 5.2), which a WebSocket does not show: fragments of one message, their
/// length together, and control frames; and that they are masked, which it does not ask for. Whether they are well formed is the WebSocket's to say.
/// </summary>
/// <remarks>
/// <code>
///  0               1               2
/// +-+-+-+-+-------+-+-------------+-------------------------------+
/// |F|R|R|R| opcode|M| length (7)  | length (16 or 64), where the  |
/// |I|S|S|S|  (4)  |A|             | 7 bits say 126 or 127; then   |
/// |N|V|V|V|       |S|             | the mask (32), where M is set |
/// +-+-+-+-+-------+-+-------------+-------------------------------+
/// </code>
/// </remarks>
internal sealed class FrameMeter
{
    public const int MaxFragments = 16;
    public const int ControlFramesPerSecond = 10;
    public const int ControlFrameBurst = 50;

    private const int MaxHeaderSize = 14;
    private const byte Final = 0x80;
    private const byte Masked = 0x80;
    private const byte Control = 0x08;
    private const byte OpcodeMask = 0x0F;

    private readonly int _maxMessageSize;
    private readonly byte[] _header = new byte[MaxHeaderSize];
    private long _payloadLeft;
    private long _messageSize;
    private int _headerSize;
    private int _fragments;
    private double _controlTokens = ControlFrameBurst;
    private Instant _refilled;

    /// <param name="maxMessageSize">The most bytes that a message may have, over all of its fragments.</param>
    /// <param name="now">The time.</param>
    public FrameMeter(int maxMessageSize, Instant now)
    {
        _maxMessageSize = maxMessageSize;
        _refilled = now;
    }

    /// <summary>Reads on.</summary>
    /// <param name="bytes">What has come, cut anywhere.</param>
    /// <param name="now">The time.</param>
    public FrameVerdict Read(ReadOnlySpan<byte> bytes, Instant now)
    {
        while (!bytes.IsEmpty)
        {
            if (_payloadLeft > 0)
            {
                int skipped = (int)Math.Min(_payloadLeft, bytes.Length);
                _payloadLeft -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            _header[_headerSize++] = bytes[0];
            bytes = bytes[1..];
            if (_headerSize == GetHeaderSize())
            {
                FrameVerdict verdict = EndHeader(now);
                if (verdict != FrameVerdict.Fine)
                {
                    return verdict;
                }
            }
        }

        return FrameVerdict.Fine;
    }

    private int GetHeaderSize()
    {
        if (_headerSize < 2)
        {
            return 2;
        }

        int extended = (_header[1] & ~Masked) switch { 126 => 2, 127 => 8, _ => 0 };
        return 2 + extended + ((_header[1] & Masked) == 0 ? 0 : 4);
    }

    private FrameVerdict EndHeader(Instant now)
    {
        _headerSize = 0;
        ulong length = (_header[1] & ~Masked) switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
            127 => BinaryPrimitives.ReadUInt64BigEndian(_header.AsSpan(2)),
            int small => (ulong)small,
        };
        if ((_header[1] & Masked) == 0)
        {
            // RFC 6455 section 5.1: the server closes the connection.
            return FrameVerdict.NotMasked;
        }

        if (length > (ulong)_maxMessageSize)
        {
            return FrameVerdict.TooLong;
        }

        _payloadLeft = (long)length;
        int opcode = _header[0] & OpcodeMask;
        return (opcode & Control) == 0 ? CountFragment(opcode) : CountControlFrame(now);
    }

    private FrameVerdict CountFragment(int opcode)
    {
        const int Continuation = 0;
        (_fragments, _messageSize) = opcode == Continuation ? (_fragments + 1, _messageSize + _payloadLeft) : (1, _payloadLeft);
        FrameVerdict verdict = _messageSize > _maxMessageSize ? FrameVerdict.TooLong
            : _fragments > MaxFragments ? FrameVerdict.TooManyFragments
            : FrameVerdict.Fine;
        if ((_header[0] & Final) != 0)
        {
            (_fragments, _messageSize) = (0, 0);
        }

        return verdict;
    }

    private FrameVerdict CountControlFrame(Instant now)
    {
        _controlTokens = Math.Min(ControlFrameBurst, _controlTokens + ((now - _refilled).TotalSeconds * ControlFramesPerSecond));
        _refilled = now;
        if (_controlTokens < 1)
        {
            return FrameVerdict.TooManyControlFrames;
        }

        _controlTokens--;
        return FrameVerdict.Fine;
    }
}
