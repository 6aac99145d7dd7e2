using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Threading;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>The servers that have asked to be left alone for a while (RFC 8656 section 7.4, RFC 5928 section 3). Safe for concurrent use.</summary>
internal sealed class TurnRefusals(TimeProvider time)
{
    private const int MaxServers = 64;

    private readonly Lock _gate = new();
    private readonly MonotonicClock _clock = new(time);
    private readonly Dictionary<IPEndPoint, (Instant Until, TurnException Error)> _servers = [];

    public bool Contains(IPEndPoint server)
    {
        lock (_gate)
        {
            return _servers.TryGetValue(server, out (Instant Until, TurnException Error) refusal) && refusal.Until > _clock.Now;
        }
    }

    public void Note(IPEndPoint server, TurnException error)
    {
        TimeSpan pause = error.Failure switch
        {
            TurnFailure.QuotaReached or TurnFailure.InsufficientCapacity => TimeSpan.FromMinutes(1),
            TurnFailure.AllocationMismatch => TimeSpan.FromMinutes(2),
            _ => TimeSpan.Zero,
        };
        if (pause == TimeSpan.Zero)
        {
            return;
        }

        lock (_gate)
        {
            foreach ((IPEndPoint other, (Instant until, _)) in _servers)
            {
                if (until <= _clock.Now)
                {
                    _servers.Remove(other);
                }
            }

            if (_servers.Count < MaxServers)
            {
                _servers[server] = (_clock.Now + pause, error);
            }
        }
    }

    public TurnException Explain(IPEndPoint server)
    {
        lock (_gate)
        {
            (Instant until, TurnException error) = _servers[server];
            string seconds = Math.Ceiling((until - _clock.Now).TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return new TurnException(error.Failure, $"{error.Message} It was not asked again: that is to wait for {seconds} s more.", error.Hint)
            {
                ErrorCode = error.ErrorCode,
            };
        }
    }
}
