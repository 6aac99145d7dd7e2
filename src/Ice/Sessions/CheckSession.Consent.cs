using System;
using System.Buffers.Binary;
using Stack.Stun;

namespace Stack.Ice;

// The consent to send (RFC 7675 section 5) and keepalives (RFC 8445 section 11), on the pairs that data goes over.
internal sealed partial class CheckSession
{
    /// <summary>How many valid pairs are kept until one of them is selected: a nomination may fail after consent for the others would have expired.</summary>
    private const int MaxKept = 4;

    /// <summary>Whether data may be sent on a pair now.</summary>
    public bool HasConsent(CandidatePair pair, Instant now)
        => pair.IsValid && (!_context.Options.ChecksConsent || _context.Options.IsLite || pair.Consent.Expires > now);

    private void GiveConsent(CandidatePair pair, Instant now)
    {
        pair.ConsentGiven = now;
        pair.Consent.Expires = now + _context.Options.ConsentExpiry;
    }

    private void LoseConsent(CandidatePair pair)
    {
        Checklist checklist = Checklists[pair.Stream];
        ComponentChecks component = checklist.GetComponent(pair);

        // A pair that no data went over needs no consent, and may be made valid again (RFC 7675 section 5.1).
        bool isInUse = component.Path == pair || component.Selected == pair;
        Invalidate(checklist, component, pair);
        if (isInUse)
        {
            _context.Failure = IceFailureReason.ConsentLost;
            pair.IsBarred = true;
            if (component.Barred.Count < ComponentChecks.MaxBarred)
            {
                component.Barred.Add((pair.BaseId, pair.RemoteAddress));
            }
        }
    }

    private void ExpireConsent(Instant now)
    {
        if (!_context.Options.ChecksConsent || _context.Options.IsLite)
        {
            return;
        }

        foreach (Checklist checklist in Checklists)
        {
            foreach (ComponentChecks component in checklist.Components)
            {
                for (int i = component.ValidList.Count - 1; i >= 0; i--)
                {
                    CandidatePair pair = component.ValidList[i];
                    if (pair.Consent.Expires <= now)
                    {
                        LoseConsent(pair);
                    }
                }
            }
        }
    }

    /// <summary>Asks for consent on the paths, or keeps them alive, where that is due; to be called when the paths are chosen.</summary>
    public void SendConsent(Instant now)
    {
        foreach (Checklist checklist in Checklists)
        {
            foreach (ComponentChecks component in checklist.Components)
            {
                if (component.Path is { IsValid: true } path)
                {
                    SendConsent(path, now);
                }

                for (int i = 0; i < CountKept(component); i++)
                {
                    SendConsent(component.ValidList[i], now);
                }
            }
        }
    }

    private void SendConsent(CandidatePair pair, Instant now)
    {
        ref PairConsent consent = ref pair.Consent;
        if (_context.Options.ChecksConsent && !_context.Options.IsLite)
        {
            if (consent.NextRequest is null)
            {
                consent.NextRequest = now + DrawInterval();
            }
            else if (consent.NextRequest <= now)
            {
                consent.NextRequest = now + DrawInterval();
                _requests.Enqueue(new PendingRequest(pair, true, null));
            }
        }
        else if (now - consent.LastSent >= _context.Options.KeepaliveInterval)
        {
            consent.LastSent = now;
            _keepalives.Enqueue(pair);
        }
    }

    private Instant? GetConsentTimeout()
    {
        Instant? next = null;
        bool checks = _context.Options.ChecksConsent && !_context.Options.IsLite;
        foreach (Checklist checklist in Checklists)
        {
            foreach (ComponentChecks component in checklist.Components)
            {
                if (component.Path is { IsValid: true } path)
                {
                    Earlier(ref next, checks ? path.Consent.NextRequest : path.Consent.LastSent + _context.Options.KeepaliveInterval);
                }

                for (int i = 0; i < component.ValidList.Count; i++)
                {
                    CandidatePair pair = component.ValidList[i];
                    Earlier(ref next, checks ? pair.Consent.Expires : null);
                    Earlier(ref next, i < CountKept(component) ? pair.Consent.NextRequest : null);
                }
            }
        }

        return next;
    }

    private int CountKept(ComponentChecks component)
        => component.Selected is null && _context.Options.ChecksConsent && !_context.Options.IsLite ? Math.Min(component.ValidList.Count, MaxKept) : 0;

    /// <summary>0.8 to 1.2 times the interval, so that many agents do not ask at once (RFC 7675 section 5.1).</summary>
    private TimeSpan DrawInterval()
    {
        Span<byte> bytes = stackalloc byte[4];
        _context.Random.GetBytes(bytes);
        double share = BinaryPrimitives.ReadUInt32BigEndian(bytes) / (double)uint.MaxValue;
        return _context.Options.ConsentInterval * (0.8 + (0.4 * share));
    }
}
