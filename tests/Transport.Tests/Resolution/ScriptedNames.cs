using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport.Tests;

/// <summary>SRV records and addresses from a table; names that are not in it do not exist.</summary>
internal sealed class ScriptedNames : IDnsClient, IHostResolver
{
    public Dictionary<string, Func<Task<DnsAnswer>>> Services { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, Func<Task<IReadOnlyList<IPAddress>>>> Hosts { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ConcurrentQueue<string> Asked { get; } = [];

    public ScriptedNames Service(string name, params DnsServiceRecord[] records)
    {
        Services[name] = () => Task.FromResult(new DnsAnswer(DnsAnswerStatus.Found, records, "scripted"));
        return this;
    }

    public ScriptedNames Service(string name, DnsAnswerStatus status)
    {
        Services[name] = () => Task.FromResult(new DnsAnswer(status, [], "scripted"));
        return this;
    }

    public ScriptedNames Host(string name, params string[] addresses)
    {
        Hosts[name] = () => Task.FromResult<IReadOnlyList<IPAddress>>([.. addresses.Select(IPAddress.Parse)]);
        return this;
    }

    public ScriptedNames Host(string name, SocketError error)
    {
        Hosts[name] = () => Task.FromException<IReadOnlyList<IPAddress>>(new SocketException((int)error));
        return this;
    }

    public Task<DnsAnswer> QueryAsync(string name, DnsRecordType type, TimeSpan budget, CancellationToken cancellationToken)
    {
        Asked.Enqueue($"{type} {name} {budget.TotalSeconds}");
        return Services.TryGetValue(name, out Func<Task<DnsAnswer>>? answer)
            ? answer()
            : Task.FromResult(new DnsAnswer(DnsAnswerStatus.NameUnknown, [], "scripted"));
    }

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Asked.Enqueue(host);
        return Hosts.TryGetValue(host, out Func<Task<IReadOnlyList<IPAddress>>>? answer)
            ? answer()
            : Task.FromException<IReadOnlyList<IPAddress>>(new SocketException((int)SocketError.HostNotFound));
    }
}
