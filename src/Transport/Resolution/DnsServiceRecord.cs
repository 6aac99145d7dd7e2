namespace Stack.Transport;

/// <summary>An SRV record: where a service runs (RFC 2782).</summary>
/// <param name="Priority">0 to 65535; lower values are contacted first.</param>
/// <param name="Weight">0 to 65535; the relative share among records of equal priority.</param>
/// <param name="Port">0 to 65535; 0 is no port a client could use.</param>
/// <param name="Target">The host name, without a trailing dot; empty for the root, which says that the service is not available.</param>
public sealed record DnsServiceRecord(int Priority, int Weight, int Port, string Target) : DnsRecord;
