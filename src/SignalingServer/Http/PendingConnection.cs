using System;
using System.Net;
using System.Threading;

namespace Stack.Signaling.Server;

/// <summary>A place among the connections of an address that are no WebSocket yet; a feature of the connection.</summary>
internal sealed class PendingConnection(ConnectionQuota quota, IPAddress source) : IDisposable
{
    private int _isReturned;

    /// <summary>Gives the place back, once.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) == 0)
        {
            quota.Return(source);
        }
    }
}
