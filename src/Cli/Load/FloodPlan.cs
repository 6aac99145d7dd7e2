using System;

namespace Stack.Cli;

/// <summary>What a flood consists of.</summary>
internal sealed record FloodPlan
{
    public required FloodKind Kind { get; init; }

    public required LoadPlan Load { get; init; }

    /// <summary>Bytes in a datagram of garbage.</summary>
    public int Size { get; init; } = 172;

    /// <summary>The user that forged requests name.</summary>
    public string User { get; init; } = "nobody";

    /// <summary>How long a forged flood asks for nonces before it goes on with the sources that have one.</summary>
    public TimeSpan NonceWait { get; init; } = TimeSpan.FromSeconds(2);
}
