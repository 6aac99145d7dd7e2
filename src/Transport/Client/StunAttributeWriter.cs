using Stack.Stun;

namespace Stack.Transport;

/// <summary>Adds attributes to a request.</summary>
/// <param name="writer">The request, without integrity attributes.</param>
public delegate void StunAttributeWriter(ref StunMessageWriter writer);
