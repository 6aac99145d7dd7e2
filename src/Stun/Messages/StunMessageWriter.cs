using System;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>
/// Builds a message in the caller's buffer. After every call the bytes written so far are a complete message whose length field is right,
/// so that integrity attributes and FINGERPRINT can be added at any time. Padding is zero (RFC 8489 section 14).
/// </summary>
/// <remarks>
/// A writer is a value that changes with every call: pass it by reference. A buffer that is too small, or an attribute behind one that must
/// be last, is the caller's mistake and throws. The typed <c>Add...</c> methods of the attributes are extensions of this type.
/// </remarks>
public ref struct StunMessageWriter
{
    private readonly Span<byte> _buffer;

    // The first word with a length of zero. It is written as one word, so that a hash which reads it need not wait for two writes to merge.
    private readonly uint _start;
    private int _length;
    private int _lastTrailer;

    /// <summary>Starts a message with the magic cookie.</summary>
    /// <param name="buffer">Where the message goes; at least 20 bytes.</param>
    /// <param name="type">Method and class.</param>
    /// <param name="transactionId">The transaction id.</param>
    /// <exception cref="ArgumentException">The buffer is smaller than the header.</exception>
    public StunMessageWriter(Span<byte> buffer, StunMessageType type, TransactionId transactionId)
        : this(buffer, type)
    {
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunMessage.MagicCookie);
        transactionId.Write(buffer[8..]);
    }

    private StunMessageWriter(Span<byte> buffer, StunMessageType type)
    {
        if (buffer.Length < StunMessage.HeaderSize)
        {
            ThrowNoHeader(nameof(buffer));
        }

        _buffer = buffer;
        _start = (uint)type.Value << 16;
        _length = StunMessage.HeaderSize;
        BinaryPrimitives.WriteUInt32BigEndian(buffer, _start);
    }

    /// <summary>The message so far; valid until the buffer is reused.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    /// <summary>The size of the message so far, in bytes.</summary>
    public readonly int Length => _length;

    /// <summary>How many bytes the buffer still takes, headers and padding included.</summary>
    public readonly int Remaining => Math.Min(_buffer.Length, StunMessage.MaxSize) - _length;

    internal readonly ReadOnlySpan<byte> CookieAndTransactionId => _buffer.Slice(4, 16);

    /// <summary>
    /// Starts the answer to a request: its method, and its magic cookie and transaction id, or its 128-bit id where it is classic.
    /// </summary>
    /// <param name="buffer">Where the message goes; at least 20 bytes.</param>
    /// <param name="request">The request.</param>
    /// <param name="responseClass">Success or error response.</param>
    /// <exception cref="ArgumentException">The buffer is smaller than the header.</exception>
    public static StunMessageWriter Respond(Span<byte> buffer, scoped in StunMessage request, StunClass responseClass)
    {
        var writer = new StunMessageWriter(buffer, new StunMessageType(request.Method, responseClass));
        request.CookieAndTransactionId.CopyTo(buffer[4..]);
        return writer;
    }

    /// <summary>Adds an attribute.</summary>
    /// <param name="type">The type.</param>
    /// <param name="value">The value, 0 to 65535 bytes.</param>
    /// <exception cref="ArgumentException">The value does not fit the buffer or the 16-bit lengths.</exception>
    /// <exception cref="InvalidOperationException">An integrity attribute or FINGERPRINT has been added.</exception>
    public void Add(StunAttributeType type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Reserve(type, value.Length));

    /// <summary>Adds an attribute without a value.</summary>
    /// <param name="type">The type.</param>
    /// <exception cref="ArgumentException">The attribute does not fit the buffer.</exception>
    /// <exception cref="InvalidOperationException">An integrity attribute or FINGERPRINT has been added.</exception>
    public void AddFlag(StunAttributeType type) => Reserve(type, 0);

    /// <summary>Adds an attribute with a 32-bit value.</summary>
    /// <param name="type">The type.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The attribute does not fit the buffer.</exception>
    /// <exception cref="InvalidOperationException">An integrity attribute or FINGERPRINT has been added.</exception>
    public void AddUInt32(StunAttributeType type, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(type, 4), value);

    /// <summary>Adds an attribute whose value the caller fills in.</summary>
    /// <param name="type">The type.</param>
    /// <param name="length">The length of the value, 0 to 65535 bytes.</param>
    /// <returns>The value, with whatever the buffer held: fill all of it. The padding is zeroed.</returns>
    /// <exception cref="ArgumentException">The attribute does not fit the buffer or the 16-bit lengths.</exception>
    /// <exception cref="InvalidOperationException">An integrity attribute or FINGERPRINT has been added.</exception>
    public Span<byte> Reserve(StunAttributeType type, int length)
    {
        if (_lastTrailer != 0)
        {
            ThrowClosed(type);
        }

        return ReserveUnguarded(type, length);
    }

    /// <summary>Reserves MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256 or FINGERPRINT, whose order RFC 8489 sections 14.5 to 14.7 fix.</summary>
    internal Span<byte> ReserveTrailer(StunAttributeType type, int length)
    {
        int trailer = type switch
        {
            StunAttributeType.MessageIntegrity => 1,
            StunAttributeType.MessageIntegritySha256 => 2,
            _ => 3,
        };
        if (trailer <= _lastTrailer)
        {
            ThrowClosed(type);
        }

        Span<byte> value = ReserveUnguarded(type, length);
        _lastTrailer = trailer;
        return value;
    }

    private static void ThrowNoHeader(string parameter) => throw new ArgumentException("A STUN message has at least 20 bytes.", parameter);

    private static void ThrowClosed(StunAttributeType type) => throw new InvalidOperationException(
        $"{type.GetName()} cannot follow the integrity attribute or FINGERPRINT that has been added.");

    private static void ThrowTooSmall(StunAttributeType type) => throw new ArgumentException(
        $"{type.GetName()} does not fit: the buffer or the 16-bit length of the message is too small, or the length is negative.",
        nameof(type));

    private Span<byte> ReserveUnguarded(StunAttributeType type, int length)
    {
        // Nothing overflows: a length that passes the first test is small.
        unchecked
        {
            int at = _length;
            int padded = (length + 3) & ~3;
            if ((uint)length > 0xFFFF || padded + 4 > Remaining)
            {
                ThrowTooSmall(type);
            }

            Span<byte> attribute = _buffer.Slice(at, 4 + padded);
            if (padded != 0)
            {
                // Zeroes the padding; the caller overwrites the rest of this word.
                BinaryPrimitives.WriteUInt32BigEndian(attribute[padded..], 0);
            }

            BinaryPrimitives.WriteUInt32BigEndian(attribute, ((uint)type << 16) | (uint)length);
            _length = at + 4 + padded;
            BinaryPrimitives.WriteUInt32BigEndian(_buffer, _start | (uint)(_length - StunMessage.HeaderSize));
            return attribute.Slice(4, length);
        }
    }
}
