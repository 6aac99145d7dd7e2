using System;
using System.Collections.Generic;

namespace Stack.Fuzz;

/// <summary>Makes lines of text: seeds with words, lines and characters changed, joined, cut and repeated, and now and then noise. One byte is one character.</summary>
internal sealed class TextMutator(IReadOnlyList<byte[]> corpus, ulong seed) : IFuzzInputs
{
    private const int Longest = 2048;

    private static readonly string[] Words =
    [
        "", " ", "  ", "0", "1", "9", "256", "257", "65535", "65536", "2147483647", "2147483648", "99999999999999999999", "-1", "+1", "01", "0x1", "\u00E9",
        "UDP", "tcp", "TCP", "typ", "host", "srflx", "relay", "raddr", "rport", "tcptype", "active", "so", "192.0.2.1", "::", "0.0.0.0", "fe80::1%1",
        "::ffff:192.0.2.1", "x.local", "peer.example.org", "127.1", "generation 0", "ufrag 8hhY", "\r\n", "\n", "\r", "a=ice-ufrag:8hhY\r\n",
        "a=ice-pwd:asd88fgpdd777uzjYhagZg\r\n", "m=audio 9 RTP/AVP 0\r\n", "c=IN IP4 0.0.0.0\r\n", "a=mid:", "a=candidate:", "a=ice-lite\r\n",
        "a=remote-candidates:1 192.0.2.1 5\r\n", "a=end-of-candidates\r\n", "a=ice-options:ice2 trickle\r\n", "a=ice-pacing:50\r\n", "a=ice-mismatch\r\n",
        "a=rtcp:9 IN IP4 192.0.2.1\r\n",
    ];

    private readonly FuzzRandom _random = new();
    private readonly ExactArrays _arrays = new();
    private readonly byte[] _bytes = new byte[Longest];
    private int _length;

    public byte[] Create(ulong index)
    {
        _random.Restart(seed, index);
        _length = 0;
        if (_random.OneIn(64))
        {
            _length = _random.Below(300);
            _random.Fill(_bytes.AsSpan(0, _length));
            return _arrays.Copy(_bytes.AsSpan(0, _length));
        }

        Replace(0, 0, corpus[_random.Below(corpus.Count)]);
        for (int changes = _random.Below(5); changes > 0; changes--)
        {
            Change();
        }

        return _arrays.Copy(_bytes.AsSpan(0, _length));
    }

    private void Change()
    {
        int at = _random.Below(_length + 1);
        (int start, int end) = _random.OneIn(2) ? Around(at, (byte)' ', (byte)'\n') : Around(at, (byte)'\n', (byte)'\n');
        switch (_random.Below(7))
        {
            case 0 when at < _length:
                _bytes[at] = (byte)(32 + _random.Below(96));
                break;
            case 1 when at < _length:
                _bytes[at] = (byte)_random.Next();
                break;
            case 2:
                ReplaceByWord(start, end);
                break;
            case 3:
                Replace(start, end, []);
                break;
            case 4:
                // The piece once more, somewhere.
                Replace(at, at, _bytes.AsSpan(start, end - start).ToArray());
                break;
            case 5:
                ReplaceByWord(at, at);
                break;
            default:
                ReadOnlySpan<byte> other = corpus[_random.Below(corpus.Count)];
                Replace(start, _random.OneIn(2) ? end : _length, other[_random.Below(other.Length + 1)..]);
                break;
        }
    }

    private (int Start, int End) Around(int at, byte one, byte other)
    {
        ReadOnlySpan<byte> text = _bytes.AsSpan(0, _length);
        int start = text[..at].LastIndexOfAny(one, other) + 1;
        int length = text[at..].IndexOfAny(one, other);
        return (start, length < 0 ? _length : at + length);
    }

    private void ReplaceByWord(int start, int end)
    {
        string word = Words[_random.Below(Words.Length)];
        Span<byte> bytes = stackalloc byte[64];
        for (int i = 0; i < word.Length; i++)
        {
            bytes[i] = (byte)word[i];
        }

        Replace(start, end, bytes[..word.Length]);
    }

    private void Replace(int start, int end, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> tail = _bytes.AsSpan(end, _length - end).ToArray();
        _length = start;
        Append(bytes);
        Append(tail);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(bytes.Length, Longest - _length);
        bytes[..count].CopyTo(_bytes.AsSpan(_length));
        _length += count;
    }
}
