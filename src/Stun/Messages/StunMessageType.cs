using System;

namespace Stack.Stun;

/// <summary>
/// The 14-bit message type: a method and a class, with the class bits spread over the method (RFC 8489 section 5):
/// <code>
///  0                 1
///  2  3  4 5 6 7 8 9 0 1 2 3 4 5
/// +--+--+-+-+-+-+-+-+-+-+-+-+-+-+
/// |M |M |M|M|M|C|M|M|M|C|M|M|M|M|
/// |11|10|9|8|7|1|6|5|4|0|3|2|1|0|
/// +--+--+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
public readonly struct StunMessageType : IEquatable<StunMessageType>
{
    /// <summary>A Binding request, 0x0001.</summary>
    public static readonly StunMessageType BindingRequest = new(StunMethod.Binding, StunClass.Request);

    /// <summary>A Binding indication, 0x0011.</summary>
    public static readonly StunMessageType BindingIndication = new(StunMethod.Binding, StunClass.Indication);

    /// <summary>A Binding success response, 0x0101.</summary>
    public static readonly StunMessageType BindingSuccessResponse = new(StunMethod.Binding, StunClass.SuccessResponse);

    /// <summary>A Binding error response, 0x0111.</summary>
    public static readonly StunMessageType BindingErrorResponse = new(StunMethod.Binding, StunClass.ErrorResponse);

    private readonly ushort _value;

    /// <summary>Combines a method and a class.</summary>
    /// <param name="method">0x000 to 0xFFF.</param>
    /// <param name="messageClass">One of the four classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The method has more than 12 bits or the class more than 2.</exception>
    public StunMessageType(StunMethod method, StunClass messageClass)
    {
        int m = (int)method;
        int c = (int)messageClass;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(m, 0xFFF, nameof(method));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(c, 0b11, nameof(messageClass));

        // The masks of erratum 8900: RFC 8489 appendix A prints one bit too many.
        _value = (ushort)((m & 0xF80) << 2 | (m & 0x070) << 1 | (m & 0x00F) | (c & 0b10) << 7 | (c & 0b01) << 4);
    }

    private StunMessageType(ushort value) => _value = value;

    /// <summary>The 16 bits on the wire; the two most significant ones are zero.</summary>
    public ushort Value => _value;

    /// <summary>The method.</summary>
    public StunMethod Method => (StunMethod)((_value & 0x3E00) >> 2 | (_value & 0x00E0) >> 1 | (_value & 0x000F));

    /// <summary>The class.</summary>
    public StunClass Class => (StunClass)((_value & 0x0100) >> 7 | (_value & 0x0010) >> 4);

    /// <summary>Reads a type from the wire.</summary>
    /// <param name="value">The first 16 bits of a message.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of the two most significant bits is set.</exception>
    public static StunMessageType FromValue(ushort value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 0x3FFF);
        return new StunMessageType(value);
    }

    /// <summary>Compares method and class.</summary>
    public static bool operator ==(StunMessageType left, StunMessageType right) => left._value == right._value;

    /// <summary>Compares method and class.</summary>
    public static bool operator !=(StunMessageType left, StunMessageType right) => left._value != right._value;

    /// <inheritdoc/>
    public bool Equals(StunMessageType other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StunMessageType other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value;

    /// <summary>Such as <c>Binding request</c>.</summary>
    public override string ToString() => $"{Method.GetName()} {Class.GetName()}";

    internal static StunMessageType FromWire(int value) => new((ushort)value);
}
