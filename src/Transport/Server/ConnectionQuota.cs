using System;
using System.Collections.Generic;
using System.Threading;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Counts the connections of all listeners, in all and by source. Holds an entry only while a connection lives.</summary>
internal sealed class ConnectionQuota(int most, int mostPerSource)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, int> _bySource = [];
    private int _total;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _total;
            }
        }
    }

    public bool TryEnter(TransportAddress remote)
    {
        UInt128 key = GetKey(remote);
        lock (_gate)
        {
            int count = _bySource.GetValueOrDefault(key);
            if (_total >= most || count >= mostPerSource)
            {
                return false;
            }

            _total++;
            _bySource[key] = count + 1;
            return true;
        }
    }

    public void Leave(TransportAddress remote)
    {
        UInt128 key = GetKey(remote);
        lock (_gate)
        {
            _total--;
            int count = _bySource[key] - 1;
            if (count == 0)
            {
                _bySource.Remove(key);
            }
            else
            {
                _bySource[key] = count;
            }
        }
    }

    // An IPv6 host has a whole /64 to choose addresses from. The prefix of an IPv4 address stands clear of it.
    private static UInt128 GetKey(TransportAddress remote)
        => remote.Family == StunAddressFamily.IPv4 ? remote.Bits : remote.Bits & ~(UInt128)ulong.MaxValue;
}
