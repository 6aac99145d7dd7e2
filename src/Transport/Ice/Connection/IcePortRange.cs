using System;

namespace Stack.Transport;

/// <summary>The local ports that sockets are opened on.</summary>
public readonly record struct IcePortRange
{
    /// <summary>Takes both ends.</summary>
    /// <param name="first">The first port, 1 to 65535.</param>
    /// <param name="last">The last port, inclusive; not below the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are no ports, or in the wrong order.</exception>
    public IcePortRange(int first, int last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, 65535);
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        First = first;
        Last = last;
    }

    /// <summary>The first port; 0 in the default value, which leaves the choice to the system.</summary>
    public int First { get; }

    /// <summary>The last port, inclusive.</summary>
    public int Last { get; }
}
