using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>A TCP connection between a relayed address and a peer (RFC 6062 section 5).</summary>
internal sealed class ModelConnection(uint id, ModelRelay relay, ReferenceAddress peer)
{
    public uint Id { get; } = id;

    public ModelRelay Relay { get; } = relay;

    public ReferenceAddress Peer { get; } = peer;

    public bool IsConnecting { get; set; }

    /// <summary>When it is given up; null once it is joined.</summary>
    public long? Deadline { get; set; }

    /// <summary>The answers to the Connect request that is still open.</summary>
    public ExpectedMessage? Success { get; set; }

    public ExpectedMessage? Failure { get; set; }

    public ModelTuple? DataPath { get; set; }
}
