using System;
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Generic;

namespace Stack.Signaling.Server;

/// <summary>Reads the values of the third version of Redis' protocol (RESP3). Sizes and depths have bounds: a store is a peer on the network as well.</summary>
internal ref struct RespReader
{
    public const int MaxTextSize = 1 << 20;
    public const int MaxItems = 4096;
    public const int MaxDepth = 8;

    private const int MaxLineSize = 4096;

    private SequenceReader<byte> _bytes;

    private RespReader(ReadOnlySequence<byte> bytes) => _bytes = new SequenceReader<byte>(bytes);

    /// <summary>Reads one value.</summary>
    /// <param name="bytes">What has come.</param>
    /// <param name="value">The value.</param>
    /// <param name="consumed">Where the next one begins; the begin of <paramref name="bytes"/> where there is no whole value.</param>
    public static RespReadStatus TryRead(ReadOnlySequence<byte> bytes, out RespValue value, out SequencePosition consumed)
    {
        var reader = new RespReader(bytes);
        RespReadStatus status = reader.ReadValue(0, out value);
        consumed = status == RespReadStatus.Read ? reader._bytes.Position : bytes.Start;
        return status;
    }

    private RespReadStatus ReadValue(int depth, out RespValue value)
    {
        value = RespValue.Null;
        if (!_bytes.TryRead(out byte type))
        {
            return RespReadStatus.Incomplete;
        }

        RespReadStatus status = ReadLine(out byte[] line);
        if (status != RespReadStatus.Read)
        {
            return status;
        }

        switch ((char)type)
        {
            case '+' or ',' or '(':
                value = RespValue.OfText(line);
                return RespReadStatus.Read;
            case '-':
                value = RespValue.OfError(line);
                return RespReadStatus.Read;
            case '_':
                return RespReadStatus.Read;
            case '#':
                value = RespValue.OfNumber(line is [(byte)'t'] ? 1 : 0);
                return RespReadStatus.Read;
            case ':':
                bool isNumber = TryParse(line, out long number);
                value = RespValue.OfNumber(number);
                return isNumber ? RespReadStatus.Read : RespReadStatus.Malformed;
            case '$' or '=' or '!':
                return ReadText((char)type, line, out value);
            case '*' or '~' or '>' or '%':
                return ReadItems((char)type, line, depth, out value);
            default:
                return RespReadStatus.Malformed;
        }
    }

    private RespReadStatus ReadText(char type, byte[] line, out RespValue value)
    {
        value = RespValue.Null;
        if (!TryParse(line, out long size) || size is < -1 or > MaxTextSize)
        {
            return RespReadStatus.Malformed;
        }

        if (size == -1)
        {
            return RespReadStatus.Read;
        }

        if (_bytes.Remaining < size + 2)
        {
            return RespReadStatus.Incomplete;
        }

        byte[] text = new byte[size];
        _bytes.TryCopyTo(text);
        _bytes.Advance(size);
        value = type == '!' ? RespValue.OfError(text) : RespValue.OfText(text);
        return _bytes.IsNext("\r\n"u8, advancePast: true) ? RespReadStatus.Read : RespReadStatus.Malformed;
    }

    private RespReadStatus ReadItems(char type, byte[] line, int depth, out RespValue value)
    {
        value = RespValue.Null;
        if (!TryParse(line, out long count) || count is < -1 or > MaxItems || depth == MaxDepth)
        {
            return RespReadStatus.Malformed;
        }

        List<RespValue> items = [];
        for (long left = type == '%' ? 2 * count : count; left > 0; left--)
        {
            RespReadStatus status = ReadValue(depth + 1, out RespValue item);
            if (status != RespReadStatus.Read)
            {
                return status;
            }

            items.Add(item);
        }

        value = count < 0 ? RespValue.Null : new RespValue(type == '>' ? RespKind.Push : RespKind.Array, [], 0, items);
        return RespReadStatus.Read;
    }

    private RespReadStatus ReadLine(out byte[] line)
    {
        if (!_bytes.TryReadTo(out ReadOnlySequence<byte> read, "\r\n"u8))
        {
            line = [];
            return _bytes.Remaining > MaxLineSize ? RespReadStatus.Malformed : RespReadStatus.Incomplete;
        }

        line = read.ToArray();
        return line.Length > MaxLineSize ? RespReadStatus.Malformed : RespReadStatus.Read;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out long number) => Utf8Parser.TryParse(text, out number, out int length) && length == text.Length;
}
