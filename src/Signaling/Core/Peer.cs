using System.Collections.Generic;

namespace Stack.Signaling;

/// <summary>A peer in a room, of this process or another.</summary>
internal sealed class Peer
{
    public Peer(Room room, SessionPeer card, string? process)
    {
        Room = room;
        Card = card;
        Process = process;
        Grace = new Deadline(DeadlineKind.Grace, this);
        Credentials = new Deadline(DeadlineKind.Credentials, this);
        AbsentDeadline = new Deadline(DeadlineKind.Absent, this);
    }

    public Room Room { get; }

    /// <summary>What others may know of it.</summary>
    public SessionPeer Card { get; set; }

    public int Id => Card.Id;

    public SignalingDialect Dialect => Card.Dialect;

    /// <summary>Where its socket is; null for this process.</summary>
    public string? Process { get; }

    public bool IsLocal => Process is null;

    /// <summary>Its socket; null for peers of other processes and for those that lost it.</summary>
    public Connection? Connection { get; set; }

    /// <summary>Whether it is out of the room, or as good as that.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether it is gone because the server, or the process that had it, lost it; not because it left.</summary>
    public bool IsLost { get; set; }

    /// <summary>Own dialect: the token with which it comes back. PeerJS: the token of its choice.</summary>
    public string? Token { get; set; }

    /// <summary>What waits for the next socket.</summary>
    public Queue<byte[]> Waiting { get; } = [];

    public int WaitingBytes { get; set; }

    public Deadline Grace { get; }

    public Deadline Credentials { get; }

    /// <summary>To whom it has made an offer that was not answered.</summary>
    public HashSet<int> Offered { get; } = [];

    /// <summary>Own dialect: the roles that it was told.</summary>
    public Dictionary<int, PairRole> ToldRoles { get; } = [];

    /// <summary>PeerJS: its connections with peers of other dialects.</summary>
    public Dictionary<int, PeerJsLink> Links { get; } = [];

    /// <summary>PeerJS: what it said to those who are not there, by handle.</summary>
    public Dictionary<string, AbsentMessages> Absent { get; } = [];

    public int AbsentCount { get; set; }

    public int AbsentBytes { get; set; }

    public Deadline AbsentDeadline { get; }

    /// <summary>The lecture's: who was told a description with this username fragment.</summary>
    public Dictionary<string, int[]> Fragments { get; } = [];
}
