using System.Collections.Generic;

namespace Stack.Ice;

/// <summary>Checks that were answered before the peer's parameters were known (RFC 8445 section 7.3), and candidates that came before them.</summary>
internal sealed class EarlyChecks(int capacity)
{
    private readonly List<(IncomingCheck Check, byte[] Fragment)> _checks = [];
    private readonly List<(int Stream, Candidate Candidate)> _candidates = [];

    public bool TryAdd(in IncomingCheck check, System.ReadOnlySpan<byte> fragment)
    {
        for (int i = 0; i < _checks.Count; i++)
        {
            IncomingCheck known = _checks[i].Check;
            if (known.Base == check.Base && known.Source == check.Source && System.MemoryExtensions.SequenceEqual(fragment, _checks[i].Fragment))
            {
                _checks[i] = (check with { Nominates = check.Nominates || known.Nominates }, _checks[i].Fragment);
                return true;
            }
        }

        if (_checks.Count >= capacity)
        {
            return false;
        }

        _checks.Add((check, fragment.ToArray()));
        return true;
    }

    public bool TryAdd(int stream, Candidate candidate)
    {
        if (_candidates.Count >= capacity)
        {
            return false;
        }

        _candidates.Add((stream, candidate));
        return true;
    }

    public List<(IncomingCheck Check, byte[] Fragment)> TakeChecks()
    {
        List<(IncomingCheck, byte[])> taken = [.. _checks];
        _checks.Clear();
        return taken;
    }

    public List<(int Stream, Candidate Candidate)> TakeCandidates()
    {
        List<(int, Candidate)> taken = [.. _candidates];
        _candidates.Clear();
        return taken;
    }
}
