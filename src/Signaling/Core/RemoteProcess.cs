using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>Another server process with the same sessions.</summary>
internal sealed class RemoteProcess
{
    public RemoteProcess(string name)
    {
        Name = name;
        Deadline = new Deadline(DeadlineKind.Process, this);
    }

    public string Name { get; }

    public Deadline Deadline { get; }

    public Instant LastHeard { get; set; }

    /// <summary>Up to which change its peers are known; null before its first snapshot.</summary>
    public long? Revision { get; set; }

    /// <summary>When it was asked for a snapshot.</summary>
    public Instant? Asked { get; set; }

    /// <summary>The sessions of the snapshot that is coming in.</summary>
    public HashSet<string> Told { get; } = new(StringComparer.Ordinal);
}
