using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stack.Fuzz.Reference;
using static Stack.Fuzz.Model.ModelViolationException;

namespace Stack.Fuzz.Model;

/// <content>Allocate (RFC 8656 section 7.2, RFC 6062 section 5.1) and Refresh (RFC 8656 section 8.2).</content>
internal sealed partial class ModelServer
{
    // security.md section 2: at most 128 tries for a port.
    private const int MaxTries = 128;

    private ExpectedStep Allocate(ModelCaller caller, ModelAllocation? existing, Observation seen)
    {
        if (existing is not null)
        {
            return caller.Refuse(437);
        }

        if (CheckAllocate(caller) is { } code)
        {
            return caller.Refuse(code);
        }

        if (_draining || _settings.RedirectsAll)
        {
            return RefuseForCapacity(caller, seen);
        }

        ModelRequest request = caller.Request;
        bool dual = request.Has(AdditionalFamily(request));
        bool hasToken = request.Has(ModelAttribute.ReservationToken);
        int family = request.Word(ModelAttribute.RequestedAddressFamily) is { } word ? (int)(word >> 24) : 1;
        if (!hasToken && (dual ? !Serves(1) && !Serves(2) : !Serves(family)))
        {
            return caller.Refuse(440);
        }

        int? refused = _shared.RefusesAllocation(caller.User.Account, caller.Tuple.Client);
        if (refused is not null)
        {
            return refused == 508 ? RefuseForCapacity(caller, seen) : caller.Refuse(486);
        }

        int protocol = (int)(request.Word(ModelAttribute.RequestedTransport)!.Value >> 24);
        var allocation = new ModelAllocation(caller.Tuple, protocol, caller.User, _settings.AllocationRate, caller.Now);
        var missing = new List<(int Family, int Code)>();
        OpenAll(caller, allocation, dual, hasToken, family, missing, seen);
        if (allocation.Relays.Count > 0)
        {
            return Grant(caller, allocation, missing, seen);
        }

        // Check 5: a token that is not valid is 508, and no other server knows it.
        return hasToken ? caller.Refuse(508) : RefuseForCapacity(caller, seen);
    }

    private static ModelPortPick GetPick(ModelRequest request)
        => !request.TryFind(ModelAttribute.EvenPort, out ReadOnlySpan<byte> even) ? ModelPortPick.Any
            : (even[0] & 0x80) != 0 ? ModelPortPick.EvenPair
            : ModelPortPick.Even;

    private static int AdditionalFamily(ModelRequest request) => request.Has(ModelAttribute.AdditionalAddressFamily)
        ? ModelAttribute.AdditionalAddressFamily
        : ModelAttribute.DraftAdditionalAddressFamily;

    private int? CheckAllocate(ModelCaller caller)
    {
        ModelRequest request = caller.Request;
        if (request.Word(ModelAttribute.RequestedTransport) is not { } transport)
        {
            return 400;
        }

        int protocol = (int)(transport >> 24);
        switch (protocol)
        {
            case ModelShared.Udp when !_settings.RelaysUdp:
                return 403;
            case ModelShared.Tcp when !_settings.RelaysTcp:
                return 442;
            case ModelShared.Tcp when !caller.Tuple.IsStream:
                return 400;
            case not (ModelShared.Udp or ModelShared.Tcp):
                return 442;
        }

        bool malformed = request.IsMalformed(ModelAttribute.DontFragment, 0)
            || request.IsMalformed(ModelAttribute.ReservationToken, 8)
            || request.IsMalformed(ModelAttribute.EvenPort, 1)
            || request.IsMalformed(ModelAttribute.RequestedAddressFamily, 4)
            || request.IsMalformed(AdditionalFamily(request), 4)
            || request.IsMalformed(ModelAttribute.Lifetime, 4);
        bool token = request.Has(ModelAttribute.ReservationToken);
        bool even = request.Has(ModelAttribute.EvenPort);
        bool family = request.Has(ModelAttribute.RequestedAddressFamily);
        bool additional = request.Has(AdditionalFamily(request));
        bool onlyUdp = token || even || request.Has(ModelAttribute.DontFragment);
        bool contradicts = (protocol == ModelShared.Tcp && onlyUdp)
            || (token && (even || family || additional))
            || (family && additional);
        if (malformed || contradicts)
        {
            return 400;
        }

        bool pair = even && GetPick(request) == ModelPortPick.EvenPair;
        bool notIPv6 = additional && request.Word(AdditionalFamily(request))!.Value >> 24 != 2;
        return additional && (pair || notIPv6) ? 400 : null;
    }

    private bool Serves(int family) => _settings.RelayAddresses.Any(address => address.Local.Family == family);

    private void OpenAll(
        ModelCaller caller,
        ModelAllocation allocation,
        bool dual,
        bool hasToken,
        int family,
        List<(int Family, int Code)> missing,
        Observation seen)
    {
        if (hasToken)
        {
            Claim(caller, allocation, seen);
            return;
        }

        foreach (int wanted in dual ? (int[])[1, 2] : [family])
        {
            if (Open(caller, allocation, wanted, seen) is { } relay)
            {
                allocation.Relays.Add(relay);
            }
            else
            {
                missing.Add((wanted, Serves(wanted) ? 508 : 440));
            }
        }
    }

