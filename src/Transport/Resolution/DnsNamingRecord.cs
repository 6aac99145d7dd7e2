namespace Stack.Transport;

/// <summary>A NAPTR record as S-NAPTR uses it (RFC 3958 section 2.2): without a regular expression.</summary>
/// <remarks>Records that carry a regular expression, or text outside printable ASCII, are left out of an answer.</remarks>
/// <param name="Order">0 to 65535; lower values come first.</param>
/// <param name="Preference">0 to 65535; lower values come first among records of equal order.</param>
/// <param name="Flags">Empty (look up NAPTR at the replacement), <c>S</c> (SRV) or <c>A</c> (addresses); compare without case.</param>
/// <param name="Services">The service and protocol tags, such as <c>RELAY:turn.udp</c>.</param>
/// <param name="Replacement">The next name to look up, without a trailing dot.</param>
public sealed record DnsNamingRecord(int Order, int Preference, string Flags, string Services, string Replacement) : DnsRecord;
