using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>One open socket.</summary>
internal sealed class Connection
{
    private readonly SignalingRoute _route;

    public Connection(ConnectionId id, SignalingRoute route, in ConnectRequest request, AddressUse address, RateBucket rate)
    {
        _route = route;
        Id = id;
        Session = route.Session;
        Remote = request.Remote.IsNone ? "" : request.Remote.ToString();
        UserAgent = request.UserAgent ?? "";
        Time = request.Time;
        Address = address;
        Rate = rate;
        Deadline = new Deadline(DeadlineKind.Connection, this);
    }

    public ConnectionId Id { get; }

    public SignalingDialect Dialect => _route.Dialect;

    /// <summary>The session: from the URL, or from the first message.</summary>
    public string Session { get; set; }

    /// <summary>The name or handle of the URL; null where there is none.</summary>
    public string? Name => _route.Name;

    /// <summary>PeerJS: the token of the URL.</summary>
    public string? Token => _route.Token;

    public string Remote { get; }

    public string UserAgent { get; }

    public DateTimeOffset Time { get; }

    public AddressUse Address { get; }

    public RateBucket Rate { get; }

    public Deadline Deadline { get; }

    public ConnectionState State { get; set; }

    /// <summary>The peer that speaks through this socket; null before it joined, and after it left.</summary>
    public Peer? Peer { get; set; }

    /// <summary>What it joins as while its number is awaited.</summary>
    public JoinIntent? Intent { get; set; }

    /// <summary>Messages that came while the number was awaited.</summary>
    public List<byte[]> Early { get; } = [];

    public int EarlyBytes { get; set; }

    /// <summary>Messages handed out and not sent yet.</summary>
    public Queue<byte[]> Unsent { get; } = [];

    public int UnsentBytes { get; set; }

    public Instant LastHeard { get; set; }

    /// <summary>VILLASnode: whether this connection holds its name in its session.</summary>
    public bool HoldsName { get; set; }
}
