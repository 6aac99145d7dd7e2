using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>Refresh (RFC 8656 section 8.2).</summary>
internal sealed class RefreshHandler(TurnServerContext context)
{
    public TurnServerStep Handle(in AuthenticatedRequest request, Allocation allocation)
    {
        StunAttributeStatus lifetime = request.Message.ReadLifetime(out uint seconds);
        StunAttributeStatus hasFamily = request.Message.ReadRequestedAddressFamily(out StunAddressFamily family);
        if (lifetime == StunAttributeStatus.Malformed || hasFamily == StunAttributeStatus.Malformed)
        {
            return request.Refuse(StunErrorCode.BadRequest);
        }

        // Without a family the request is for all that the client has.
        List<AllocatedRelay> relays = [.. allocation.Relays];
        if (hasFamily == StunAttributeStatus.Present)
        {
            relays.RemoveAll(relay => relay.Family != family);
            if (relays.Count == 0)
            {
                return request.Refuse(StunErrorCode.PeerAddressFamilyMismatch);
            }
        }

        bool deletes = lifetime == StunAttributeStatus.Present && seconds == 0;
        TimeSpan granted = deletes
            ? TimeSpan.Zero
            : GrantedLifetime.For(lifetime == StunAttributeStatus.Present ? seconds : null, context.Limits);
        foreach (AllocatedRelay relay in relays)
        {
            if (deletes)
            {
                context.End(relay, AllocationEndReason.Deleted, request.Now);
            }
            else
            {
                context.Allocations.Refresh(relay, request.Now + granted);
            }
        }

        StunMessageWriter writer = request.Succeed();
        writer.AddLifetime(granted);
        SoftwareText.AddTo(ref writer, context.Options);
        return request.Finish(ref writer);
    }
}
