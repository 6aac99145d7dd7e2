using System.Collections.Generic;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>The connections to peers of all TCP allocations, and how long each may wait (RFC 6062 section 5).</summary>
internal sealed class PeerConnectionTable(RandomNumberGenerator random, byte shard)
{
    private readonly Dictionary<ConnectionId, PeerConnection> _byId = [];
    private readonly Dictionary<FiveTuple, PeerConnection> _byDataPath = [];
    private readonly DeadlineQueue<PeerConnection> _deadlines = new();

    public Instant? NextDeadline => _deadlines.Next;

    public int Count => _byId.Count;

    public PeerConnection Add(AllocatedRelay relay, PeerAddress peer, Instant deadline)
    {
        var connection = new PeerConnection(NewId(), relay, peer);
        _byId.Add(connection.Id, connection);
        relay.Owner.Connections.Add(peer, connection);
        _deadlines.Set(connection, deadline);
        return connection;
    }

    public PeerConnection? Find(ConnectionId id) => _byId.GetValueOrDefault(id);

    public PeerConnection? Find(FiveTuple dataPath) => _byDataPath.GetValueOrDefault(dataPath);

    public void Postpone(PeerConnection connection, Instant deadline) => _deadlines.Set(connection, deadline);

    public void Bind(PeerConnection connection, FiveTuple dataPath)
    {
        _deadlines.Remove(connection);
        connection.DataPath = dataPath;
        _byDataPath.Add(dataPath, connection);
    }

    public bool TryTakeDue(Instant now, out PeerConnection connection) => _deadlines.TryTake(now, out connection!);

    public void Remove(PeerConnection connection)
    {
        _byId.Remove(connection.Id);
        _deadlines.Remove(connection);
        connection.Owner.Connections.Remove(connection.Peer);
        if (connection.DataPath is { } path)
        {
            _byDataPath.Remove(path);
        }
    }

    // Unpredictable, so that nobody binds to another one's connection by counting; the first byte names the loop.
    private ConnectionId NewId()
    {
        System.Span<byte> bytes = stackalloc byte[3];
        while (true)
        {
            random.GetBytes(bytes);
            var id = new ConnectionId(((uint)shard << 24) | ((uint)bytes[0] << 16) | ((uint)bytes[1] << 8) | bytes[2]);
            if (!_byId.ContainsKey(id))
            {
                return id;
            }
        }
    }
}
