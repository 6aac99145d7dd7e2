using System;

namespace Stack.Fuzz;

/// <summary>What the mutator can be told.</summary>
public sealed record StunMutatorOptions
{
    /// <summary>The seed of the run; with an index it names one input for ever.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>One repaired input in so many gets a valid HMAC, the dearest repair by far; 0 for none.</summary>
    public int IntegrityOneIn { get; init; } = 4096;

    /// <summary>The key of those HMACs, to be given to both decoders.</summary>
    public ReadOnlyMemory<byte> Key { get; init; } = "key"u8.ToArray();
}
