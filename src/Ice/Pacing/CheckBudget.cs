using System;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>
/// When one agent may begin its next transaction: on the average one in Ta (RFC 8445 section 14.2), with a credit that lets the first ones follow each
/// other at the pacer's 5 ms.
/// </summary>
internal sealed class CheckBudget(CheckPacer pacer, int credit)
{
    private double _credit = credit;
    private Instant _refilled = new(long.MinValue);
    private Instant _last = new(long.MinValue);
    private Instant? _slot;

    public TimeSpan Ta { get; set; }

    /// <summary>Whether a transaction may begin now; if so it is accounted for.</summary>
    /// <param name="urgent">Whether only the spacing between transactions counts.</param>
    /// <param name="now">The time.</param>
    public bool TryTake(bool urgent, Instant now)
    {
        if (_slot is null)
        {
            if (GetEarliest(urgent, now) > now)
            {
                return false;
            }

            _slot = pacer.Reserve(now);
        }

        if (_slot > now)
        {
            return false;
        }

        _slot = null;
        Refill(now);
        _credit = Math.Max(0, _credit - 1);
        _last = now;
        return true;
    }

    /// <summary>When <see cref="TryTake"/> is worth another try.</summary>
    public Instant GetEarliest(bool urgent, Instant now)
    {
        if (_slot is { } slot)
        {
            return slot;
        }

        Refill(now);
        Instant spaced = _last.Ticks == long.MinValue ? now : _last + CheckPacer.Spacing;
        if (urgent || _credit >= 1)
        {
            return spaced > now ? spaced : now;
        }

        // Rounded up, or the deadline would come before the credit.
        Instant credited = _refilled + TimeSpan.FromTicks((long)Math.Ceiling((1 - _credit) * Ta.Ticks) + 1);
        return credited > spaced ? credited : spaced;
    }

    private void Refill(Instant now)
    {
        if (_refilled.Ticks == long.MinValue)
        {
            _refilled = now;
        }

        if (now > _refilled)
        {
            _credit = Math.Min(credit, _credit + ((now - _refilled) / Ta));
            _refilled = now;
        }
    }
}
