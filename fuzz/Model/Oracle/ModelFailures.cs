using System;
using System.Collections.Generic;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>Failed attempts to authenticate: so many in 10 s, then 30 s of silence for the network (security.md section 2).</summary>
internal sealed class ModelFailures
{
    private readonly Dictionary<ReferenceAddress, (long Begin, int Count, long SilentUntil)> _networks = [];

    public bool IsSilenced(ReferenceAddress network, long now) => _networks.TryGetValue(network, out var entry) && now < entry.SilentUntil;

    public void Count(ReferenceAddress network, int limit, long now)
    {
        (long begin, int count, long silentUntil) = _networks.GetValueOrDefault(network);
        if (count == 0 || now - begin >= 10 * TimeSpan.TicksPerSecond)
        {
            begin = now;
            count = 0;
        }

        count++;
        if (count >= limit)
        {
            count = 0;
            silentUntil = now + (30 * TimeSpan.TicksPerSecond);
        }

        _networks[network] = (begin, count, silentUntil);
    }
}