    private void Claim(ModelCaller caller, ModelAllocation allocation, Observation seen)
    {
        caller.Request.TryFind(ModelAttribute.ReservationToken, out ReadOnlySpan<byte> value);
        ulong token = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(value);
        bool valid = _shared.Reservations.TryGetValue(token, out ModelReservation? reservation)
            && caller.Now < reservation.Expires
            && reservation.Account == caller.User.Account;
        if (!valid)
        {
            return;
        }

        _shared.Reservations.Remove(token);
        _reservationAlarms.RemoveAll(alarm => alarm.Token == token);
        SocketCall call = seen.TakeCall(SocketCallKind.Claim);
        ReferenceAddress local = reservation!.Address.Local with { Port = reservation.Port };
        Require(call.Address == local, "another port than the reserved one is claimed");
        NoteRelayId(call.Id);
        if (call.Status == 0)
        {
            allocation.Relays.Add(new ModelRelay(call.Id, allocation, reservation.Address, reservation.Port, 0));
        }
        else
        {
            _shared.Ports(ModelShared.Udp, local).GiveBack(local.Port, caller.Now + _shared.Settings.Quarantine);
        }
    }

    // Any of the addresses may come first, but none is left out before the server gives up.
    private ModelRelay? Open(ModelCaller caller, ModelAllocation allocation, int family, Observation seen)
    {
        ModelPortPick pick = GetPick(caller.Request);
        List<ModelRelayAddress> untried = _settings.RelayAddresses.Where(address => address.Local.Family == family).ToList();
        while (untried.Count > 0)
        {
            bool opens = seen.PeekCall() is { Kind: SocketCallKind.Open } call
                && call.Protocol == allocation.Protocol
                && untried.Any(address => address.Local == (call.Address with { Port = 0 }));
            if (!opens)
            {
                foreach (ModelRelayAddress address in untried)
                {
                    bool free = _shared.Ports(allocation.Protocol, address.Local).AnyFits(_shared.Settings, pick, caller.Now);
                    Require(!free, $"refused although {address.Local} has a free port");
                }

                return null;
            }

            ReferenceAddress next = seen.PeekCall()!.Value.Address with { Port = 0 };
            ModelRelayAddress chosen = untried.Find(address => address.Local == next);
            untried.Remove(chosen);
            if (Open(caller, allocation, chosen, pick, seen) is { } relay)
            {
                return relay;
            }
        }

        return null;
    }

    private ModelRelay? Open(ModelCaller caller, ModelAllocation allocation, ModelRelayAddress address, ModelPortPick pick, Observation seen)
    {
        ModelPorts ports = _shared.Ports(allocation.Protocol, address.Local);
        for (int tries = 0; tries < MaxTries; tries++)
        {
            bool again = seen.PeekCall() is { Kind: SocketCallKind.Open } next && (next.Address with { Port = 0 }) == address.Local;
            if (!again)
            {
                Require(!ports.AnyFits(_shared.Settings, pick, caller.Now), "gave up although a port is free");
                return null;
            }

            SocketCall call = seen.TakeCall(SocketCallKind.Open);
            Require(call.Protocol == allocation.Protocol, "a socket of the wrong protocol");
            Require(ports.Fits(call.Address.Port, _shared.Settings, pick, caller.Now), $"port {call.Address.Port} does not fit {pick}");
            NoteRelayId(call.Id);
            int status = call.Status;
            if (status == 0 && pick == ModelPortPick.EvenPair)
            {
                SocketCall reserve = seen.TakeCall(SocketCallKind.Reserve);
                Require(reserve.Address == (call.Address with { Port = call.Address.Port + 1 }), "the port behind is not reserved");
                status = reserve.Status;
                if (status != 0)
                {
                    Require(seen.TakeCall(SocketCallKind.Close).Id == call.Id, "half of a pair stays open");
                }
            }

            if (status == 0)
            {
                ports.Take(call.Address.Port);
                if (pick == ModelPortPick.EvenPair)
                {
                    ports.Take(call.Address.Port + 1);
                }

                return new ModelRelay(call.Id, allocation, address, call.Address.Port, 0);
            }

            if (status != 1)
            {
                return null;
            }
        }

        return null;
    }

    private void NoteRelayId(long id)
    {
        Require(id > _lastRelayId, "the name of a relay socket is used again");
        _lastRelayId = id;
    }

