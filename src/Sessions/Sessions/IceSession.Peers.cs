using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Stack.Signaling;

namespace Stack.Sessions;

// Who is there, as the signaling server tells. All of it runs in the loop.
public sealed partial class IceSession
{
    private readonly Dictionary<int, IceSessionPeer> _peers = [];
    private readonly HashSet<IceSessionPeer> _known = [];
    private readonly Dictionary<int, PeerLink> _links = [];
    private readonly List<PeerLink> _orphans = [];
    private RelayServers _servers = RelayServers.None;
    private bool _isLost;

    private async ValueTask HandleAsync(SignalingClientEvent happened)
    {
        switch (happened.Kind)
        {
            case SignalingClientEventKind.Joined:
                await HandleJoinedAsync(happened).ConfigureAwait(false);
                break;
            case SignalingClientEventKind.Resumed:
                await HandleResumedAsync(happened).ConfigureAwait(false);
                break;
            case SignalingClientEventKind.PeerCame:
                await HandleCameAsync(happened.Peer!).ConfigureAwait(false);
                break;
            case SignalingClientEventKind.PeerGone:
                await HandleGoneAsync(happened.Id, happened.WasLost).ConfigureAwait(false);
                break;
            case SignalingClientEventKind.Signal:
                await HandleSignalAsync(happened.Id, happened.Signal!).ConfigureAwait(false);
                break;
            case SignalingClientEventKind.ServersChanged:
                SetServers(happened.Servers!);
                break;
            case SignalingClientEventKind.Lost:
                _isLost = true;
                Report(new IceSessionEvent(IceSessionEventKind.SignalingLost) { Reason = happened.Reason });
                break;
            case SignalingClientEventKind.Refused:
                _isLost = true;
                Report(new IceSessionEvent(IceSessionEventKind.SignalingRefused) { Error = happened.Error, Reason = happened.Reason });
                break;
            default:
                // A peer that is gone could not be told something: the server says that it is gone, too.
                break;
        }
    }

    private async ValueTask HandleJoinedAsync(SignalingClientEvent joined)
    {
        _isLost = false;
        Id = joined.Id;
        Report(new IceSessionEvent(IceSessionEventKind.Joined));
        SetServers(joined.Servers!);
        foreach (int id in _peers.Keys.ToArray())
        {
            // For the others we are somebody else now, and numbers may mean others. What we have goes on until there is something better.
            await HandleGoneAsync(id, wasLost: _options.Dialect == SignalingDialect.Own).ConfigureAwait(false);
        }

        foreach (SignalingPeer peer in joined.Peers)
        {
            await HandleCameAsync(peer).ConfigureAwait(false);
        }
    }

    private async ValueTask HandleResumedAsync(SignalingClientEvent resumed)
    {
        _isLost = false;
        if (resumed.Servers is { } servers && servers.Servers.Count != 0)
        {
            SetServers(servers);
        }

        Report(new IceSessionEvent(IceSessionEventKind.SignalingResumed));
        foreach (SignalingPeer peer in resumed.Peers)
        {
            await HandleCameAsync(peer).ConfigureAwait(false);
        }

        foreach (PeerLink link in _links.Values.ToArray())
        {
            // What was on its way when the connection broke may have been lost.
            if (link.MustRepeat || link.Path is null)
            {
                link.MustRepeat = false;
                link.Negotiation.Repeat();
                await TellAsync(link).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask HandleCameAsync(SignalingPeer told)
    {
        if (!_peers.TryGetValue(told.Id, out IceSessionPeer? peer))
        {
            peer = new IceSessionPeer(told);
            _peers.Add(told.Id, peer);
            _known.Add(peer);
            Publish();
            Report(new IceSessionEvent(IceSessionEventKind.PeerJoined) { Peer = peer });
        }

        _told[told.Id] = told;
        if (!_links.TryGetValue(told.Id, out PeerLink? link))
        {
            if (told.Role != PairRole.None)
            {
                Open(peer, told);
            }

            return;
        }

        bool isDropped = told.Role == PairRole.None && link.Told.Role != PairRole.None && told.Dialect == SignalingDialect.Villas;
        link.Told = told;
        if (isDropped)
        {
            // It is connected with somebody else now, and has dropped us.
            await CloseAsync(link).ConfigureAwait(false);
            _links.Remove(told.Id);
            return;
        }

        link.Negotiation.SetRole(told.Role);
        await TellAsync(link).ConfigureAwait(false);
    }

    private async ValueTask HandleGoneAsync(int id, bool wasLost)
    {
        _told.Remove(id);
        if (!_peers.Remove(id, out IceSessionPeer? peer))
        {
            return;
        }

        if (_links.Remove(id, out PeerLink? link))
        {
            if (wasLost && link.Path is not null)
            {
                // It has lost the server, or we have; not each other.
                link.IsOrphan = true;
                _orphans.Add(link);
            }
            else
            {
                await CloseAsync(link, isQuiet: true).ConfigureAwait(false);
            }
        }

        ForgetIfGone(peer);
    }

    private async ValueTask HandleSignalAsync(int from, PeerSignal signal)
    {
        if (!_links.TryGetValue(from, out PeerLink? link))
        {
            if (!_told.TryGetValue(from, out SignalingPeer? told) || signal is VerbatimSignal)
            {
                return;
            }

            // Whoever was given up and calls again is there again.
            if (!_peers.ContainsKey(from) && signal is DescriptionSignal { Description.Type: DescriptionType.Offer })
            {
                await HandleCameAsync(told).ConfigureAwait(false);
            }

            // Whoever calls by hand gets a connection with its first word; candidates may come before the offer.
            if (!_links.TryGetValue(from, out link))
            {
                link = _peers.TryGetValue(from, out IceSessionPeer? peer) ? Open(peer, told) : null;
            }
        }

        if (link is not null)
        {
            link.Negotiation.HandleRemote(signal);
            if (link.Negotiation.Problem is { } problem && signal is DescriptionSignal)
            {
                Warn($"peer {from}: its description cannot be used: {problem}");
            }

            await TellAsync(link).ConfigureAwait(false);
        }
    }

    private void ForgetIfGone(IceSessionPeer peer)
    {
        bool isThere = (_peers.TryGetValue(peer.Id, out IceSessionPeer? known) && known == peer) || _orphans.Exists(orphan => orphan.Peer == peer);
        if (!isThere && _known.Remove(peer))
        {
            Publish();
            Report(new IceSessionEvent(IceSessionEventKind.PeerGone) { Peer = peer });
        }
    }

    private void Publish() => Peers = [.. _known.OrderBy(static peer => peer.Id)];

    private void SetServers(RelayServers servers)
    {
        _servers = servers;
        var warnings = new List<string>();
        SessionServers.Read(servers, warnings);
        foreach (string warning in warnings.Distinct())
        {
            Warn(warning);
        }
    }
}
