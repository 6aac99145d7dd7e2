namespace Stack.Simulation;

/// <summary>What a NAT does with packets from inside to one of its own external endpoints (RFC 4787 section 6).</summary>
public enum NatHairpinning : byte
{
    /// <summary>Drops them.</summary>
    None,

    /// <summary>Turns them back, with the sender's external endpoint as their source, as RFC 4787 section 6 asks for.</summary>
    ExternalSource,

    /// <summary>Turns them back with the sender's internal endpoint as their source, so that answers do not come through the NAT.</summary>
    InternalSource,
}