    private ExpectedStep Grant(ModelCaller caller, ModelAllocation allocation, List<(int Family, int Code)> missing, Observation seen)
    {
        uint? asked = caller.Request.Word(ModelAttribute.Lifetime);
        long lifetime = GetLifetime(asked);
        foreach (ModelRelay relay in allocation.Relays)
        {
            SetExpiry(relay, caller.Now + lifetime);
        }

        allocation.FirstRelayed = allocation.Relays[0].Advertised;
        _shared.AccountBandwidth.TryAdd(
            allocation.Account,
            (new ModelBucket(_shared.Settings.UserRate), new ModelBucket(_shared.Settings.UserRate)));
        Allocations.Add(allocation);
        seen.TakeEvent(new ModelEvent(
            caller.Tuple, caller.User.Name, allocation.FirstRelayed, allocation.Protocol, null, 0, default, []));
        bool pair = allocation.Protocol == ModelShared.Udp && GetPick(caller.Request) == ModelPortPick.EvenPair;
        if (pair)
        {
            NoteReservation(caller, allocation.Relays[0], seen);
        }

        return caller.Succeed(reply =>
        {
            foreach (ModelRelay relay in allocation.Relays)
            {
                reply.WithXored(ModelAttribute.XorRelayedAddress, relay.Advertised);
            }

            reply.WithWord(ModelAttribute.Lifetime, (uint)(lifetime / TimeSpan.TicksPerSecond));
            reply.WithXored(ModelAttribute.XorMappedAddress, caller.Tuple.Client);
            if (pair)
            {
                reply.WithAny(ModelAttribute.ReservationToken, 8);
            }

            foreach ((int family, int code) in missing)
            {
                reply.WithWord(ModelAttribute.AddressErrorCode, ((uint)family << 24) | ((uint)code / 100 << 8) | ((uint)code % 100));
            }

            AddSoftware(reply);
        });
    }

    private void NoteReservation(ModelCaller caller, ModelRelay even, Observation seen)
    {
        Require(seen.Reply is not null && _answer.Load(seen.Reply, acceptClassic: false) == ReferenceVerdict.Ok, "no answer to a reservation");
        var read = new ModelRequest(_answer, seen.Reply!);
        Require(read.TryFind(ModelAttribute.ReservationToken, out ReadOnlySpan<byte> value) && value.Length == 8, "no token");
        ulong token = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(value);
        long expires = caller.Now + _settings.ReservationLifetime;
        bool isNew = _shared.Reservations.TryAdd(token, new ModelReservation(even.Address, even.Port + 1, caller.User.Account, expires));
        Require(isNew, "a token is given out twice");
        _reservationAlarms.Add((token, expires));
    }

    private ExpectedStep RefuseForCapacity(ModelCaller caller, Observation seen)
    {
        List<(ReferenceAddress Address, string? Domain)> servers = _settings.AlternateServers
            .Where(server => server.Address.Family == caller.Tuple.Client.Family)
            .ToList();
        if (servers.Count == 0)
        {
            return caller.Refuse(508);
        }

        // Which of them is the server's choice.
        ExpectedStep[] choices = servers.Select(server => caller.Refuse(300, reply =>
        {
            reply.With(ModelAttribute.AlternateServer, Plain(server.Address));
            if (server.Domain is { } domain && caller.Tuple.Transport == ModelTransport.Tls)
            {
                reply.With(ModelAttribute.AlternateDomain, Encoding.ASCII.GetBytes(domain));
            }
        })).ToArray();
        return choices.FirstOrDefault(choice => seen.Reply is { } reply && choice.Reply!.Matches(reply)) ?? choices[0];
    }

    private static byte[] Plain(ReferenceAddress address)
        => [0, (byte)address.Family, (byte)(address.Port >> 8), (byte)address.Port, .. address.ToArray()];

    private long GetLifetime(uint? asked)
    {
        long wanted = Math.Min((asked ?? 0) * TimeSpan.TicksPerSecond, _settings.MaxLifetime);
        return Math.Max(wanted, _settings.DefaultLifetime);
    }

    private void SetExpiry(ModelRelay relay, long expires)
    {
        relay.Expires = expires;
        relay.Turn = ++_turn;
    }

    private void AddSoftware(ExpectedMessage reply)
    {
        if (_settings.Software is { } software)
        {
            reply.With(ModelAttribute.Software, Encoding.UTF8.GetBytes(software));
        }
    }

    private ExpectedStep Refresh(ModelCaller caller, ModelAllocation allocation, Observation seen)
    {
        ModelRequest request = caller.Request;
        if (request.IsMalformed(ModelAttribute.Lifetime, 4) || request.IsMalformed(ModelAttribute.RequestedAddressFamily, 4))
        {
            return caller.Refuse(400);
        }

        uint? family = request.Word(ModelAttribute.RequestedAddressFamily) >> 24;
        List<ModelRelay> relays = allocation.Relays.Where(relay => family is null || relay.Family == family).ToList();
        if (relays.Count == 0)
        {
            return caller.Refuse(443);
        }

        uint? asked = request.Word(ModelAttribute.Lifetime);
        long lifetime = asked == 0 ? 0 : GetLifetime(asked);
        foreach (ModelRelay relay in relays)
        {
            if (lifetime == 0)
            {
                End(relay, 0, caller.Now, seen);
            }
            else
            {
                SetExpiry(relay, caller.Now + lifetime);
            }
        }

        return caller.Succeed(reply =>
        {
            reply.WithWord(ModelAttribute.Lifetime, (uint)(lifetime / TimeSpan.TicksPerSecond));
            AddSoftware(reply);
        });
    }
}
