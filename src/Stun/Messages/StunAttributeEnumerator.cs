using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Stack.Stun;

/// <summary>
/// Walks the attributes that a receiver may look at: all up to the first integrity attribute, then MESSAGE-INTEGRITY-SHA256 and
/// FINGERPRINT where they stand behind it (RFC 8489 section 14.5). Use <c>foreach</c>.
/// </summary>
public ref struct StunAttributeEnumerator
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _integritySha256;
    private readonly int _fingerprint;
    private int _visibleEnd;
    private int _next;
    private int _current;
    private uint _header;

    internal StunAttributeEnumerator(ReadOnlySpan<byte> message, int visibleEnd, int integritySha256, int fingerprint)
    {
        _message = message;
        _visibleEnd = visibleEnd;
        _integritySha256 = integritySha256;
        _fingerprint = fingerprint;
        _next = StunMessage.HeaderSize;
    }

    /// <summary>The attribute that the enumerator stands on.</summary>
    public readonly StunAttribute Current => new(
        (StunAttributeType)(_header >> 16),
        _current,
        _message.Slice(_current + 4, (int)(_header & 0xFFFF)));

    /// <summary>Goes on to the next attribute.</summary>
    /// <returns>False behind the last one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        int at = _next;
        if (at >= _visibleEnd)
        {
            at = FindTrailer(at, _integritySha256, _fingerprint);
            if (at == 0)
            {
                return false;
            }

            _visibleEnd = at;
        }

        // Nothing overflows: the decoder has checked that each attribute ends within the message.
        unchecked
        {
            uint header = BinaryPrimitives.ReadUInt32BigEndian(_message[at..]);
            _current = at;
            _header = header;
            _next = at + 4 + (((int)(header & 0xFFFF) + 3) & ~3);
        }

        return true;
    }

    // Beyond the first integrity attribute only these two count, in this order. Takes values, so that the walk stays in registers.
    private static int FindTrailer(int at, int integritySha256, int fingerprint)
        => integritySha256 >= at ? integritySha256 : fingerprint >= at ? fingerprint : 0;
}
