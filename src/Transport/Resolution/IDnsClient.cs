using System;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>Looks up DNS records that the operating system's resolver does not give, SRV above all.</summary>
/// <remarks>Implement it to send lookups elsewhere (DNS over HTTPS, a fixed table). Implementations are safe for concurrent use.</remarks>
public interface IDnsClient
{
    /// <summary>Asks for the records of one type at one name.</summary>
    /// <param name="name">An absolute name of at most 253 characters, with or without the trailing dot; no search list is applied.</param>
    /// <param name="type">The type asked for.</param>
    /// <param name="budget">The time the lookup may take over all name servers and retries; more than zero.</param>
    /// <param name="cancellationToken">Ends the lookup with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The answer. Errors of the network and of name servers are statuses, never exceptions.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a name, or <paramref name="budget"/> or <paramref name="type"/> is out of range.</exception>
    Task<DnsAnswer> QueryAsync(string name, DnsRecordType type, TimeSpan budget, CancellationToken cancellationToken);
}
