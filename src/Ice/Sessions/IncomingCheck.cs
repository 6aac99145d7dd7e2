using Stack.Stun;

namespace Stack.Ice;

/// <summary>What an authenticated check says, besides its credentials.</summary>
/// <param name="Base">Where it came to.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Priority">What a peer-reflexive candidate would have.</param>
/// <param name="Nominates">Whether it carries USE-CANDIDATE.</param>
internal readonly record struct IncomingCheck(LocalBase Base, TransportAddress Source, uint Priority, bool Nominates);
