using System;
using System.Collections.Generic;
using System.Linq;

namespace Stack.Ice;

/// <summary>What an agent shall be.</summary>
public sealed record IceAgentOptions
{
    /// <summary>The role at first. The agent that begins is controlling (RFC 8445 section 6.1.1); a conflict is repaired.</summary>
    public IceRole Role { get; init; }

    /// <summary>Whether the agent is a lite implementation: it answers checks and makes none.</summary>
    public bool IsLite { get; init; }

    /// <summary>The number of components of each data stream, 1 to 256; one stream of one component by default.</summary>
    public IReadOnlyList<int> Streams { get; init; } = [1];

    /// <summary>Which pair is checked next, when one is nominated, and which way data goes.</summary>
    public IceStrategy Strategy { get; init; } = IceStrategy.Default;

    /// <summary>The bounds.</summary>
    public IceLimits Limits { get; init; } = IceLimits.Default;

    /// <summary>Spaces the checks of several agents of one loop (RFC 8445 section 14.2); null for the agent's own.</summary>
    public CheckPacer? Pacer { get; init; }

    /// <summary>Whether candidates with loopback addresses are paired; for tests.</summary>
    public bool AllowsLoopback { get; init; }

    /// <summary>A further rule for remote candidates; null for none. False refuses.</summary>
    public Func<Candidate, bool>? AcceptsRemote { get; init; }

    /// <summary>The PAC timer (RFC 8863 section 4): how long an agent without a pair left waits for the peer's checks; 39.5 s by default.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(39.5);

    /// <summary>The mean time between consent checks, at least 5 s, which is the default (RFC 7675 section 5.1).</summary>
    public TimeSpan ConsentInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long consent lasts without an answer; 30 s by default, and at most (RFC 7675 section 5.1).</summary>
    public TimeSpan ConsentExpiry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether consent is checked. Without it keepalives are sent (RFC 8445 section 11).</summary>
    public bool ChecksConsent { get; init; } = true;

    /// <summary>Tr: a keepalive follows after so much silence; 15 s by default, and at least (RFC 8445 section 11).</summary>
    public TimeSpan KeepaliveInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Refuses what contradicts itself or an RFC.</summary>
    internal static void Validate(IceAgentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.Strategy, nameof(options));
        ArgumentNullException.ThrowIfNull(options.Limits, nameof(options));
        if (options.Streams is not { Count: > 0 } || options.Streams.Any(static components => components is < 1 or > 256))
        {
            throw new ArgumentException("There is at least one stream, and each has 1 to 256 components.", nameof(options));
        }

        Require(options.ConsentInterval >= TimeSpan.FromSeconds(5), "Consent is asked for every 5 s at the most (RFC 7675 section 5.1).");
        Require(options.ConsentExpiry > TimeSpan.Zero && options.ConsentExpiry <= TimeSpan.FromSeconds(30), "Consent lasts 30 s at the most (RFC 7675 section 5.1).");
        Require(options.KeepaliveInterval >= TimeSpan.FromSeconds(15), "Tr is at least 15 s (RFC 8445 section 11).");
        Require(options.Patience >= TimeSpan.Zero, "Patience is not negative.");
        Require(options.Strategy.ProposedPacing is not { } ta || ta >= CheckPacer.Spacing, "Ta is at least 5 ms (RFC 8445 section 14.2).");

        void Require(bool holds, string message)
        {
            if (!holds)
            {
                throw new ArgumentException(message, nameof(options));
            }
        }
    }
}
