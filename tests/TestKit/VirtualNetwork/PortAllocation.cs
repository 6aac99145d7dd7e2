namespace Stack.TestKit;

/// <summary>How a NAT chooses external ports (RFC 4787 section 4.2).</summary>
public enum PortAllocation
{
    /// <summary>The internal port where it is free, else a random one.</summary>
    Preserving,

    Random,

    /// <summary>Another port of the same parity.</summary>
    Parity,
}
