using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Signaling;
using Stack.Transport;

namespace Stack.Sessions;

// The connections: opened, told, watched, restarted and closed. All of it runs in the loop, but for what is given to Run.
public sealed partial class IceSession
{
    private readonly Dictionary<int, SignalingPeer> _told = [];

    private IEnumerable<PeerLink> AllLinks() => _links.Values.Concat(_orphans);

    private PeerLink? Open(IceSessionPeer peer, SignalingPeer told)
    {
        if (_links.Count >= MaxPeers)
        {
            Warn($"peer {told.Id}: there are {MaxPeers} connections already");
            return null;
        }

        IceConnection connection;
        try
        {
            connection = new IceConnection(_options.Ice with
            {
                Role = told.Role == PairRole.Offer ? IceRole.Controlling : IceRole.Controlled,
                Servers = [.. _options.Ice.Servers, .. SessionServers.Read(_servers, new List<string>())],
                Streams = [1],
                RestartsWhenNetworkChanges = _options.Ice.RestartsWhenNetworkChanges && told.Dialect == SignalingDialect.Own,
            });
        }
        catch (ArgumentException error)
        {
            Report(new IceSessionEvent(IceSessionEventKind.Failed)
            {
                Peer = peer,
                Error = new IceException(IceFailure.NoPath, error.Message, "The signaling server told other servers than at first.", error),
            });
            return null;
        }

        var link = new PeerLink(
            peer,
            told,
            connection,
            new PeerNegotiation(connection, told, _certificate.Fingerprint, _originId),
            new ReconnectDelays(_random),
            _time.GetTimestamp());
        _links[told.Id] = link;
        peer.Connection = connection;
        Run(() => ReadLocalAsync(link));
        Run(() => ReadConnectionAsync(link));
        Watch(link);
        return link;
    }

