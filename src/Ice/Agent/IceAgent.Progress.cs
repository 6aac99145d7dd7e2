using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;

namespace Stack.Ice;

public sealed partial class IceAgent
{
    /// <summary>How long what was not selected is kept after the end (RFC 8445 section 8.3.1).</summary>
    private static readonly TimeSpan FreeingDelay = TimeSpan.FromSeconds(3);

    private readonly HashSet<int> _unused = [];
    private bool _wasConnected;
    private bool _freed;

    private void Advance(Instant now)
    {
        _now = now;
        if (_closed)
        {
            SetState(IceSessionState.Closed);
            _nextTimeout = null;
            return;
        }

        _previous?.Advance(now, isCurrent: false);
        _current.Advance(now, isCurrent: true);
        UpdatePaths();
        _previous?.SendConsent(now);
        _current.SendConsent(now);
        Free(now);
        SetState(ComputeState());
        _nextTimeout = ComputeNextTimeout(now);
    }

    private Instant? ComputeNextTimeout(Instant now)
    {
        Instant? next = _current.GetNextTimeout(now, isCurrent: true);
        if (_previous?.GetNextTimeout(now, isCurrent: false) is { } at && (next is null || at < next))
        {
            next = at;
        }

        if (!_freed && _current.CompletedAt + FreeingDelay is { } free && (next is null || free < next))
        {
            next = free;
        }

        return next;
    }

    /// <summary>Data goes the old way until the new session has selected its pair, unless the old way is closed (RFC 8445 section 12.1).</summary>
    private void UpdatePaths()
    {
        foreach (Checklist checklist in _current.Checklists)
        {
            bool maySend = checklist.State != ChecklistState.Failed && (!_options.IsLite || CheckSession.HasValidEverywhere(checklist));
            foreach (ComponentChecks component in checklist.Components)
            {
                component.Path = maySend ? _options.Strategy.ChoosePath(component) : null;
                CandidatePair? path = component.Path;
                if (_previous?.Checklists[checklist.Stream].Components[component.ComponentId - 1] is { } before)
                {
                    before.Path = _options.Strategy.ChoosePath(before);
                    path = before.Path is not null && component.Selected is null ? before.Path : path;
                }

                SetPath(component, path);
            }
        }
    }

    private void SetPath(ComponentChecks component, CandidatePair? path)
    {
        CandidatePair? before = _paths[component.Stream, component.ComponentId];
        if (path is { Base.IsRelayed: true } && component.Selected == path && path.Base.Channeled.Add(path.RemoteAddress))
        {
            _context.Events.Enqueue(Describe(IceEventKind.ChannelWanted, component, path) with { Remote = path.RemoteAddress });
        }

        if (before == path)
        {
            return;
        }

        _paths[component.Stream, component.ComponentId] = path;
        _context.Events.Enqueue(Describe(path is null ? IceEventKind.PathLost : IceEventKind.PathChanged, component, path));
    }

    private static IceEvent Describe(IceEventKind kind, ComponentChecks component, CandidatePair? pair) => new()
    {
        Kind = kind,
        Stream = component.Stream,
        ComponentId = component.ComponentId,
        Pair = pair,
        BaseId = pair?.BaseId ?? 0,
    };

    /// <summary>Three seconds after the end, what was not selected is given up: RFC 8445 section 8.3, RFC 6544 section 8.</summary>
    private void Free(Instant now)
    {
        if (_freed || !(_current.CompletedAt + FreeingDelay <= now))
        {
            return;
        }

        _freed = true;
        EndPrevious();
        foreach (LocalBase localBase in _context.Bases.Values)
        {
            ComponentChecks component = _current.Checklists[localBase.Stream].Components[localBase.ComponentId - 1];
            CandidatePair? selected = component.Selected?.Base == localBase ? component.Selected : null;
            foreach (TransportAddress remote in localBase.Connections.Where(remote => selected?.RemoteAddress != remote))
            {
                _context.Events.Enqueue(Describe(IceEventKind.ConnectionUnwanted, component, null) with { BaseId = localBase.Id, Remote = remote });
            }

            if (selected is null && _unused.Add(localBase.Id))
            {
                _context.Events.Enqueue(Describe(IceEventKind.BaseUnused, component, null) with { BaseId = localBase.Id });
            }
        }
    }

    private bool HasAllPaths()
    {
        foreach (Checklist checklist in _current.Checklists)
        {
            foreach (ComponentChecks component in checklist.Components)
            {
                if (!component.IsAbsent && _paths[component.Stream, component.ComponentId] is null)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private IceSessionState ComputeState()
    {
        if (HasAllPaths())
        {
            _wasConnected = true;
            return _current.AreAll(ChecklistState.Completed) ? IceSessionState.Completed : IceSessionState.Connected;
        }

        // RFC 8445 section 8.1.2: a data stream has none, and the other ones have all that they will have.
        bool mayConnect = _current.IsAny(ChecklistState.Running);
        if (!mayConnect && _current.IsAny(ChecklistState.Failed))
        {
            return IceSessionState.Failed;
        }

        return _wasConnected && !mayConnect ? IceSessionState.Disconnected
            : _current.Remote is null ? (_wasConnected ? IceSessionState.Disconnected : IceSessionState.New)
            : IceSessionState.Checking;
    }

    private void SetState(IceSessionState state)
    {
        if (_state == state)
        {
            return;
        }

        _state = state;
        _context.Events.Enqueue(new IceEvent { Kind = IceEventKind.StateChanged, State = state, Reason = FailureReason });
    }

    private IceFailureReason GetFailure()
        => _context.Failure != IceFailureReason.None ? _context.Failure
            : _context.Bases.Count == 0 ? IceFailureReason.NoLocalBase
            : _current.WasRefused ? IceFailureReason.WrongCredentials
            : IceFailureReason.NoValidPair;
}
