using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>An ICE agent: one session with one peer, full or lite (RFC 8445), with trickling (RFC 8838), consent (RFC 7675) and TCP (RFC 6544).</summary>
/// <remarks>
/// <para>Sans-IO, single-threaded by contract. Four kinds of members:</para>
/// <para>Inputs: <see cref="HandleDatagram"/>, <see cref="HandleUnreachable"/>, <see cref="HandleConnected"/>, <see cref="HandleConnectionLost"/>,
/// <see cref="HandleTimeout"/>. They never throw on a peer's bytes.</para>
/// <para>Commands: <see cref="AddLocalCandidate"/>, <see cref="RemoveBase"/>, <see cref="EndLocalCandidates"/>, <see cref="SetRemoteParameters"/>,
/// <see cref="AddRemoteCandidate"/>, <see cref="EndRemoteCandidates"/>, <see cref="Restart"/>, <see cref="TryGetRoute"/>, <see cref="Close"/>.
/// They throw at once on a caller's mistake.</para>
/// <para>Outputs: <see cref="TryReadTransmit"/>, <see cref="TryReadEvent"/>, <see cref="NextTimeout"/>. After each input or command drain the
/// transmits, then the events, then read the next timeout. After <see cref="IceDisposition.ApplicationData"/> there is nothing new.</para>
/// <para>Queries: the properties. Dispose it to erase the keys.</para>
/// </remarks>
public sealed partial class IceAgent : IDisposable
{
    /// <summary>The size that a buffer for <see cref="TryReadTransmit"/> needs, in bytes.</summary>
    public const int MaxMessageSize = 1024;

    private readonly IceAgentOptions _options;
    private readonly AgentContext _context;
    private readonly EarlyChecks _early;
    private readonly Queue<PendingResponse> _responses = new();
    private readonly ErrorReplyLimit _errorReplies = new();
    private readonly ComponentPaths _paths;
    private CheckSession _current;
    private CheckSession? _previous;
    private IceSessionState _state;
    private Instant? _nextTimeout;
    private Instant _now;
    private bool _closed;

