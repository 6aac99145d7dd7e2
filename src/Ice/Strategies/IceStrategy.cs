using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>
/// Which pair is checked next, when a check is repeated, when a pair is nominated, and which way data goes. What is on the wire is the same protocol
/// with each. Without state of its own; safe to share.
/// </summary>
public abstract class IceStrategy
{
    /// <summary>
    /// The fast one: checks of many kinds first, new transactions in place of long retransmission timers, triggered checks at once, data on the first
    /// valid pair. docs/deviations.md says where it leaves a SHOULD of RFC 8445.
    /// </summary>
    public static IceStrategy Default { get; } = new PromptStrategy();

    /// <summary>Exactly by the book: priority order, one check in Ta, retransmissions by section 14.3.</summary>
    public static IceStrategy Rfc8445 { get; } = new Rfc8445Strategy();

    /// <summary>The Ta to propose to the peer; null for the default of 50 ms (RFC 8445 section 14.2). At least 5 ms.</summary>
    public virtual TimeSpan? ProposedPacing => null;

    /// <summary>How many checks may follow each other at 5 ms before Ta holds; 1 for none.</summary>
    public virtual int Credit => 1;

    /// <summary>Whether triggered checks wait for nothing but the 5 ms between transactions.</summary>
    public virtual bool SendsTriggeredChecksAtOnce => false;

    /// <summary>Whether a repeated request is a new transaction, paced like a first one, and not a retransmission.</summary>
    public virtual bool RepeatsAreNewTransactions => false;

    /// <summary>Whether a frozen pair may be checked where no other is waiting, though one of its foundation is under way.</summary>
    public virtual bool UnfreezesWhenIdle => false;

    /// <summary>
    /// Whether full checklists keep a pair of each kind, by the types of its candidates, for every component, and lose others evenly; else those of lowest
    /// priority go, wherever they are (RFC 8445 section 6.1.2.5, RFC 8838 section 10).
    /// </summary>
    public virtual bool KeepsEachKind => false;

    /// <summary>Whether a hard ICMP error fails a check that has had no answer (RFC 8445 section 7.2.5.2.2, a SHOULD that lets an attacker in).</summary>
    public virtual bool FailsOnUnreachable => true;

    /// <summary>The RTO of a check (RFC 8445 section 14.3).</summary>
    /// <param name="ta">The Ta in force.</param>
    /// <param name="total">All pairs.</param>
    /// <param name="open">Those that are waiting or under way.</param>
    public virtual TimeSpan GetRto(TimeSpan ta, int total, int open)
    {
        TimeSpan scaled = ta * total * open;
        return scaled > RetransmissionSchedule.Default.InitialRto ? scaled : RetransmissionSchedule.Default.InitialRto;
    }

    /// <summary>How long after a request of a check the next one follows.</summary>
    /// <param name="sent">How many were sent, from 1.</param>
    /// <param name="rto">The RTO of the check.</param>
    /// <param name="roundTrip">The round-trip time of the pair; null where it is not known.</param>
    /// <returns>Null after the last one.</returns>
    public abstract TimeSpan? GetRepeat(int sent, TimeSpan rto, TimeSpan? roundTrip);

    /// <summary>How long the last request of a check waits for its answer.</summary>
    /// <param name="rto">The RTO of the check.</param>
    public abstract TimeSpan GetFinalWait(TimeSpan rto);

    /// <summary>Picks the next ordinary check.</summary>
    /// <param name="pairs">The pairs of a checklist, the best first.</param>
    /// <returns>One that is <see cref="CandidatePairState.Waiting"/>; null where none is.</returns>
    public abstract CandidatePair? PickNext(IReadOnlyList<CandidatePair> pairs);

    /// <summary>Whether a controlling agent nominates a pair now. Asked until it does.</summary>
    /// <param name="component">The component; it has at least one valid pair.</param>
    /// <param name="now">The time.</param>
    public abstract NominationChoice ChooseNomination(ComponentChecks component, Instant now);

    /// <summary>Chooses the pair that data goes over.</summary>
    /// <param name="component">The component.</param>
    /// <returns>One of the valid pairs; null where there is none.</returns>
    public virtual CandidatePair? ChoosePath(ComponentChecks component)
    {
        ArgumentNullException.ThrowIfNull(component);
        if (component.Selected is { IsValid: true } selected)
        {
            return selected;
        }

        return component.ValidPairs.Count == 0 ? null : component.ValidPairs[0];
    }
}
