using Xunit;

namespace Stack.Transport.Tests;

/// <summary>Tests that watch something that the whole process shares: its exceptions, its meters, its heap. They run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Name = "Process-wide";
}
