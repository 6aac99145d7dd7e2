namespace Stack.Transport;

/// <summary>One usable record of a DNS answer; the type depends on what was asked (<see cref="DnsRecordType"/>).</summary>
/// <remarks>Names in records are host names of letters, digits, hyphens and underscores only: a record with any other name is left out.</remarks>
public abstract record DnsRecord
{
    private protected DnsRecord()
    {
    }
}
