using System;

namespace Stack.Fuzz;

/// <summary>Something that takes hostile bytes. One instance serves one thread.</summary>
internal interface IFuzzTarget : IDisposable
{
    /// <summary>How many inputs got past the first checks.</summary>
    long Accepted { get; }

    /// <summary>Takes one input.</summary>
    /// <returns>The rule that is broken; null where all hold. An exception is a finding too.</returns>
    string? Run(byte[] input);
}
