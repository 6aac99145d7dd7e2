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

    // How many of the parameters that we have told, the first ones included, the peer's have not answered yet. Signaling keeps the order.
    private int _unanswered = 1;

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

            if (_unanswered > 0 && !_current.IsKnownToPeer)
            {
                // What we have taken as the answer to our restart was one to what we told before it: the answer is this.
                _unanswered--;
                Replace(_current.Local);
            }
            else if (!BeginAnew(now))
            {
                return false;
            }
            else
            {
                _unanswered = 0;
            }
        }
        else if (_previous?.Remote is { } old && old.Credentials.Equals(parameters.Credentials))
        {
            return false;
        }
        else
        {
            _unanswered = Math.Max(0, _unanswered - 1);
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
        if (!BeginAnew(now))
        {
            return false;
        }

        _unanswered++;
        return true;
    }

    private bool BeginAnew(Instant now)
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
            EndPrevious();
            _previous = _current;
        }
        else
        {
            _current.Dispose();
        }

        _context.UnvalidatedBytes = 0;
        _context.Roles.Forgive();
        Open(IceCredentials.Create(_context.Random));
        Advance(now);
        return true;
    }

    /// <summary>Answers that wait to be sent go with the key that would protect them: to the peer they are lost ones.</summary>
    private void EndPrevious()
    {
        if (_previous is not { } previous)
        {
            return;
        }

        for (int count = _responses.Count; count > 0; count--)
        {
            PendingResponse response = _responses.Dequeue();
            if (response.Key != previous.LocalKey)
            {
                _responses.Enqueue(response);
            }
        }

        previous.Dispose();
        _previous = null;
    }

    /// <summary>The same credentials, and nothing of what was learned from a peer that has restarted meanwhile.</summary>
    private void Replace(IceCredentials local)
    {
        _current.Dispose();
        Open(local);
    }

    private void Open(IceCredentials local)
    {
        _current = new CheckSession(_context, local);
        _context.Failure = IceFailureReason.None;
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
    }
}
