namespace Stack.Transport;

/// <summary>What a query asks for.</summary>
/// <param name="Name">The name, without a trailing dot.</param>
/// <param name="Type">The type, as on the wire.</param>
/// <param name="WantsUnicast">Whether the answer may go to the asker alone (RFC 6762 section 5.4).</param>
internal readonly record struct MdnsQuestion(string Name, int Type, bool WantsUnicast);
