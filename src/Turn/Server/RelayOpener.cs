using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// Finds ports and opens relay sockets on them. Some other program may have a port that the pool thinks free: then the next one is tried, a bounded
/// number of times.
/// </summary>
internal sealed class RelayOpener(TurnServerResources resources, IRelaySockets sockets)
{
    private const int MaxTries = 128;

    private readonly DeadlineQueue<ReservationToken> _reservations = new();
    private long _ids;
    private int _turn;

    public Instant? NextDeadline => _reservations.Next;

    /// <summary>Opens a socket on one of the addresses, which take turns.</summary>
    public bool TryOpen(IReadOnlyList<RelayAddress> addresses, StunAddressFamily family, RelayProtocol protocol, PortPick pick, Instant now, out OpenedRelay opened)
    {
        _turn = unchecked(_turn + 1) & int.MaxValue;
        for (int i = 0; i < addresses.Count; i++)
        {
            RelayAddress address = addresses[(_turn + i) % addresses.Count];
            if (address.Local.Family == family && TryOpen(address, protocol, pick, now, out opened))
            {
                return true;
            }
        }

        opened = default;
        return false;
    }

    /// <summary>Takes over a port that was reserved earlier.</summary>
    public bool TryClaim(ReservationToken token, string account, Instant now, out OpenedRelay opened)
    {
        opened = default;
        if (!resources.TryClaim(token, account, now, out PortReservation reservation))
        {
            return false;
        }

        _reservations.Remove(token);
        RelayId id = NewId();
        TransportAddress local = reservation.Relay.Local.WithPort(reservation.Port);
        if (sockets.Claim(id, local) == RelayOpenStatus.Opened)
        {
            opened = new OpenedRelay(id, reservation.Relay, reservation.Port);
            return true;
        }

        resources.ReturnPort(RelayProtocol.Udp, local, rests: true, now);
        return false;
    }

    /// <summary>Reserves the port behind an even one that was opened as one of a pair.</summary>
    public ReservationToken Reserve(in OpenedRelay even, string account, Instant expires)
    {
        ReservationToken token = resources.Reserve(new PortReservation(even.Address, even.Port + 1, account, expires));
        _reservations.Set(token, expires);
        return token;
    }

    public void CancelExpiredReservations(Instant now) => CancelReservations(now, now);

    public void CancelAllReservations(Instant now) => CancelReservations(new Instant(long.MaxValue), now);

    private void CancelReservations(Instant until, Instant now)
    {
        while (_reservations.TryTake(until, out ReservationToken token))
        {
            Cancel(token, now);
        }
    }

    private void Cancel(ReservationToken token, Instant now)
    {
        // Another loop may have claimed it.
        if (resources.TryCancel(token, out PortReservation reservation))
        {
            TransportAddress local = reservation.Relay.Local.WithPort(reservation.Port);
            sockets.CancelReservation(local);
            resources.ReturnPort(RelayProtocol.Udp, local, rests: true, now);
        }
    }

    private bool TryOpen(RelayAddress address, RelayProtocol protocol, PortPick pick, Instant now, out OpenedRelay opened)
    {
        opened = default;
        for (int tries = 0; tries < MaxTries; tries++)
        {
            if (!resources.TryTakePort(protocol, address.Local, pick, now, out int port))
            {
                return false;
            }

            TransportAddress local = address.Local.WithPort(port);
            RelayId id = NewId();
            RelayOpenStatus status = sockets.Open(id, protocol, local);
            if (status == RelayOpenStatus.Opened && pick == PortPick.EvenPair)
            {
                status = sockets.Reserve(local.WithPort(port + 1));
                if (status != RelayOpenStatus.Opened)
                {
                    sockets.Close(id);
                }
            }

            if (status == RelayOpenStatus.Opened)
            {
                opened = new OpenedRelay(id, address, port);
                return true;
            }

            GiveBack(local, protocol, pick, now);
            if (status != RelayOpenStatus.AddressInUse)
            {
                return false;
            }
        }

        return false;
    }

    private void GiveBack(TransportAddress local, RelayProtocol protocol, PortPick pick, Instant now)
    {
        resources.ReturnPort(protocol, local, rests: false, now);
        if (pick == PortPick.EvenPair)
        {
            resources.ReturnPort(protocol, local.WithPort(local.Port + 1), rests: false, now);
        }
    }

    private RelayId NewId() => new(++_ids);
}
