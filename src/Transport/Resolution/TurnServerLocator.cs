using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Finds the addresses and transports of a TURN server in the order to try them (RFC 5928 section 3).</summary>
/// <remarks>
/// <para>With a literal, a port or a transport the way is short: the host's addresses, or SRV records of that transport. A name alone is looked
/// up as NAPTR records first (<c>RELAY</c> with <c>turn.udp</c>, <c>turn.tcp</c>, <c>turn.tls</c>); where there are none, as SRV records of each
/// transport, which are asked for meanwhile.</para>
/// <para>Bounds: 4 NAPTR records in 2 steps, 12 addresses in all; SRV records, addresses and times as <see cref="StunServerLocator"/> has them.
/// Nothing is cached: RFC 5928 section 3 asks for a new resolution for each allocation. Safe for concurrent use.</para>
/// </remarks>
public sealed class TurnServerLocator
{
    /// <summary>The time that NAPTR lookups may take before SRV records are used: 1.5 seconds.</summary>
    public static readonly TimeSpan NamingBudget = TimeSpan.FromSeconds(1.5);

    /// <summary>The most addresses a location returns: 12.</summary>
    public const int MaxAddresses = 12;

    /// <summary>The most NAPTR records followed: 4.</summary>
    public const int MaxNamingRecords = 4;

    private static readonly TimeSpan BudgetSlack = TimeSpan.FromMilliseconds(100);

    private readonly IDnsClient _dns;
    private readonly StunServerLocator _servers;
    private readonly TimeProvider _time;

    /// <summary>Uses the name servers and the resolver of the operating system.</summary>
    public TurnServerLocator()
        : this(new DnsClient())
    {
    }

    /// <summary>Uses the given client for NAPTR and SRV records and, where given, the resolver for addresses; both stay the caller's.</summary>
    /// <param name="dns">Asked for NAPTR and SRV records.</param>
    /// <param name="hosts">Asked for addresses; null for the operating system's resolver.</param>
    /// <param name="time">Measures the budgets; null for the system's clock.</param>
    public TurnServerLocator(IDnsClient dns, IHostResolver? hosts = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(dns);
        _dns = dns;
        _time = time ?? TimeProvider.System;
        _servers = new StunServerLocator(dns, hosts, _time);
    }

    /// <summary>Finds the addresses of a server.</summary>
    /// <param name="server">The server; the transport of its URI, or that of <paramref name="transports"/>.</param>
    /// <param name="transports">The transports that may be used, the preferred one first; those that a URI excludes are left out.</param>
    /// <param name="family">The only address family to return; <see cref="AddressFamily.Unspecified"/> for both.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One to twelve addresses, the one to try first in front.</returns>
    /// <exception cref="ArgumentException">No transport is left.</exception>
    /// <exception cref="StunResolutionException">There is no address.</exception>
    public Task<IReadOnlyList<TurnServerAddress>> LocateAsync(
        StunServerReference server, IReadOnlyList<StunTransport> transports, AddressFamily family, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(transports);
        StunTransport[] usable = [.. transports.Distinct().Where(transport => server.Transport is null || transport == server.Transport)];
        return usable.Length == 0
            ? throw new ArgumentException("None of the transports is one that the server's URI allows (RFC 5928 section 3).", nameof(transports))
            : LocateUsableAsync(server, usable, family, cancellationToken);
    }

    private async Task<IReadOnlyList<TurnServerAddress>> LocateUsableAsync(
        StunServerReference server, StunTransport[] transports, AddressFamily family, CancellationToken cancellationToken)
    {
        var query = new StunServerQuery(server.Host) { Port = server.Port, Service = StunService.Turn, Family = family };
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<IReadOnlyList<TurnServerAddress>> plain = LocateEachAsync([.. transports.Select(transport => query with { Transport = transport })], server.Host, stopping.Token);
        try
        {
            // Where the transport is given, RFC 5928 section 3 goes to SRV records straight away; turns: alone does not give it.
            bool open = !server.DemandsTransport && (transports.Length > 1 || transports[0] == StunTransport.Tls);
            bool named = open && query.Port is null && query.Host.CanHaveServiceRecords;
            List<StunServerQuery> pointed = named ? await FollowNamesAsync(query, transports, stopping.Token).ConfigureAwait(false) : [];
            return await (pointed.Count != 0 ? LocateEachAsync(pointed, server.Host, stopping.Token) : plain).ConfigureAwait(false);
        }
        finally
        {
            await stopping.CancelAsync().ConfigureAwait(false);
            _ = plain.Exception;
        }
    }

