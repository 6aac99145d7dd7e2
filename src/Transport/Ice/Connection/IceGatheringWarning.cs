namespace Stack.Transport;

/// <summary>A server or an interface that gave no candidate. The connection goes on without it.</summary>
/// <param name="Subject">The server as it was written, or the local address.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record IceGatheringWarning(string Subject, string Reason)
{
    /// <summary>Both.</summary>
    public override string ToString() => $"{Subject}: {Reason}";
}
