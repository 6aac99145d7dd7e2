using System;
using System.Buffers;

namespace Stack.Transport;

/// <summary>Domain names as text and on the wire (RFC 1035 sections 3.1 and 4.1.4).</summary>
internal static class DnsName
{
    /// <summary>The longest name in text, without the trailing dot: 255 octets on the wire.</summary>
    public const int MaxTextLength = 253;

    private const int MaxLabelLength = 63;
    private const int MaxWireLength = 255;
    private const int HeaderLength = 12;

    // Compressing writers chain a handful of pointers at most; more of them only cost time.
    private const int MaxPointers = 32;

    private static readonly SearchValues<char> LabelCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    private static readonly SearchValues<char> HexadecimalDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private static readonly SearchValues<byte> LabelOctets =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"u8);

    /// <summary>True for labels of letters, digits, hyphens (not at the ends) and underscores; no trailing dot.</summary>
    public static bool IsHostName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxTextLength)
        {
            return false;
        }

        foreach (Range range in name.Split('.'))
        {
            ReadOnlySpan<char> label = name[range];
            if (label.IsEmpty || label.Length > MaxLabelLength || label[0] == '-' || label[^1] == '-' || label.ContainsAnyExcept(LabelCharacters))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True where C libraries may read an address: <c>127.1</c>, <c>0x7f.1</c>, <c>2130706433</c>. No top-level domain is a number.</summary>
    public static bool EndsInNumber(ReadOnlySpan<char> name)
    {
        ReadOnlySpan<char> last = name[(name.LastIndexOf('.') + 1)..];
        bool isHexadecimal = last.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && !last[2..].ContainsAnyExcept(HexadecimalDigits);
        return isHexadecimal || !last.ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>Writes a name for which <see cref="IsHostName"/> holds, without compression.</summary>
    public static int Write(ReadOnlySpan<char> name, Span<byte> destination)
    {
        int written = 0;
        foreach (Range range in name.Split('.'))
        {
            ReadOnlySpan<char> label = name[range];
            destination[written++] = (byte)label.Length;
            foreach (char c in label)
            {
                destination[written++] = (byte)c;
            }
        }

        destination[written++] = 0;
        return written;
    }

    /// <summary>Reads a name and moves <paramref name="offset"/> behind it; the root is an empty text.</summary>
    /// <param name="message">The whole message, for compression pointers.</param>
    /// <param name="offset">Where the name starts; unchanged when it is malformed.</param>
    /// <param name="text">Receives the labels joined by dots; <see cref="MaxTextLength"/> octets are always enough.</param>
    /// <param name="length">The octets written to <paramref name="text"/>.</param>
    public static DnsNameStatus Read(ReadOnlySpan<byte> message, ref int offset, Span<byte> text, out int length)
    {
        length = 0;
        int position = offset;
        int runStart = offset;
        int end = -1;
        int pointers = 0;
        int wireLength = 1;
        bool isHostName = true;

        while (position < message.Length)
        {
            int first = message[position];
            if (first == 0)
            {
                offset = end >= 0 ? end : position + 1;
                return isHostName ? DnsNameStatus.HostName : DnsNameStatus.Unusable;
            }

            if ((first & 0xC0) == 0xC0)
            {
                if (position + 1 >= message.Length)
                {
                    break;
                }

                int target = ((first & 0x3F) << 8) | message[position + 1];
                end = end >= 0 ? end : position + 2;

                // Each run of labels starts before the one that led to it: no loop survives that, and none of ours is cut.
                if (target >= runStart || target < HeaderLength || ++pointers > MaxPointers)
                {
                    break;
                }

                position = runStart = target;
                continue;
            }

            wireLength += 1 + first;
            if (first > MaxLabelLength || wireLength > MaxWireLength || first >= message.Length - position)
            {
                break;
            }

            ReadOnlySpan<byte> label = message.Slice(position + 1, first);
            isHostName &= label[0] != '-' && label[^1] != '-' && !label.ContainsAnyExcept(LabelOctets);
            if (length > 0)
            {
                text[length++] = (byte)'.';
            }

            label.CopyTo(text[length..]);
            length += first;
            position += 1 + first;
        }

        length = 0;
        return DnsNameStatus.Malformed;
    }
}
