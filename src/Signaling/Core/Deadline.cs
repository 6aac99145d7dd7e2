using Stack.Stun;

namespace Stack.Signaling;

/// <summary>Something that has to happen at a time, when it is set.</summary>
internal sealed class Deadline(DeadlineKind kind, object? subject = null)
{
    public DeadlineKind Kind => kind;

    public object? Subject => subject;

    public Instant When { get; set; }

    /// <summary>Which of those of one time comes first; 0 where it is not set.</summary>
    public long Sequence { get; set; }
}
