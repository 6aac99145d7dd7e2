using System;
using System.Collections.Generic;
using System.Linq;

namespace Stack.Ice;

/// <summary>The pair that data of each component goes over.</summary>
internal sealed class ComponentPaths(IReadOnlyList<int> streams)
{
    private readonly CandidatePair?[][] _pairs = [.. streams.Select(static components => new CandidatePair?[components])];

    public CandidatePair? this[int stream, int componentId]
    {
        get
        {
            if ((uint)stream >= (uint)_pairs.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(stream), stream, "There is no such stream.");
            }

            CandidatePair?[] components = _pairs[stream];
            return (uint)(componentId - 1) < (uint)components.Length
                ? components[componentId - 1]
                : throw new ArgumentOutOfRangeException(nameof(componentId), componentId, "The stream has no such component.");
        }

        set => _pairs[stream][componentId - 1] = value;
    }

    public void Clear() => Array.ForEach(_pairs, static components => Array.Clear(components));
}
