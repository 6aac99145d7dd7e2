namespace Stack.Stun;

/// <summary>When a NAT uses the same external endpoint again (RFC 4787 section 4.1).</summary>
public enum NatMapping : byte
{
    /// <summary>It could not be told.</summary>
    Unknown,

    /// <summary>For every destination. Also where there is no NAT.</summary>
    EndpointIndependent,

    /// <summary>For the same destination address, whatever its port.</summary>
    AddressDependent,

    /// <summary>For the same destination address and port only.</summary>
    AddressAndPortDependent,
}
