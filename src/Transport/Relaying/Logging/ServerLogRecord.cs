using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// Something that a server tells its operator. Whoever takes it escapes it: text may come from the network. It holds no secret and no packet.
/// </summary>
/// <param name="Level">How much it matters.</param>
/// <param name="Class">What kind of event it is, in words with hyphens, such as <c>peer-refused</c>; one of a small, fixed set.</param>
/// <param name="Message">A sentence, the same for all of its class.</param>
public sealed record ServerLogRecord(ServerLogLevel Level, string Class, string Message)
{
    /// <summary>Whom it is about: the client; null for nobody.</summary>
    public TransportAddress? Source { get; init; }

    /// <summary>What else is known; empty by default.</summary>
    public IReadOnlyList<ServerLogField> Fields { get; init; } = [];

    /// <summary>
    /// Whether somebody without a credential can cause it as often as he likes; so by default. A log leaves such records out when there are many
    /// of one class and source. False for what quotas bound, such as the end of an allocation, which belongs into the log each time.
    /// </summary>
    public bool IsUnbounded { get; init; } = true;
}
