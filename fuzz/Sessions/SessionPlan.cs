using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Stack.Fuzz.Sessions;

/// <summary>All of a random session; <see cref="SessionDraw"/> makes it from a seed.</summary>
public sealed record SessionPlan
{
    /// <summary>The seed, which names the session for ever.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Where the agents meet.</summary>
    public Meeting Meeting { get; init; }

    /// <summary>Both agents.</summary>
    public required SidePlan A { get; init; }

    /// <summary>Both agents.</summary>
    public required SidePlan B { get; init; }

    /// <summary>The components of each data stream.</summary>
    public IReadOnlyList<int> Streams { get; init; } = [1];

    /// <summary>How long a signal takes at least.</summary>
    public TimeSpan SignalLeast { get; init; }

    /// <summary>How long a signal takes at most.</summary>
    public TimeSpan SignalMost { get; init; }

    /// <summary>Whether candidates are told as they come.</summary>
    public bool Trickles { get; init; }

    /// <summary>What happens after the connection.</summary>
    public IReadOnlyList<Disturbance> Disturbances { get; init; } = [];

    /// <summary>Whether somebody off the path sends forged packets.</summary>
    public bool HasIntruder { get; init; }

    /// <summary>The share of packets that one direction of the path between the agents loses, about.</summary>
    public double Loss => A.Link.Loss + B.Link.Loss;

    /// <summary>
    /// Whether an agent asks again after minutes: by the book that is Ta for each pair squared (RFC 8445 section 14.3). The first packets through NATs are
    /// lost without any loss, and a peer that asks faster has given up by then.
    /// </summary>
    public bool AsksSlowly => (A.IsByTheBook || B.IsByTheBook) && Streams.Sum() > 1;

    /// <summary>The same session without loss.</summary>
    public SessionPlan WithoutLoss() => this with { A = Mend(A), B = Mend(B) };

    /// <summary>The side: 0 or 1.</summary>
    public SidePlan this[int side] => side == 0 ? A : B;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Seed}: meet {Meeting}, streams {string.Join('/', Streams)}, signals {SignalLeast.TotalMilliseconds:F0}-{SignalMost.TotalMilliseconds:F0} ms{(Trickles ? " trickled" : "")}{(HasIntruder ? ", intruder" : "")}\n  A {A}\n  B {B}\n  {string.Join(", ", Disturbances)}");

    private static SidePlan Mend(SidePlan side) => side with { Link = side.Link with { Loss = 0, BitsPerSecond = 0 } };
}
