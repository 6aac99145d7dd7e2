using System;
using System.Collections.Generic;

namespace Stack.Signaling;

/// <summary>Who is in the session, sent to all at every coming and going; who goes is still listed.</summary>
/// <param name="PeerId">The number of the one who is told.</param>
/// <param name="Peers">All peers, the one who is told included.</param>
public sealed record VillasControl(int PeerId, IReadOnlyList<VillasPeer> Peers) : VillasMessage
{
    /// <summary>
    /// What the one who is told does: of the two smallest numbers of the list, the smaller waits for the offer and the larger makes it; anybody else stands by.
    /// </summary>
    /// <param name="partner">The number of the other one of the two; 0 for who stands by.</param>
    public PairRole RoleOf(out int partner) => throw new NotImplementedException();
}
