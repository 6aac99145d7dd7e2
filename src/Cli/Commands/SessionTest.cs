using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Stack.Sessions;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>A session from joining to leaving, with probes to everybody in it.</summary>
/// <param name="context">The command's.</param>
/// <param name="options">Which session.</param>
/// <param name="request">When it ends.</param>
/// <param name="output">What is printed.</param>
/// <param name="display">Where it is printed.</param>
internal sealed class SessionTest(CommandContext context, IceSessionOptions options, SessionRequest request, SessionOutput output, SessionDisplay display)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Report = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = context.Environment.TimeProvider;
    private readonly SortedDictionary<int, PeerProbes> _probes = [];
    private readonly Dictionary<int, IceSessionPeer> _peers = [];
    private readonly HashSet<int> _connected = [];
    private readonly HashSet<int> _settled = [];
    private readonly List<Task> _running = [];
    private IceException? _failure;
    private SignalingException? _refusal;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        long began = _time.GetTimestamp();
        IceSession session = await IceSession.JoinAsync(options, cancellationToken).ConfigureAwait(false);
        using var ending = new CancellationTokenSource();
        bool isInterrupted = false;
        bool isOver = false;
        await using (session.ConfigureAwait(false))
        {
            try
            {
                await display.RunAsync(async () => isOver = await FollowAsync(session, began, ending.Token, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                isInterrupted = true;
            }
            finally
            {
                await ending.CancelAsync().ConfigureAwait(false);
                await Task.WhenAll(_running).ConfigureAwait(false);
            }

            foreach ((int id, PeerProbes probes) in _probes)
            {
                output.ShowStatistics(_peers[id], probes);
            }
        }

        return Judge(isInterrupted, isOver);
    }

    /// <summary>Follows the session until it is to end.</summary>
    /// <returns>Whether the time is over, and not all done.</returns>
    private async Task<bool> FollowAsync(IceSession session, long began, CancellationToken ending, CancellationToken cancellationToken)
    {
        long reported = began;
        Task<IceSessionEvent>? reading = null;
        while (true)
        {
            reading ??= session.ReadEventAsync(cancellationToken).AsTask();
            try
            {
                await reading.WaitAsync(Tick, _time, cancellationToken).ConfigureAwait(false);
                IceSessionEvent happened = await reading.ConfigureAwait(false);
                reading = null;
                Handle(session, happened, ending);
            }
            catch (TimeoutException)
            {
                // Nothing has happened; what follows is due all the same.
            }

            _settled.UnionWith(_probes.Where(static one => one.Value.IsSettled).Select(static one => one.Key));
            if (_settled.Count >= request.Count || (_refusal is not null && _connected.Count == 0))
            {
                return false;
            }

            if (request.Time is { } time && _time.GetElapsedTime(began) >= time)
            {
                // All that was asked of them has come back, whatever they still wait for.
                _settled.UnionWith(_probes.Where(static one => one.Value.IsDone).Select(static one => one.Key));
                return true;
            }

            bool isShown = display.Update(session.Peers.Select(peer => (peer, _peers.GetValueOrDefault(peer.Id) == peer ? _probes.GetValueOrDefault(peer.Id) : null)));
            if (!isShown && _time.GetElapsedTime(reported) >= Report)
            {
                reported = _time.GetTimestamp();
                foreach (int id in _connected)
                {
                    output.ShowStatistics(_peers[id], _probes[id]);
                }
            }
        }
    }

    private void Handle(IceSession session, IceSessionEvent happened, CancellationToken ending)
    {
        IceSessionPeer? peer = happened.Peer;
        if (peer is not null && happened.Kind is IceSessionEventKind.PeerJoined or IceSessionEventKind.Connected)
        {
            _peers[peer!.Id] = peer;
        }

        switch (happened.Kind)
        {
            case IceSessionEventKind.Joined:
                output.Join(session, request.Dialect);
                break;
            case IceSessionEventKind.PeerJoined:
                output.Come(peer!);
                break;
            case IceSessionEventKind.Connected:
                _connected.Add(peer!.Id);
                Probe(peer, ending);
                output.Connect(peer, happened.Path!, happened.Elapsed);
                break;
            case IceSessionEventKind.PathChanged:
                output.Move(peer!, happened.Path!);
                break;
            case IceSessionEventKind.Disconnected:
                _connected.Remove(peer!.Id);
                output.Disconnect(peer);
                break;
            case IceSessionEventKind.Failed:
                _connected.Remove(peer!.Id);
                _failure = happened.Error as IceException ?? _failure;
                output.Fail(peer, happened.Error!);
                break;
            case IceSessionEventKind.PeerGone:
                Forget(peer!);
                break;
            case IceSessionEventKind.SignalingLost:
                output.Lose(happened.Reason);
                break;
            case IceSessionEventKind.SignalingResumed:
                output.Resume();
                break;
            case IceSessionEventKind.SignalingRefused:
                _refusal = happened.Error as SignalingException;
                output.Lose(happened.Reason);
                break;
            case IceSessionEventKind.Warning:
                output.Warn(happened.Reason);
                break;
        }
    }

    private void Probe(IceSessionPeer peer, CancellationToken ending)
    {
        if (peer.Connection is not { } connection || (_probes.TryGetValue(peer.Id, out PeerProbes? known) && known.Connection == connection))
        {
            return;
        }

        var probes = new PeerProbes(connection, _time);
        _probes[peer.Id] = probes;
        _running.RemoveAll(static task => task.IsCompletedSuccessfully);
        _running.Add(probes.RunAsync(ending));
    }

    private void Forget(IceSessionPeer peer)
    {
        if (_peers.GetValueOrDefault(peer.Id) != peer)
        {
            // The server has forgotten the session, and its number is somebody else's.
            return;
        }

        _connected.Remove(peer.Id);
        if (_probes.Remove(peer.Id, out PeerProbes? probes))
        {
            // Who has gone has nothing left to wait for; its last word may still lie unread.
            if (probes.IsDone)
            {
                _settled.Add(peer.Id);
            }

            output.ShowStatistics(peer, probes);
        }

        output.Leave(peer);
    }

    private ExitCode Judge(bool isInterrupted, bool isOver)
    {
        bool isDone = request.Count is { } count ? _settled.Count >= count : _settled.Count != 0 || _connected.Count != 0;
        if (isDone)
        {
            return ExitCode.Success;
        }

        if (_refusal is not null && !isInterrupted && !isOver)
        {
            throw _refusal;
        }

        if (isInterrupted)
        {
            return request.Count is null ? ExitCode.Success : ExitCode.Interrupted;
        }

        if (_failure is not null && _connected.Count == 0)
        {
            throw _failure;
        }

        string wanted = request.Count is { } number ? string.Create(CultureInfo.InvariantCulture, $" of {number}") : "";
        throw new CommandException(Failure.Timeout(
            string.Create(CultureInfo.InvariantCulture, $"{_settled.Count}{wanted} peers were connected and probed in {request.Time?.TotalSeconds:0.###} s."),
            _peers.Count == 0 ? "Nobody else came: use the same word and the same server on the other machine." : "Give it longer with --timeout; the lines above say how far it came."));
    }
}
