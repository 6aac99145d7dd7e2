using System;
using System.Collections.Generic;
using System.Threading;
using Stack.Signaling;

namespace Stack.Sessions;

/// <summary>
/// The dialect of libdatachannel's examples: peers address each other by name, and nobody is told who is there. A peer is known from its first message on, or
/// because we call it.
/// </summary>
internal sealed class LibDataChannelClientDialect(SignalingClientOptions options, string name) : ClientDialect(options)
{
    private const int MaxPeers = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _idOf = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private bool _hasJoined;

    public override int MaxMessageSize => 64 << 10;

    public override Uri GetUri() => GetUri("/libdatachannel", "", Options.Session, name);

    public override byte[]? Open() => null;

    // A name is a place that is not lost with the socket.
    public override void HandleOpened(ICollection<SignalingClientEvent> events)
    {
        List<SignalingPeer> called = [];
        foreach (string other in Options.Call)
        {
            TryGetId(other, out int id, out _);
            called.Add(new SignalingPeer(id, other, SignalingDialect.LibDataChannel, PairRole.Offer));
        }

        events.Add(new SignalingClientEvent(_hasJoined ? SignalingClientEventKind.Resumed : SignalingClientEventKind.Joined) { Servers = RelayServers.None, Peers = called });
        _hasJoined = true;
    }

    public override bool Handle(ReadOnlySpan<byte> utf8, ICollection<SignalingClientEvent> events)
    {
        MessageStatus status = LibDataChannelMessage.Parse(utf8, out LibDataChannelMessage? message);
        if (message is null)
        {
            return status == MessageStatus.Unknown;
        }

        if (message.Id.Length is 0 or > SignalingClientOptions.MaxNameLength || !TryGetId(message.Id, out int id, out bool isNew))
        {
            return true;
        }

        if (isNew)
        {
            var peer = new SignalingPeer(id, message.Id, SignalingDialect.LibDataChannel, PairRole.None);
            events.Add(new SignalingClientEvent(SignalingClientEventKind.PeerCame) { Id = id, Peer = peer });
        }

        events.Add(new SignalingClientEvent(SignalingClientEventKind.Signal) { Id = id, Signal = message.Signal });
        return true;
    }

    public override byte[]? Write(int to, PeerSignal signal)
    {
        string? other;
        lock (_gate)
        {
            other = to > 0 && to <= _names.Count ? _names[to - 1] : null;
        }

        return other is null ? null : new LibDataChannelMessage(other, signal).ToUtf8();
    }

    private bool TryGetId(string other, out int id, out bool isNew)
    {
        lock (_gate)
        {
            isNew = !_idOf.TryGetValue(other, out id);
            if (isNew && _names.Count < MaxPeers)
            {
                _names.Add(other);
                _idOf[other] = id = _names.Count;
            }

            return id != 0;
        }
    }
}
