using Stack.Stun;

namespace Stack.Cli;

/// <summary>An attribute with all there is to say about it.</summary>
/// <param name="Type">The type.</param>
/// <param name="Offset">Where its header starts, in bytes from the start of the message.</param>
/// <param name="Length">The length that its header gives.</param>
/// <param name="Value">The value for people: decoded where its form is known and kept, else in hexadecimal digits. Not escaped.</param>
/// <param name="Hex">The bytes that are there, which may be fewer than the length.</param>
/// <param name="Padding">The padding in hexadecimal digits.</param>
/// <param name="Note">What is wrong with it, or why a receiver does not look at it; null where nothing is.</param>
internal sealed record AnnotatedAttribute(
    StunAttributeType Type,
    int Offset,
    int Length,
    string Value,
    string Hex,
    string Padding,
    string? Note)
{
    public string Name => Type.GetName();

    public string TypeText => $"0x{(ushort)Type:x4}";
}
