using System;

namespace Stack.Transport;

/// <summary>How many files and sockets this process may have open.</summary>
internal static class DescriptorLimit
{
    /// <summary>What must be left for everything but clients: log files, name resolution, the runtime.</summary>
    public const int Headroom = 64;

    /// <summary>The limit; null where the system has none or does not tell.</summary>
    public static long? Get()
    {
        if (!DatagramPoller.HasLinuxCalls || LinuxCalls.GetResourceLimit(LinuxCalls.ResourceOpenFiles, out LinuxResourceLimit limit) != 0)
        {
            return null;
        }

        return limit.Current > int.MaxValue ? null : (long)limit.Current;
    }

    /// <summary>The most allocations that there are descriptors for.</summary>
    /// <param name="limit">How many descriptors there may be; null for any number.</param>
    /// <param name="allocations">How many allocations are wanted.</param>
    /// <param name="connections">How many connections of clients may be open besides.</param>
    public static int Clamp(long? limit, int allocations, int connections)
        => limit is not { } most ? allocations : (int)Math.Clamp(most - Headroom - connections, 1, allocations);
}
