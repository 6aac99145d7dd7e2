using System;

namespace Stack.TestKit;

/// <summary>Which of the two ways servers under test send and receive datagrams by: the tests of servers must pass on both.</summary>
public static class DatagramIO
{
    /// <summary>Whether the environment asks for the portable sockets, by <c>STACK_PORTABLE_SOCKETS=1</c>.</summary>
    public static bool IsPortable { get; } = Environment.GetEnvironmentVariable("STACK_PORTABLE_SOCKETS") == "1";
}
