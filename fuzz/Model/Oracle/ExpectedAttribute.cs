using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>An attribute: its bytes, or an address that is XORed on the wire, or, where both are null, any value of the length.</summary>
internal readonly record struct ExpectedAttribute(int Type, byte[]? Value, ReferenceAddress? Xored, int Length);
