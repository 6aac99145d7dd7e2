using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Ice;

public sealed partial class IceAgent
{
    private static readonly TimeSpan RestartWindow = TimeSpan.FromMinutes(1);

    private readonly Queue<Instant> _restarts = new();
    private bool _localEnded;
    private bool _remoteEndsEarly;

    /// <summary>
    /// Takes the peer's parameters. With other credentials than before, the peer has restarted (RFC 8445 section 9): unless this agent has restarted
    /// already, it does so now, and <see cref="LocalParameters"/> are new.
    /// </summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="now">The time.</param>
    /// <returns>False where the limit of restarts is reached, or these are the credentials before the restart; nothing has changed then.</returns>
    public bool SetRemoteParameters(IceParameters parameters, Instant now)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (_closed)
        {
            return false;
        }

        if (_current.Remote is { } known)
        {
            if (known.Credentials.Equals(parameters.Credentials))
            {
                _current.UpdateRemote(parameters);
                return true;
            }

            if (!Restart(now))
            {
                return false;
            }
        }
        else if (_previous?.Remote is { } old && old.Credentials.Equals(parameters.Credentials))
        {
            return false;
        }

        _current.Begin(parameters, now);
        foreach ((int stream, Candidate candidate) in _early.TakeCandidates())
        {
            AddToSession(stream, candidate);
        }

        _current.SetFirstStates();
        if (_remoteEndsEarly)
        {
            _remoteEndsEarly = false;
            _current.EndRemote();
        }

        foreach ((IncomingCheck check, byte[] fragment) in _early.TakeChecks())
        {
            if (_context.Bases.ContainsValue(check.Base))
            {
                Learn(_current, check, fragment, now);
            }
        }

        ConcludeLite(now);
        Advance(now);
        return true;
    }

    /// <summary>Between two lite agents there are no checks: with the end of the candidates all is known (RFC 8445 section 8.2).</summary>
    private void ConcludeLite(Instant now)
    {
        if (_options.IsLite && _current is { Remote.IsLite: true, RemoteEnded: true })
        {
            _current.ConcludeLite(now);
        }
    }

    /// <summary>
    /// Restarts (RFC 8445 section 9): new credentials and checklists. Data goes the old way until a pair of the new session is selected. Local candidates
    /// stay; signal <see cref="LocalParameters"/> and <see cref="GetLocalCandidates"/> again.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <returns>False where <see cref="IceLimits.MaxRestartsPerMinute"/> is reached; nothing has changed then.</returns>
    public bool Restart(Instant now)
    {
        while (_restarts.TryPeek(out Instant first) && now - first >= RestartWindow)
        {
            _restarts.Dequeue();
        }

        if (_closed || _restarts.Count >= _options.Limits.MaxRestartsPerMinute)
        {
            return false;
        }

        _restarts.Enqueue(now);

        // Of two sessions the one that carries data is kept until the new one does.
        if (_previous is null || _current.CompletedAt is not null || !_previous.HasPath)
        {
            _previous?.Dispose();
            _previous = _current;
        }
        else
        {
            _current.Dispose();
        }

        _current = new CheckSession(_context, IceCredentials.Create(_context.Random));
        _context.Failure = IceFailureReason.None;
        _context.UnvalidatedBytes = 0;
        _context.Roles.Forgive();
        _responses.Clear();
        _early.TakeCandidates();
        _early.TakeChecks();
        _remoteEndsEarly = false;
        _freed = false;
        _unused.Clear();
        if (_localEnded)
        {
            _current.EndLocal();
        }

        Advance(now);
        return true;
    }
}
