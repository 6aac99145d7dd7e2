namespace Stack.Stun;

/// <summary>Whose packets a NAT or firewall lets in through a mapping (RFC 4787 section 5).</summary>
public enum NatFiltering : byte
{
    /// <summary>It could not be told.</summary>
    Unknown,

    /// <summary>Everybody's.</summary>
    EndpointIndependent,

    /// <summary>Those of addresses that were sent to.</summary>
    AddressDependent,

    /// <summary>Those of addresses and ports that were sent to.</summary>
    AddressAndPortDependent,
}
