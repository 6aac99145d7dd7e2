using System.Collections.Generic;
using Stack.Fuzz.Reference;
using Stack.Stun;
using Stack.Turn;
using static Stack.Fuzz.Model.ModelViolationException;

namespace Stack.Fuzz.Model;

/// <summary>The sockets of one loop, which writes down every call.</summary>
internal sealed class FakeRelaySockets(FakeMachine machine, Observation seen) : IRelaySockets
{
    private readonly Dictionary<long, (int Protocol, ReferenceAddress Address)> _open = [];

    public RelayOpenStatus Open(RelayId id, RelayProtocol protocol, TransportAddress address)
    {
        int status = machine.Bind((int)protocol, address.ToModel());
        Note(SocketCallKind.Open, id, (int)protocol, address, status);
        return Keep(id, (int)protocol, address, status);
    }

    public RelayOpenStatus Reserve(TransportAddress address)
    {
        int status = machine.Reserve(address.ToModel());
        Note(SocketCallKind.Reserve, default, ModelShared.Udp, address, status);
        return (RelayOpenStatus)status;
    }

    public RelayOpenStatus Claim(RelayId id, TransportAddress address)
    {
        int status = machine.Claim(address.ToModel());
        Note(SocketCallKind.Claim, id, ModelShared.Udp, address, status);
        return Keep(id, ModelShared.Udp, address, status);
    }

    public void CancelReservation(TransportAddress address)
    {
        machine.Cancel(address.ToModel());
        Note(SocketCallKind.CancelReservation, default, ModelShared.Udp, address, 0);
    }

    public void Close(RelayId id)
    {
        Require(_open.Remove(id.Value, out (int Protocol, ReferenceAddress Address) socket), $"relay socket {id} is not open");
        machine.Close(socket.Protocol, socket.Address);
        seen.Calls.Add(new SocketCall(SocketCallKind.Close, id.Value, socket.Protocol, socket.Address, 0));
    }

    private void Note(SocketCallKind kind, RelayId id, int protocol, TransportAddress address, int status)
        => seen.Calls.Add(new SocketCall(kind, id.Value, protocol, address.ToModel(), status));

    private RelayOpenStatus Keep(RelayId id, int protocol, TransportAddress address, int status)
    {
        if (status == 0)
        {
            Require(_open.TryAdd(id.Value, (protocol, address.ToModel())), $"relay id {id} is used twice");
        }

        return (RelayOpenStatus)status;
    }
}
