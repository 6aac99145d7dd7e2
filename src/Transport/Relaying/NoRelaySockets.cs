using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>The relay sockets of a server that relays nothing.</summary>
internal sealed class NoRelaySockets : IRelaySockets
{
    public RelayOpenStatus Open(RelayId id, RelayProtocol protocol, TransportAddress address) => RelayOpenStatus.Unavailable;

    public RelayOpenStatus Reserve(TransportAddress address) => RelayOpenStatus.Unavailable;

    public RelayOpenStatus Claim(RelayId id, TransportAddress address) => RelayOpenStatus.Unavailable;

    public void CancelReservation(TransportAddress address)
    {
        // There are none.
    }

    public void Close(RelayId id)
    {
        // There are none.
    }
}
