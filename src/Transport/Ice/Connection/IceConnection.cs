using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// A connection between two peers behind whatever NATs (RFC 8445): gathers candidates, checks them, connects at the first path that works and moves to
/// better ones by itself. What the peers tell each other goes over a channel of the caller's that keeps the order.
/// </summary>
/// <remarks>
/// <para>Safe for concurrent use, with one receiver at a time per component. Nothing is called back but what the options name, and no call waits longer
/// than it says. Dispose of it to close its sockets; that never waits for the network.</para>
/// <para>The meter <c>Stack.Ice</c> counts connections, messages and warnings; the activity source of the same name has <c>ice.gather</c> and
/// <c>ice.connect</c>.</para>
/// </remarks>
/// <example>
/// <code>
/// await using var ice = new IceConnection(new IceOptions { Role = IceRole.Controlling, Servers = [new IceServer("stun:stun.example.org")] });
/// Task telling = TellAsync(ice.LocalSignals(cancellationToken));            // await foreach: send signal.ToJson() to the peer
/// ice.AddRemote(IceSignal.Parse(json));                                     // for each line of the peer
/// await ice.ConnectAsync(cancellationToken);                                // at the first path; it upgrades by itself
/// await ice.SendAsync(payload, cancellationToken);
/// int length = await ice.ReceiveAsync(buffer, cancellationToken);
/// </code>
/// </example>
public sealed partial class IceConnection : IAsyncDisposable
{
    private const int EventCapacity = 256;
    private const int MaxWarnings = 64;

    private readonly IceOptions _options;
    private readonly IceLoop _loop;
    private readonly IceGatherer _gatherer;
    private readonly LocalSignals _signals = new();
    private readonly IceComponent[][] _components;
    private readonly Channel<IceConnectionEvent> _events = Channel.CreateBounded<IceConnectionEvent>(
        new BoundedChannelOptions(EventCapacity) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly List<IceGatheringWarning> _warnings = [];
    private readonly Lock _warningGate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly RunningTasks _tasks = new();
    private readonly RemoteNames _remoteNames;
    private TaskCompletionSource _stateChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _endedFragment;
    private int _lastBaseId;
    private bool _hasEnded;
    private int _disposed;

    /// <summary>Prepares a connection. Gathering begins with the first call that needs it.</summary>
    /// <param name="options">What it shall be.</param>
    /// <exception cref="ArgumentException">The options contradict each other; the message says how.</exception>
    public IceConnection(IceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IceOptions.Check(options);
        _options = options;
        _loop = IceLoop.Of(options.TimeProvider);
        _components = new IceComponent[options.Streams.Count][];
        for (int stream = 0; stream < _components.Length; stream++)
        {
            int number = stream;
            _components[stream] = [.. Enumerable.Range(1, options.Streams[stream]).Select(id => new IceComponent(this, number, id, options.ReceiveQueueCapacity))];
        }

        var owner = new Owner(this);
        Driver = new IceDriver(new IceAgent(options.ToAgentOptions(_loop.Pacer), _loop.Random), _loop, owner, options.Trace);
        _gatherer = new IceGatherer(options, _loop, owner);
        _remoteNames = new RemoteNames(this);
        _signals.Restart(Driver.Agent.LocalParameters);
        IceMetrics.Opened();
    }

    /// <summary>The components of the first data stream, and the only ones by default.</summary>
    public IReadOnlyList<IceComponent> Components => _components[0];

    /// <summary>How far the session is.</summary>
    public IceSessionState State
    {
        get
        {
            using IceDriver.Scope scope = Driver.Enter();
            return Driver.IsDisposed ? IceSessionState.Closed : Driver.Agent.State;
        }
    }

    /// <summary>The role, which a conflict may have changed.</summary>
    public IceRole Role
    {
        get
        {
            using IceDriver.Scope scope = Driver.Enter();
            return Driver.IsDisposed ? _options.Role : Driver.Agent.Role;
        }
    }

    /// <summary>What the peer is to be told besides candidates, as it is now: a restart of either side changes the credentials.</summary>
    /// <exception cref="ObjectDisposedException">The connection is disposed of.</exception>
    public IceParameters LocalParameters
    {
        get
        {
            using IceDriver.Scope scope = Driver.Enter();
            ObjectDisposedException.ThrowIf(Driver.IsDisposed, this);
            return Driver.Agent.LocalParameters;
        }
    }

    /// <summary>The path of the first component; null without one.</summary>
    public IcePath? Path => _components[0][0].Path;

    /// <summary>What could not be gathered so far, and why.</summary>
    public IReadOnlyList<IceGatheringWarning> GatheringWarnings
    {
        get
        {
            lock (_warningGate)
            {
                return [.. _warnings];
            }
        }
    }

    internal IceDriver Driver { get; }

    /// <summary>A component.</summary>
    /// <param name="stream">The data stream, counted from 0.</param>
    /// <param name="componentId">The component, counted from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public IceComponent Component(int stream, int componentId)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)stream, (uint)_components.Length, nameof(stream));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)(componentId - 1), (uint)_components[stream].Length, nameof(componentId));
        return _components[stream][componentId - 1];
    }

