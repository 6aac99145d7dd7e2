using System;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>Something that has to happen at a time, when it is set.</summary>
internal sealed class Deadline(DeadlineKind kind, object? subject = null) : IComparable<Deadline>
{
    public DeadlineKind Kind => kind;

    public object? Subject => subject;

    public Instant When { get; set; }

    public long Sequence { get; set; }

    public int CompareTo(Deadline? other)
    {
        int order = When.CompareTo(other!.When);
        return order != 0 ? order : Sequence.CompareTo(other.Sequence);
    }
}
