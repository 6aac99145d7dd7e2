using System;
using System.Collections.Generic;
using System.Text;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>Allocate (RFC 8656 section 7.2, RFC 6062 section 5.1).</summary>
internal sealed class AllocateHandler(TurnServerContext context)
{
    private int _alternate;

    public TurnServerStep Handle(in AuthenticatedRequest request, string account)
    {
        if (context.Allocations.Find(request.Path) is not null)
        {
            return request.Refuse(StunErrorCode.AllocationMismatch);
        }

        if (AllocateParameters.Read(request, context.Options, out AllocateParameters allocate) is { } code)
        {
            return request.Refuse(code);
        }

        if (context.Options.RedirectsAll || context.IsDraining)
        {
            return RefuseForCapacity(request);
        }

        bool serves4 = Serves(StunAddressFamily.IPv4);
        bool serves6 = Serves(StunAddressFamily.IPv6);
        if (allocate.Token is null && (allocate.IsDual ? !serves4 && !serves6 : !Serves(allocate.Family)))
        {
            return request.Refuse(StunErrorCode.AddressFamilyNotSupported);
        }

        switch (context.Resources.Admit(account, request.Path.Client.Value, out TokenBucketPair bandwidth))
        {
            case AllocationAdmission.ServerFull:
                return RefuseForCapacity(request);
            case AllocationAdmission.UserQuotaReached or AllocationAdmission.SourceQuotaReached:
                return request.Refuse(StunErrorCode.AllocationQuotaReached);
        }

        Span<OpenedRelay> opened = new OpenedRelay[2];
        int count = Open(allocate, account, request.Now, opened, out AddressError? missing);
        if (count == 0)
        {
            context.Resources.Release(account, request.Path.Client.Value);

            // No other server has what a token of this one stands for (RFC 8656 section 7.2, check 5).
            return allocate.Token is null ? RefuseForCapacity(request) : request.Refuse(StunErrorCode.InsufficientCapacity);
        }

        return Grant(request, account, allocate, opened[..count], missing, bandwidth);
    }

    private bool Serves(StunAddressFamily family)
    {
        foreach (RelayAddress address in context.Options.RelayAddresses)
        {
            if (address.Local.Family == family)
            {
                return true;
            }
        }

        return false;
    }

    private int Open(in AllocateParameters allocate, string account, Instant now, Span<OpenedRelay> opened, out AddressError? missing)
    {
        missing = null;
        if (allocate.Token is { } token)
        {
            return context.Relays.TryClaim(token, account, now, out opened[0]) ? 1 : 0;
        }

        IReadOnlyList<RelayAddress> addresses = context.Options.RelayAddresses;
        if (!allocate.IsDual)
        {
            return context.Relays.TryOpen(addresses, allocate.Family, allocate.Protocol, allocate.Pick, now, out opened[0]) ? 1 : 0;
        }

        // RFC 8656 section 7.2, check 9: half of a dual allocation is better than none, and the client is told.
        int count = 0;
        ReadOnlySpan<StunAddressFamily> families = [StunAddressFamily.IPv4, StunAddressFamily.IPv6];
        foreach (StunAddressFamily family in families)
        {
            if (context.Relays.TryOpen(addresses, family, allocate.Protocol, allocate.Pick, now, out opened[count]))
            {
                count++;
            }
            else
            {
                missing = new AddressError(
                    family,
                    Serves(family) ? StunErrorCode.InsufficientCapacity : StunErrorCode.AddressFamilyNotSupported);
            }
        }

        return count;
    }

    private TurnServerStep Grant(
        in AuthenticatedRequest request,
        string account,
        in AllocateParameters allocate,
        ReadOnlySpan<OpenedRelay> opened,
        AddressError? missing,
        TokenBucketPair bandwidth)
    {
        TimeSpan lifetime = GrantedLifetime.For(allocate.Lifetime, context.Limits);
        var allocation = new Allocation(
            request.Path,
            allocate.Protocol,
            request.Username.ToArray(),
            account,
            context.Limits.BytesPerSecondPerAllocation,
            bandwidth,
            request.Now);
        foreach (OpenedRelay relay in opened)
        {
            allocation.Add(new AllocatedRelay(relay.Id, allocation, relay.Address, relay.Port, request.Now + lifetime));
        }

        context.Allocations.Add(allocation);
        context.Events.Enqueue(new AllocationCreated(
            request.Path,
            Encoding.UTF8.GetString(request.Username),
            allocation.Relayed,
            allocate.Protocol));

        StunMessageWriter writer = request.Succeed();
        foreach (AllocatedRelay relay in allocation.Relays)
        {
            writer.AddXorRelayedAddress(relay.Advertised);
        }

        writer.AddLifetime(lifetime);
        if (allocate.Pick == PortPick.EvenPair)
        {
            writer.AddReservationToken(context.Relays.Reserve(opened[0], account, request.Now + context.Limits.ReservationLifetime));
        }

        writer.AddXorMappedAddress(request.Path.Client.Value);
        if (missing is { } error)
        {
            writer.AddAddressErrorCode(error.Family, error.Code);
        }

        SoftwareText.AddTo(ref writer, context.Options);
        return request.Finish(ref writer);
    }

    // 300 is authenticated like every other answer here, so that a client may follow it (RFC 8489 section 10).
    private TurnServerStep RefuseForCapacity(in AuthenticatedRequest request)
    {
        IReadOnlyList<AlternateServer> servers = context.Options.AlternateServers;
        for (int i = 0; i < servers.Count; i++)
        {
            _alternate = unchecked(_alternate + 1) & int.MaxValue;
            AlternateServer server = servers[_alternate % servers.Count];
            if (server.Address.Family != request.Path.Client.Value.Family)
            {
                continue;
            }

            StunMessageWriter writer = request.Fail(StunErrorCode.TryAlternate);
            writer.AddAlternateServer(server.Address);
            if (server.Domain is { } domain && request.Path.Transport == StunTransport.Tls)
            {
                writer.AddAlternateDomain(Encoding.ASCII.GetBytes(domain));
            }

            return request.Finish(ref writer, TurnServerDisposition.Refused);
        }

        return request.Refuse(StunErrorCode.InsufficientCapacity);
    }

    private readonly record struct AddressError(StunAddressFamily Family, StunErrorCode Code);
}
