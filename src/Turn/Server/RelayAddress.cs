using Stack.Stun;

namespace Stack.Turn;

/// <summary>An address that relayed transport addresses are made of.</summary>
/// <param name="Local">The address of this machine that sockets are bound to; its port does not count. Not 0.0.0.0 or ::.</param>
/// <param name="Advertised">What clients and peers know it as: another one behind a 1:1 NAT, else the same.</param>
public readonly record struct RelayAddress(TransportAddress Local, TransportAddress Advertised)
{
    /// <summary>An address that is not behind a NAT.</summary>
    /// <param name="local">The address.</param>
    public RelayAddress(TransportAddress local)
        : this(local, local)
    {
    }
}
