using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport.Tests;

/// <summary>A resolver that has the same addresses for every name, and no SRV records.</summary>
internal sealed class FixedHosts(params IPAddress[] addresses) : IDnsClient, IHostResolver
{
    public StunServerLocator Locator => new(this, this);

    public Task<DnsAnswer> QueryAsync(string name, DnsRecordType type, TimeSpan budget, CancellationToken cancellationToken)
        => Task.FromResult(new DnsAnswer(DnsAnswerStatus.NameUnknown, [], "fixed"));

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<IPAddress>>(addresses);
}