    /// <summary>
    /// What the peer is to be told, from the beginning of the session: credentials, candidates as they are found, and their end. It goes on after that,
    /// since a restart of either side begins anew: read it beside the rest until the connection is disposed of.
    /// </summary>
    /// <param name="cancellationToken">Ends the reading.</param>
#pragma warning disable VSTHRD200 // It names what is enumerated; the enumerator is what is asynchronous.
    public IAsyncEnumerable<IceSignal> LocalSignals(CancellationToken cancellationToken = default)
#pragma warning restore VSTHRD200
    {
        Start();
        return _signals.ReadAsync(cancellationToken);
    }

    /// <summary>Gathers all candidates and puts everything into one signal, for channels that carry one message each way, such as copy and paste.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ObjectDisposedException">The connection is disposed of.</exception>
    public Task<IceSignal> DescribeAsync(CancellationToken cancellationToken = default)
    {
        Start();
        return _signals.DescribeAsync(cancellationToken);
    }

    /// <summary>
    /// Waits until all components have a path, which need not be the best one yet. After a failure or a restart it waits for the new session.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IceException">There is no path, or none within <see cref="IceOptions.ConnectTimeout"/>. The message says what was tried.</exception>
    /// <exception cref="ObjectDisposedException">The connection is disposed of.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        Start();
        using Activity? activity = IceMetrics.Activities.StartActivity("ice.connect");
        Instant begin = Driver.Now;
        try
        {
            await WaitAsync(static state => state is IceSessionState.Connected or IceSessionState.Completed, cancellationToken).ConfigureAwait(false);
            IceMetrics.Connected(Driver.Now - begin);
        }
        catch (IceException error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.Message);
            IceMetrics.Failed(error.Failure);
            throw;
        }
    }

    /// <summary>Sends a datagram of the first component; see <see cref="IceComponent.SendAsync"/>.</summary>
    /// <param name="payload">The payload; it may be reused when the call is over.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask SendAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default)
        => _components[0][0].SendAsync(payload, cancellationToken);

    /// <summary>Receives a datagram of the first component; see <see cref="IceComponent.ReceiveAsync"/>.</summary>
    /// <param name="buffer">Where it goes; what does not fit is lost.</param>
    /// <param name="cancellationToken">Gives up; no datagram is lost by that.</param>
    /// <returns>How many bytes were copied.</returns>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => _components[0][0].ReceiveAsync(buffer, cancellationToken);

    /// <summary>Waits for what happens to the connection. Of what nobody reads, the last 256 events are kept.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ObjectDisposedException">The connection is disposed of.</exception>
    public async ValueTask<IceConnectionEvent> ReadEventAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _events.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException error)
        {
            throw new ObjectDisposedException("The connection is disposed of.", error);
        }
    }

    /// <summary>
    /// Begins a new session with the same peer (RFC 8445 section 9): new credentials, which <see cref="LocalSignals"/> tells, and all checks anew, on
    /// addresses that have come since too. Data takes the old path until there is a new one. Ends when there is.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting; the restart goes on.</param>
    /// <exception cref="IceException">There is no new path, or there were too many restarts in a minute.</exception>
    /// <exception cref="ObjectDisposedException">The connection is disposed of.</exception>
    public Task RestartAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (!TryRestart())
        {
            return Task.FromException(new IceException(
                IceFailure.TooManyRestarts, $"More than {_options.Limits.MaxRestartsPerMinute} restarts in a minute.", "Wait before the next one."));
        }

        _gatherer.GatherAgain();
        return WaitAsync(IsCompleted, cancellationToken);
    }

    /// <summary>What each pair of the current session has done, the best first. A snapshot.</summary>
    public IReadOnlyList<IcePairStatistics> GetStatistics()
    {
        using IceDriver.Scope scope = Driver.Enter();
        return Driver.IsDisposed ? [] : [.. Driver.Agent.Pairs.Select(IcePairStatistics.Of)];
    }

    /// <summary>Ends the session and closes the sockets, without waiting for the network. Calls in progress fail. May be repeated.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _gatherer.DisposeAsync().ConfigureAwait(false);
        IceBase[] bases;
        using (Driver.Enter())
        {
            bases = [.. Driver.Bases.Values];
            Driver.Bases.Clear();
        }

        Driver.Dispose();
        foreach (IceBase one in bases)
        {
            await one.DisposeAsync().ConfigureAwait(false);
        }

        await _tasks.WaitAsync().ConfigureAwait(false);
        foreach (IceComponent component in _components.SelectMany(static stream => stream))
        {
            component.Path = null;
            component.Received.Complete(new ObjectDisposedException(nameof(IceConnection)));
        }

        _localNames.ForEach(static name => name.Dispose());
        _signals.Close();
        _events.Writer.TryComplete();
        _stopping.Dispose();
        IceMetrics.Closed();
    }

    /// <summary>Says why nothing can be sent; returns where it is only for the moment.</summary>
    internal void CheckCanSend(IceComponent component)
    {
        using IceDriver.Scope scope = Driver.Enter();
        ObjectDisposedException.ThrowIf(Driver.IsDisposed, this);
        if (Driver.Agent.State == IceSessionState.Failed)
        {
            throw Explain(ToFailure(Driver.Agent.FailureReason));
        }

        if (!component.HadPath)
        {
            throw new InvalidOperationException($"There is no path yet; {nameof(ConnectAsync)} comes first.");
        }
    }

    private static IceFailure ToFailure(IceFailureReason reason) => reason switch
    {
        IceFailureReason.WrongCredentials => IceFailure.WrongCredentials,
        IceFailureReason.RoleConflict => IceFailure.RoleConflict,
        IceFailureReason.ConsentLost => IceFailure.ConsentLost,
        IceFailureReason.NoLocalBase => IceFailure.NoLocalAddress,
        _ => IceFailure.NoPath,
    };

    private void Start()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        _gatherer.Start();
    }

    private bool TryRestart()
    {
        using IceDriver.Scope scope = Driver.Enter();
        if (Driver.IsDisposed)
        {
            return false;
        }

        _endedFragment = Driver.Agent.RemoteParameters?.Credentials.UsernameFragment ?? _endedFragment;
        if (!Driver.Agent.Restart(Driver.Now))
        {
            return false;
        }

        TellAnew();
        return true;
    }

    private static bool IsCompleted(IceSessionState state) => state == IceSessionState.Completed;

    private async Task WaitAsync(Func<IceSessionState, bool> isReached, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_options.ConnectTimeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken, _stopping.Token);
        try
        {
            while (!IsReached(isReached, out Task changed))
            {
                await changed.WaitAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            throw Explain(IceFailure.TimedOut);
        }
    }

    private bool IsReached(Func<IceSessionState, bool> isReached, out Task changed)
    {
        using IceDriver.Scope scope = Driver.Enter();
        ObjectDisposedException.ThrowIf(Driver.IsDisposed, this);
        changed = _stateChanged.Task;
        IceSessionState state = Driver.Agent.State;
        return isReached(state) || (state == IceSessionState.Failed ? throw Explain(ToFailure(Driver.Agent.FailureReason)) : false);
    }

    private IceException Explain(IceFailure failure)
    {
        using IceDriver.Scope scope = Driver.Enter();
        bool isOpen = !Driver.IsDisposed;
        return new IceExperience
        {
            Local = isOpen ? [.. Enumerable.Range(0, _components.Length).SelectMany(Driver.Agent.GetLocalCandidates)] : [],
            Remote = [.. _remoteCandidates],
            Pairs = isOpen ? [.. Driver.Agent.Pairs.Select(IcePairStatistics.Of)] : [],
            Warnings = GatheringWarnings,
            HasRemoteCredentials = isOpen && Driver.Agent.RemoteParameters is not null,
            HasTurnServer = _options.Servers.Any(static server => server.IsTurn),
            UnresolvedNames = _remoteNames.Unresolved,
            RefusedMessages = _refusedMessages,
        }.ToException(failure);
    }
}
