using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// Candidates of the peer with a name in place of the address: random <c>.local</c> ones are asked for on the link, others are refused, so that a peer
/// cannot have names of its choice looked up. The end of candidates waits for them. Used under the driver's lock.
/// </summary>
internal sealed class RemoteNames(IceConnection connection)
{
    /// <summary>How many names of one peer are asked for.</summary>
    public const int MaxNames = 8;

    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);
    private int _session;
    private int _pending;
    private bool _hasEnded;

    /// <summary>How many names gave no address.</summary>
    public int Unresolved { get; private set; }

    public RemoteCandidateStatus Resolve(string name, int stream, Candidate candidate)
    {
        if (!MdnsHostName.IsRandom(name))
        {
            Unresolved++;
            return RemoteCandidateStatus.Unresolved;
        }

        if (_asked.Count >= MaxNames && !_asked.Contains(name))
        {
            return RemoteCandidateStatus.LimitReached;
        }

        _asked.Add(name);
        _pending++;
        int session = _session;
        connection.Run(token => ResolveAsync(name, stream, candidate, session, token));
        return RemoteCandidateStatus.Queued;
    }

    /// <summary>The peer tells no more.</summary>
    public void End()
    {
        _hasEnded = true;
        TellEnd();
    }

    /// <summary>Another session of the peer begins.</summary>
    public void Clear()
    {
        _session++;
        _pending = 0;
        _asked.Clear();
        _hasEnded = false;
    }

    private async Task ResolveAsync(string name, int stream, Candidate candidate, int session, CancellationToken cancellationToken)
    {
        TransportAddress address = default;
        if (connection.Names is { } names)
        {
            try
            {
                address = await names.ResolveAsync(name, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }

        using IceDriver.Scope scope = connection.Driver.Enter();
        if (connection.Driver.IsDisposed || session != _session)
        {
            return;
        }

        if (address.IsNone)
        {
            Unresolved++;
        }
        else
        {
            connection.AddResolved(stream, candidate with { Address = address.WithPort(candidate.HostPort), HostName = null, HostPort = 0 });
        }

        _pending--;
        TellEnd();
    }

    private void TellEnd()
    {
        if (_hasEnded && _pending == 0)
        {
            connection.Driver.Agent.EndRemoteCandidates(connection.Driver.Now);
        }
    }
}
