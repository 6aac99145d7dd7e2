using System;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>A relayed address. The allocation behind it may have a second one of the other family, which is a base of its own.</summary>
internal sealed class RelayBase(IceRelay relay) : IceBase
{
    public IceRelay Relay => relay;

    // A check follows the request for its permission in the same flight (RFC 8445 section 7.2.1): the server serves them in this order.
    public override bool Send(ReadOnlySpan<byte> packet, TransportAddress destination)
    {
        if (destination.Family != Local.Family)
        {
            return false;
        }

        SendStatus status = relay.Allocation.TrySend(packet, destination, SendForm.Early);
        if (status == SendStatus.NoPermission)
        {
            relay.Permit(destination);
            status = relay.Allocation.TrySend(packet, destination, SendForm.Early);
        }

        return status != SendStatus.NoAllocation;
    }

    public override ValueTask DisposeAsync() => relay.ReleaseAsync();
}