    /// <summary>Prepares a session: its credentials are drawn.</summary>
    /// <param name="options">What it shall be.</param>
    /// <param name="random">Where credentials, transaction ids and the tie-breaker come from; stays the caller's.</param>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    public IceAgent(IceAgentOptions options, RandomNumberGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        IceAgentOptions.Validate(options);
        _options = options;
        _context = new AgentContext(options, random);
        _context.Budget.Ta = options.Strategy.ProposedPacing ?? TimeSpan.FromMilliseconds(50);
        _early = new EarlyChecks(options.Limits.MaxEarly);
        _paths = new ComponentPaths(options.Streams);
        _current = new CheckSession(_context, IceCredentials.Create(random));
    }

    /// <summary>The role, which a conflict may change.</summary>
    public IceRole Role => _context.Roles.Role;

    /// <summary>How far the session is.</summary>
    public IceSessionState State => _state;

    /// <summary>Why it failed.</summary>
    public IceFailureReason FailureReason => _state is IceSessionState.Failed or IceSessionState.Disconnected ? GetFailure() : IceFailureReason.None;

    /// <summary>What the peer is to be told; after <see cref="Restart"/> with new credentials.</summary>
    public IceParameters LocalParameters => new()
    {
        Credentials = _current.Local,
        IsLite = _options.IsLite,
        SupportsIce2 = true,
        Trickles = true,
        Pacing = _options.Strategy.ProposedPacing,
    };

    /// <summary>What the peer has told; null before, and after a restart until it has told its new ones.</summary>
    public IceParameters? RemoteParameters => _current.Remote;

    /// <summary>All pairs of the current checklists and valid lists, the best first, for diagnostics and statistics. Allocates.</summary>
    public IReadOnlyList<CandidatePair> Pairs =>
    [
        .. _current.Checklists.SelectMany(static list => list.Pairs.Concat(list.Components.SelectMany(static component => component.ValidList)))
            .Distinct().OrderByDescending(static pair => pair.Priority),
    ];

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; null where nothing is waited for.</summary>
    public Instant? NextTimeout => _nextTimeout;

    /// <summary>The pair that data of a component goes over; null where there is none.</summary>
    /// <param name="stream">The data stream, counted from 0.</param>
    /// <param name="componentId">The component, counted from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such stream or component.</exception>
    public CandidatePair? GetPath(int stream, int componentId) => _paths[stream, componentId];

    /// <summary>The pair that is nominated for a component; null where there is none in the current session.</summary>
    /// <param name="stream">The data stream, counted from 0.</param>
    /// <param name="componentId">The component, counted from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such stream or component.</exception>
    public CandidatePair? GetSelectedPair(int stream, int componentId)
    {
        CheckComponent(stream, componentId);
        return _current.Checklists[stream].Components[componentId - 1].Selected;
    }

    /// <summary>Where data of a component goes now. Costs no allocation.</summary>
    /// <param name="stream">The data stream, counted from 0.</param>
    /// <param name="componentId">The component, counted from 1.</param>
    /// <param name="now">The time.</param>
    /// <param name="route">The socket or allocation, and the peer.</param>
    /// <returns>False where there is no valid pair with consent: data must not be sent (RFC 7675 section 5.1).</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such stream or component.</exception>
    public bool TryGetRoute(int stream, int componentId, Instant now, out IceRoute route)
    {
        if (_paths[stream, componentId] is not { } pair || !_current.HasConsent(pair, now))
        {
            route = default;
            return false;
        }

        pair.Consent.LastSent = now;
        route = new IceRoute(pair.BaseId, pair.RemoteAddress);
        return true;
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="now">The time.</param>
    public void HandleTimeout(Instant now) => Advance(now);

    /// <summary>Reads the next message to send.</summary>
    /// <param name="buffer">Where it goes; <see cref="MaxMessageSize"/> bytes.</param>
    /// <param name="now">The time, from which the round trip is counted.</param>
    /// <param name="transmit">Where it goes, and its length.</param>
    /// <returns>False where there is nothing to send.</returns>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public bool TryReadTransmit(Span<byte> buffer, Instant now, out IceTransmit transmit)
    {
        if (buffer.Length < MaxMessageSize)
        {
            throw new ArgumentException($"The buffer has less than {MaxMessageSize} bytes.", nameof(buffer));
        }

        if (_responses.TryDequeue(out PendingResponse response))
        {
            transmit = new IceTransmit(response.BaseId, response.Destination, CheckMessages.WriteResponse(buffer, response));
            return true;
        }

        if (!_closed && (_current.TryReadTransmit(buffer, now, out transmit) || _previous?.TryReadTransmit(buffer, now, out transmit) == true))
        {
            return true;
        }

        transmit = default;
        return false;
    }

    /// <summary>Reads what has happened next.</summary>
    /// <param name="happened">The event.</param>
    /// <returns>False where nothing has.</returns>
    public bool TryReadEvent(out IceEvent happened) => _context.Events.TryDequeue(out happened);

    /// <summary>Ends the session: no more transmits, no route. The peer is not told; its consent runs out (RFC 7675 section 5.1).</summary>
    /// <param name="now">The time.</param>
    public void Close(Instant now)
    {
        if (!_closed)
        {
            _closed = true;
            _responses.Clear();
            _paths.Clear();
            Advance(now);
        }
    }

    /// <summary>Erases the keys.</summary>
    public void Dispose()
    {
        _closed = true;
        _responses.Clear();
        _current.Dispose();
        _previous?.Dispose();
    }

    private void CheckComponent(int stream, int componentId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stream);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(stream, _options.Streams.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(componentId, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(componentId, _options.Streams[stream]);
    }
}
