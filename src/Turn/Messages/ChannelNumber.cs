using System.Globalization;

namespace Stack.Turn;

/// <summary>The number of a channel (RFC 8656 section 12).</summary>
/// <param name="Value">Any 16-bit value; 0x4000 to 0x4FFF can be bound.</param>
public readonly record struct ChannelNumber(ushort Value)
{
    /// <summary>The first number that can be bound.</summary>
    public static readonly ChannelNumber Min = new(0x4000);

    /// <summary>The last number that can be bound.</summary>
    public static readonly ChannelNumber Max = new(0x4FFF);

    /// <summary>Whether the number can be bound: RFC 8656 section 12 reserves what RFC 5766 allowed above 0x4FFF.</summary>
    public bool IsValid => Value is >= 0x4000 and <= 0x4FFF;

    /// <summary>Whether RFC 5766 section 11 allowed the number to be bound: 0x4000 to 0x7FFF.</summary>
    public bool IsValidInRfc5766 => Value is >= 0x4000 and <= 0x7FFF;

    /// <summary><c>0x4000</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"0x{Value:X4}");
}