    private async Task ReadLocalAsync(PeerLink link)
    {
        await foreach (IceSignal signal in link.Connection.LocalSignals(_stopping.Token).ConfigureAwait(false))
        {
            await PostAsync(async () =>
            {
                if (!link.IsClosed)
                {
                    link.Negotiation.HandleLocal(signal);
                    await TellAsync(link).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        }
    }

    private async Task ReadConnectionAsync(PeerLink link)
    {
        while (true)
        {
            IceConnectionEvent happened = await link.Connection.ReadEventAsync(_stopping.Token).ConfigureAwait(false);
            await PostAsync(() => link.IsClosed ? ValueTask.CompletedTask : HandleAsync(link, happened)).ConfigureAwait(false);
        }
    }

    private async ValueTask HandleAsync(PeerLink link, IceConnectionEvent happened)
    {
        switch (happened.Kind)
        {
            case IceConnectionEventKind.PathChanged when happened.Path is { } path:
                await HandlePathAsync(link, path).ConfigureAwait(false);
                break;
            case IceConnectionEventKind.StateChanged when happened.State == IceSessionState.Disconnected:
                await HandleDisconnectedAsync(link).ConfigureAwait(false);
                break;
            case IceConnectionEventKind.StateChanged when happened.State == IceSessionState.Failed:
                Watch(link);
                break;
            case IceConnectionEventKind.Restarted:
                Watch(link);
                break;
            case IceConnectionEventKind.GatheringWarning when happened.Warning is { } warning:
                Warn(warning.ToString());
                break;
            default:
                break;
        }
    }

    private async ValueTask HandlePathAsync(PeerLink link, IcePath path)
    {
        bool isFirst = link.Path is null;
        bool isOther = !PeerLink.IsSame(path, link.Path);
        link.Path = path;
        link.Delays.Reset();
        foreach (PeerLink orphan in _orphans.Where(link.IsSamePeer).ToArray())
        {
            // What was kept as long as there was nothing better.
            _orphans.Remove(orphan);
            await CloseAsync(orphan, isQuiet: true).ConfigureAwait(false);
            ForgetIfGone(orphan.Peer);
        }

        if (isFirst)
        {
            Report(new IceSessionEvent(IceSessionEventKind.Connected) { Peer = link.Peer, Path = path, Elapsed = _time.GetElapsedTime(link.Began) });
        }
        else if (isOther)
        {
            Report(new IceSessionEvent(IceSessionEventKind.PathChanged) { Peer = link.Peer, Path = path });
        }
    }

    private async ValueTask HandleDisconnectedAsync(PeerLink link)
    {
        if (link.Path is not null)
        {
            link.Path = null;
            link.Began = _time.GetTimestamp();
            Report(new IceSessionEvent(IceSessionEventKind.Disconnected) { Peer = link.Peer });
        }

        await GiveUpOrRestartAsync(link).ConfigureAwait(false);
    }

    /// <summary>Waits for a path, or for the reasons why there is none.</summary>
    private void Watch(PeerLink link)
    {
        if (link.IsWatched || link.IsClosed)
        {
            return;
        }

        link.IsWatched = true;
        Run(async () =>
        {
            IceException? failure = null;
            try
            {
                await link.Connection.ConnectAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (IceException error)
            {
                failure = error;
            }

            await PostAsync(() => HandleWatchedAsync(link, failure)).ConfigureAwait(false);
        });
    }

    private async ValueTask HandleWatchedAsync(PeerLink link, IceException? failure)
    {
        link.IsWatched = false;
        if (link.IsClosed || failure is null || link.Connection.Path is not null)
        {
            // After a restart the old path may still do.
            return;
        }

        link.Path = null;
        Report(new IceSessionEvent(IceSessionEventKind.Failed) { Peer = link.Peer, Error = failure, Reason = failure.Message });
        await GiveUpOrRestartAsync(link).ConfigureAwait(false);
    }

    // Without a path there is nothing left of a peer that the server does not know, nor of one of a dialect that never says who is gone.
    private async ValueTask GiveUpOrRestartAsync(PeerLink link)
    {
        if (link.IsOrphan)
        {
            _orphans.Remove(link);
            await CloseAsync(link, isQuiet: true).ConfigureAwait(false);
            ForgetIfGone(link.Peer);
        }
        else if (_options.Dialect == SignalingDialect.LibDataChannel)
        {
            _links.Remove(link.Told.Id);
            await CloseAsync(link, isQuiet: true).ConfigureAwait(false);
            _peers.Remove(link.Told.Id);
            ForgetIfGone(link.Peer);
        }
        else if (link.Restarts && !link.IsRestarting)
        {
            link.IsRestarting = true;
            Run(() => RestartAsync(link, link.Delays.Next()));
        }
    }

    private async Task RestartAsync(PeerLink link, TimeSpan delay)
    {
        await Task.Delay(delay, _time, _stopping.Token).ConfigureAwait(false);
        await PostAsync(() =>
        {
            link.IsRestarting = false;
            if (!link.IsClosed && link.Path is null)
            {
                Run(() => RestartAsync(link));
            }

            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
    }

    private async Task RestartAsync(PeerLink link)
    {
        try
        {
            await link.Connection.RestartAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (IceException error) when (error.Failure == IceFailure.TooManyRestarts)
        {
            await PostAsync(() => link.IsClosed ? ValueTask.CompletedTask : GiveUpOrRestartAsync(link)).ConfigureAwait(false);
        }
        catch (IceException)
        {
            // The restart is watched, and the reasons told, as those of the first attempt.
        }
    }

    /// <summary>Sends what the negotiation has to say. While the server is out of reach it is kept, and said when it is back.</summary>
    private async ValueTask TellAsync(PeerLink link)
    {
        try
        {
            while (link.Negotiation.TryReadSignal(out PeerSignal? signal))
            {
                if (_isLost || link.IsOrphan)
                {
                    link.MustRepeat = true;
                }
                else
                {
                    await _client.SendAsync(link.Told.Id, signal, _stopping.Token).ConfigureAwait(false);
                }
            }
        }
        catch (SignalingException error) when (error.Failure == SignalingFailure.TooLong)
        {
            Warn($"peer {link.Told.Id}: {error.Message}");
        }
        catch (Exception error) when (error is SignalingException or ObjectDisposedException)
        {
            // The client says so by its own event, or we leave.
            link.MustRepeat = true;
        }
    }

    private async ValueTask CloseAsync(PeerLink link, bool isQuiet = false)
    {
        link.IsClosed = true;
        if (link.Path is not null && !isQuiet)
        {
            Report(new IceSessionEvent(IceSessionEventKind.Disconnected) { Peer = link.Peer });
        }

        link.Path = null;
        link.Peer.Connection = null;
        await link.Connection.DisposeAsync().ConfigureAwait(false);
    }
}
