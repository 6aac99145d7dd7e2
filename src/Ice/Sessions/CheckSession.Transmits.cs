using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Ice;

// What goes onto the wire, written when it is read.
internal sealed partial class CheckSession
{
    private readonly Queue<CandidatePair> _keepalives = new();

    public bool TryReadTransmit(Span<byte> buffer, Instant now, out IceTransmit transmit)
    {
        while (_requests.TryDequeue(out PendingRequest request))
        {
            CandidatePair pair = request.Pair;
            if ((pair.IsRemoved && !pair.IsValid) || pair.IsBarred || RemoteKey is null || !_context.Bases.ContainsKey(pair.BaseId))
            {
                continue;
            }

            transmit = new IceTransmit(pair.BaseId, pair.RemoteAddress, WriteRequest(buffer, request, now));
            return true;
        }

        while (_keepalives.TryDequeue(out CandidatePair? pair))
        {
            if (pair.IsValid)
            {
                transmit = new IceTransmit(pair.BaseId, pair.RemoteAddress, CheckMessages.WriteKeepalive(buffer, TransactionId.Create(_context.Random)));
                return true;
            }
        }

        transmit = default;
        return false;
    }

    private int WriteRequest(Span<byte> buffer, in PendingRequest request, Instant now)
    {
        CandidatePair pair = request.Pair;
        TransactionId id;
        CheckTransaction transaction;
        if (request.Retransmits is { } old && _transactions.TryGetValue(old, out CheckTransaction known))
        {
            id = old;
            transaction = known with { IsRetransmitted = true };
        }
        else
        {
            id = TransactionId.Create(_context.Random);
            bool nominates = !request.IsConsent && pair.Check.Nominates && IsControlling;
            transaction = new CheckTransaction(pair, now, _context.Roles.Role, _context.Roles.TieBreaker, nominates, request.IsConsent);
        }

        _transactions[id] = transaction;
        int length = CheckMessages.WriteRequest(buffer, id, transaction, _username, RemoteKey!);
        pair.RequestsSent++;
        pair.Consent.LastSent = now;
        if (!request.IsConsent)
        {
            pair.Check.Last = id;
        }

        // A request for each one that came authenticated from there is no flood; NATs that show another port with every check would use the bound up.
        if (pair.ResponsesReceived == 0 && pair.RequestsSent > pair.RequestsReceived)
        {
            _context.UnvalidatedBytes += length;
        }

        return length;
    }
}