    // In the order of the queries; a failure counts only where no query found anything.
    private async Task<IReadOnlyList<TurnServerAddress>> LocateEachAsync(List<StunServerQuery> queries, string host, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<StunServerAddress>>[] tasks = [.. queries.Select(query => _servers.LocateAsync(query, cancellationToken))];
        var found = new List<TurnServerAddress>();
        StunResolutionException? failure = null;
        for (int i = 0; i < tasks.Length; i++)
        {
            try
            {
                foreach (StunServerAddress address in await tasks[i].ConfigureAwait(false))
                {
                    var candidate = new TurnServerAddress(address.EndPoint, queries[i].Transport, host, address.Source);
                    if (found.Count < MaxAddresses && !found.Contains(candidate))
                    {
                        found.Add(candidate);
                    }
                }
            }
            catch (StunResolutionException error)
            {
                failure ??= error;
            }
        }

        if (found.Count == 0)
        {
            throw failure!;
        }

        return found;
    }

    private async Task<List<StunServerQuery>> FollowNamesAsync(StunServerQuery query, StunTransport[] transports, CancellationToken cancellationToken)
    {
        using var budget = new CancellationTokenSource(NamingBudget, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        var pointed = new List<StunServerQuery>();
        foreach ((DnsNamingRecord record, StunTransport transport) in await AskForNamesAsync(query.HostName, transports, either.Token).ConfigureAwait(false))
        {
            if (record.Flags.Length != 0)
            {
                Add(pointed, query, record, transport);
                continue;
            }

            // RFC 3958 section 2.2.2: without a flag the replacement has NAPTR records of its own. One such step is enough for anybody.
            foreach ((DnsNamingRecord inner, StunTransport innerTransport) in await AskForNamesAsync(record.Replacement, [transport], either.Token).ConfigureAwait(false))
            {
                Add(pointed, query, inner, innerTransport);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return pointed.GetRange(0, Math.Min(MaxNamingRecords, pointed.Count));
    }

    private static void Add(List<StunServerQuery> pointed, StunServerQuery query, DnsNamingRecord record, StunTransport transport)
    {
        StunServerQuery via = query with { Transport = transport };
        if (record.Flags.Equals("S", StringComparison.OrdinalIgnoreCase))
        {
            pointed.Add(via with { PointedServiceRecord = record.Replacement });
        }
        else if (record.Flags.Equals("A", StringComparison.OrdinalIgnoreCase) && DnsName.IsHostName(record.Replacement) && !DnsName.EndsInNumber(record.Replacement))
        {
            pointed.Add(new StunServerQuery(record.Replacement) { Port = via.DefaultPort, Transport = transport, Family = query.Family, Service = StunService.Turn });
        }
    }

    private async Task<List<(DnsNamingRecord Record, StunTransport Transport)>> AskForNamesAsync(
        string name, StunTransport[] transports, CancellationToken cancellationToken)
    {
        DnsAnswer answer;
        try
        {
            answer = await _dns.QueryAsync(name, DnsRecordType.Naptr, NamingBudget, cancellationToken)
                .WaitAsync(NamingBudget + BudgetSlack, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException or ArgumentException)
        {
            return [];
        }

        // The DNS ranks first, the caller's preference decides among equals (RFC 5928 section 3).
        return
        [
            .. answer.Records.OfType<DnsNamingRecord>()
                .SelectMany(record => Protocols(record).Select(transport => (Record: record, Transport: transport)))
                .Where(entry => transports.Contains(entry.Transport) && entry.Record.Replacement.Length != 0)
                .OrderBy(static entry => entry.Record.Order)
                .ThenBy(static entry => entry.Record.Preference)
                .ThenBy(entry => Array.IndexOf(transports, entry.Transport))
                .Take(MaxNamingRecords),
        ];
    }

    private static IEnumerable<StunTransport> Protocols(DnsNamingRecord record)
    {
        string[] tags = record.Services.Split(':');
        if (!tags[0].Equals("RELAY", StringComparison.OrdinalIgnoreCase))
        {
            yield break;
        }

        foreach (string tag in tags.Skip(1))
        {
            if (tag.Equals("turn.udp", StringComparison.OrdinalIgnoreCase))
            {
                yield return StunTransport.Udp;
            }
            else if (tag.Equals("turn.tcp", StringComparison.OrdinalIgnoreCase))
            {
                yield return StunTransport.Tcp;
            }
            else if (tag.Equals("turn.tls", StringComparison.OrdinalIgnoreCase))
            {
                yield return StunTransport.Tls;
            }
        }
    }
}
