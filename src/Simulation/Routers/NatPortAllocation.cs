namespace Stack.Simulation;

/// <summary>How a NAT chooses external ports (RFC 4787 section 4.2).</summary>
public enum NatPortAllocation : byte
{
    /// <summary>The internal port where it is free, else a random one.</summary>
    Preserving,

    /// <summary>A random port.</summary>
    Random,

    /// <summary>The next port.</summary>
    Sequential,

    /// <summary>A random port of the same parity (RFC 4787 section 4.2.2).</summary>
    Parity,
}
