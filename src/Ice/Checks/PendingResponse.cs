using Stack.Stun;

namespace Stack.Ice;

/// <summary>A response that is to be sent.</summary>
internal readonly record struct PendingResponse
{
    public required int BaseId { get; init; }

    public required TransportAddress Destination { get; init; }

    public required TransactionId Id { get; init; }

    /// <summary>0 for success.</summary>
    public StunErrorCode Error { get; init; }

    /// <summary>For 420: what was not understood; null otherwise.</summary>
    public StunAttributeType[]? UnknownAttributes { get; init; }

    /// <summary>The key to protect it with; null for an answer to what was not authenticated.</summary>
    public IntegrityKey? Key { get; init; }

    public IntegrityAlgorithm Algorithm { get; init; }
}
