namespace Stack.Signaling;

/// <summary>
/// A message as its dialect wrote it, apart from the addresses: a peer of the same dialect gets it with nothing lost that others have no words for.
/// </summary>
/// <param name="Dialect">The dialect.</param>
/// <param name="Json">The members of the JSON object without its braces, each value as it was written.</param>
public sealed record DialectMembers(SignalingDialect Dialect, string Json);
