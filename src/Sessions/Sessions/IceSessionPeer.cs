using System;
using Stack.Signaling;
using Stack.Transport;

namespace Stack.Sessions;

/// <summary>A peer of a session, and the connection to it. Safe for concurrent use.</summary>
public sealed class IceSessionPeer
{
    private volatile IceConnection? _connection;

    internal IceSessionPeer(SignalingPeer told)
    {
        Id = told.Id;
        Name = told.Name;
        Dialect = told.Dialect;
    }

    /// <summary>Its number, which no other peer of the session has or had, as long as the server does not forget the session.</summary>
    public int Id { get; }

    /// <summary>What it calls itself; may be empty. Escape it before it is shown.</summary>
    public string Name { get; }

    /// <summary>Its dialect; null for one that is not known here.</summary>
    public SignalingDialect? Dialect { get; }

    /// <summary>The connection, which the session owns; null where there is none.</summary>
    public IceConnection? Connection
    {
        get => _connection;
        internal set => _connection = value;
    }

    /// <summary>The way that data goes; null without one.</summary>
    public IcePath? Path => _connection?.Path;

    /// <summary>The last round-trip time of the path's checks; null before there is one.</summary>
    public TimeSpan? RoundTripTime => Find()?.RoundTripTime;

    /// <summary>Checks sent on the path so far, of which <see cref="ChecksAnswered"/> were answered.</summary>
    public int ChecksSent => Find()?.RequestsSent ?? 0;

    /// <summary>Checks on the path that were answered.</summary>
    public int ChecksAnswered => Find()?.ResponsesReceived ?? 0;

    private IcePairStatistics? Find()
    {
        if (_connection is not { Path: { } path } connection)
        {
            return null;
        }

        foreach (IcePairStatistics pair in connection.GetStatistics())
        {
            if (pair.Local.Address == path.Local.Address && pair.Remote.Address == path.Remote.Address)
            {
                return pair;
            }
        }

        return null;
    }
}
