using System;

namespace Stack.Signaling;

/// <summary>A peer of a session, as the server sees it.</summary>
public sealed record SessionPeer
{
    /// <summary>Its number in the session: from 1, rising in the order of arrival, never given twice while the session lives.</summary>
    public required int Id { get; init; }

    /// <summary>
    /// By what peers of dialects that know no numbers address it: the name of its own choice there, else its number. Nobody else in the session has it.
    /// </summary>
    public required string Handle { get; init; }

    /// <summary>What people see; may be empty and need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>Its dialect.</summary>
    public required SignalingDialect Dialect { get; init; }

    /// <summary>The address and port of its socket, as text; empty where it was not told.</summary>
    public string Remote { get; init; } = "";

    /// <summary>The user agent of its HTTP request; empty where there was none.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>When it came first, by the server's wall clock.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When its present socket was opened, by the server's wall clock.</summary>
    public DateTimeOffset Connected { get; init; }

    /// <summary>VILLASnode: the signals that it named, a JSON array; null where there are none.</summary>
    public string? Signals { get; init; }
}
