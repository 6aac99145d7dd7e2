namespace Stack.Transport.Tests;

/// <summary>After this time a test that waits for an event is taken to hang. Nothing is measured against it.</summary>
internal static class Patience
{
    public const int Milliseconds = 180_000;

    /// <summary>The same for a test that sends hundreds of thousands of datagrams.</summary>
    public const int FloodMilliseconds = 600_000;
}
