using System.Net;

namespace Stack.Transport;

/// <summary>An A or AAAA record.</summary>
/// <param name="Address">The address, exactly as published; an IPv4-mapped IPv6 address is not reduced here.</param>
public sealed record DnsAddressRecord(IPAddress Address) : DnsRecord;
