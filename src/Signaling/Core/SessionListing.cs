using System;
using System.Collections.Generic;

namespace Stack.Signaling;

/// <summary>A session and who is in it, at the moment of asking.</summary>
/// <param name="Name">The session's name: who knows it may join.</param>
/// <param name="Created">When this process heard of it first, by the wall clock.</param>
/// <param name="Peers">The peers in the order of their numbers.</param>
public sealed record SessionListing(string Name, DateTimeOffset Created, IReadOnlyList<SessionPeer> Peers);
