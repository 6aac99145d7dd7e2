namespace Stack.Fuzz.Model;

/// <summary>What must come of a client's message: silence, a reply, or a datagram to a peer.</summary>
internal sealed record ExpectedStep(ModelDisposition Disposition)
{
    public ExpectedMessage? Reply { get; init; }

    /// <summary>A reply that must be these very bytes.</summary>
    public byte[]? SameReply { get; init; }

    public ExpectedForward? Forward { get; init; }

    public static ExpectedStep Silent(ModelDisposition disposition) => new(disposition);
}
