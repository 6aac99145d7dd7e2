using Stack.Stun;
using Stack.Turn;

namespace Stack.Bench;

/// <summary>No relay sockets: nobody gets that far.</summary>
internal sealed class ClosedRelaySockets : IRelaySockets
{
    public RelayOpenStatus Open(RelayId id, RelayProtocol protocol, TransportAddress address) => RelayOpenStatus.Unavailable;

    public RelayOpenStatus Reserve(TransportAddress address) => RelayOpenStatus.Unavailable;

    public RelayOpenStatus Claim(RelayId id, TransportAddress address) => RelayOpenStatus.Unavailable;

    public void CancelReservation(TransportAddress address)
    {
    }

    public void Close(RelayId id)
    {
    }
}
