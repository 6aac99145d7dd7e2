namespace Stack.Simulation;

/// <summary>What a link does with a packet above its MTU.</summary>
public enum OversizePolicy : byte
{
    /// <summary>Carries it in fragments, each of which can be lost; one that must not be fragmented is dropped and reported by ICMP.</summary>
    Fragment,

    /// <summary>Drops it and reports that by ICMP.</summary>
    Report,

    /// <summary>Drops it silently: a black hole.</summary>
    Drop,
}
