using System;
using System.Buffers.Binary;

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
    private int _length;

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
        (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(_message[_current..]),
        _current,
        _message.Slice(_current + 4, _length));

    /// <summary>Goes on to the next attribute.</summary>
    /// <returns>False behind the last one.</returns>
    public bool MoveNext()
    {
        int at = _next;
        if (at >= _visibleEnd && !TryLeaveVisible(ref at))
        {
            return false;
        }

        _current = at;
        _length = BinaryPrimitives.ReadUInt16BigEndian(_message[(at + 2)..]);
        _next = at + 4 + ((_length + 3) & ~3);
        return true;
    }

    private bool TryLeaveVisible(ref int at)
    {
        // Beyond the first integrity attribute only these two count, in this order.
        if (_integritySha256 >= at)
        {
            at = _integritySha256;
        }
        else if (_fingerprint >= at)
        {
            at = _fingerprint;
        }
        else
        {
            return false;
        }

        _visibleEnd = at;
        return true;
    }
}
