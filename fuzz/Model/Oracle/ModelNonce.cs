using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>A nonce that was given out.</summary>
internal readonly record struct ModelNonce(ReferenceAddress Client, long Units, int Key);
