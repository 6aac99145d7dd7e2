namespace Stack.Transport;

/// <summary>The DNS record types that locating a server asks for; the values are those of the wire.</summary>
public enum DnsRecordType
{
    /// <summary>An IPv4 address, answered as <see cref="DnsAddressRecord"/>.</summary>
    A = 1,

    /// <summary>An IPv6 address, answered as <see cref="DnsAddressRecord"/>.</summary>
    Aaaa = 28,

    /// <summary>The location of a service (RFC 2782), answered as <see cref="DnsServiceRecord"/>.</summary>
    Srv = 33,

    /// <summary>A naming authority pointer, answered as <see cref="DnsNamingRecord"/>; TURN resolution starts there (RFC 5928 section 3).</summary>
    Naptr = 35,
}
