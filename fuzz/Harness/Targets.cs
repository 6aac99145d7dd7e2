using System;
using System.Collections.Generic;

namespace Stack.Fuzz;

/// <summary>The targets by name.</summary>
internal static class Targets
{
    public static IReadOnlyDictionary<string, Func<IFuzzTarget>> All(StunMutatorOptions options)
    {
        byte[] key = options.Key.ToArray();
        return new Dictionary<string, Func<IFuzzTarget>>(StringComparer.Ordinal)
        {
            // HMACs cost more than all the rest: they are compared in a target of its own.
            ["decode"] = () => new DecodeTarget(key, checkIntegrity: false),
            ["integrity"] = () => new DecodeTarget(key, checkIntegrity: true),
            ["server"] = () => new ServerTarget(),
        };
    }
}
