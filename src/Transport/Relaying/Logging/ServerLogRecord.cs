using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Something that a server has to say. Texts from the network are in the fields, as received: escape them before they are shown.</summary>
/// <param name="Level">How much it matters.</param>
/// <param name="Class">What kind of thing it is, such as <c>allocation</c>; limits on how much is logged count by it.</param>
/// <param name="Source">Who caused it; null for nobody.</param>
/// <param name="Message">The text, of the server's own words alone.</param>
/// <param name="Fields">The particulars by name.</param>
public sealed record ServerLogRecord(
    ServerLogLevel Level,
    string Class,
    TransportAddress? Source,
    string Message,
    IReadOnlyList<KeyValuePair<string, object?>> Fields);
