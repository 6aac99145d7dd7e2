using System;

namespace Stack.Signaling;

/// <summary>A peer in the list that the server sends.</summary>
/// <param name="Id">Its number, at least 1; 0 for one that never connected, as only other servers list them.</param>
/// <param name="Name">Its name.</param>
/// <param name="Remote">The address of its socket.</param>
/// <param name="UserAgent">Its user agent.</param>
/// <param name="Created">When it was first heard of.</param>
/// <param name="Connected">When it connected.</param>
/// <param name="Signals">The JSON array of its signals; null where there are none.</param>
public sealed record VillasPeer(
    int Id,
    string Name,
    string Remote = "",
    string UserAgent = "",
    DateTimeOffset Created = default,
    DateTimeOffset Connected = default,
    string? Signals = null);
