namespace Stack.TestKit;

/// <summary>Which IP addresses the clients of a lab have.</summary>
public enum LabFamily
{
    /// <summary>IPv4 and IPv6.</summary>
    Both,

    /// <summary>IPv4 alone; IPv6 is switched off.</summary>
    IPv4,

    /// <summary>IPv6 alone: public addresses, routed, filtered as the kind of the box says, never translated.</summary>
    IPv6,
}
