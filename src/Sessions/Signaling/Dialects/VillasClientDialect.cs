using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Signaling;

namespace Stack.Sessions;

/// <summary>
/// VILLASnode's dialect: no addresses, so that all that is said comes from the partner, the other one of the two smallest numbers. A change of the two is told
/// as the partner going and another one coming.
/// </summary>
internal sealed class VillasClientDialect(SignalingClientOptions options, string name) : ClientDialect(options)
{
    private readonly Dictionary<int, SignalingPeer> _peers = [];
    private RelayServers _servers = RelayServers.None;
    private int _id;
    private int _partner;
    private PairRole _role;

    /// <summary>VILLASframework's server closes the connection beyond.</summary>
    public override int MaxMessageSize => 4096;

    public override Uri GetUri() => GetUri("/villas", "", Options.Session, name);

    public override byte[] Open()
    {
        // Without a socket there is no place to come back to.
        _peers.Clear();
        _id = _partner = 0;
        _role = PairRole.None;
        return new VillasSignals().ToUtf8();
    }

    public override bool Handle(ReadOnlySpan<byte> utf8, ICollection<SignalingClientEvent> events)
    {
        MessageStatus status = VillasMessage.Parse(utf8, out VillasMessage? message);
        switch (message)
        {
            case VillasServers servers:
                _servers = new RelayServers([.. servers.Servers.Select(static one
                    => one.User.Length == 0 ? new RelayServer([one.Url]) : new RelayServer([one.Url], one.User, one.Pass))]);
                if (_id != 0)
                {
                    events.Add(new SignalingClientEvent(SignalingClientEventKind.ServersChanged) { Servers = _servers });
                }

                return true;
            case VillasControl control:
                HandleControl(control, events);
                return true;
            case VillasSignal signal:
                if (_partner != 0)
                {
                    events.Add(new SignalingClientEvent(SignalingClientEventKind.Signal) { Id = _partner, Signal = signal.Signal });
                }

                return true;
            default:
                return status is MessageStatus.Unknown or MessageStatus.Ok;
        }
    }

    // Its peers cannot read the end of candidates.
    public override byte[]? Write(int to, PeerSignal signal) => signal is CandidateSignal { Candidate.IsEnd: true } ? null : new VillasSignal(signal).ToUtf8();

    private void HandleControl(VillasControl control, ICollection<SignalingClientEvent> events)
    {
        PairRole role = control.RoleOf(out int partner);
        bool isNew = _id == 0;
        if (!isNew && _partner != 0 && (partner != _partner || role != _role))
        {
            Remove(_partner, events);
        }

        (_partner, _role) = (partner, role);
        SignalingPeer[] peers =
        [
            .. control.Peers.Where(peer => peer.Id > 0 && peer.Id != control.PeerId)
                .Select(peer => new SignalingPeer(peer.Id, peer.Name, SignalingDialect.Villas, peer.Id == partner ? role : PairRole.None)),
        ];
        _id = control.PeerId;
        foreach (int id in _peers.Keys.Where(id => !Array.Exists(peers, peer => peer.Id == id)).ToArray())
        {
            Remove(id, events);
        }

        foreach (SignalingPeer peer in peers)
        {
            bool isKnown = _peers.TryGetValue(peer.Id, out SignalingPeer? known) && known == peer;
            _peers[peer.Id] = peer;
            if (!isNew && !isKnown)
            {
                events.Add(new SignalingClientEvent(SignalingClientEventKind.PeerCame) { Id = peer.Id, Peer = peer });
            }
        }

        if (isNew)
        {
            events.Add(new SignalingClientEvent(SignalingClientEventKind.Joined) { Id = _id, Servers = _servers, Peers = peers });
        }
    }

    private void Remove(int id, ICollection<SignalingClientEvent> events)
    {
        if (_peers.Remove(id))
        {
            events.Add(new SignalingClientEvent(SignalingClientEventKind.PeerGone) { Id = id });
        }
    }
}
