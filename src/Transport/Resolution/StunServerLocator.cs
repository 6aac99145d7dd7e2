using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>Finds the addresses of a STUN server in the order to try them (RFC 8489 section 8).</summary>
/// <remarks>
/// <para>An address literal is returned as it is, without a query. A name with a port is looked up in the operating system's resolver.
/// A name without a port is looked up as SRV records first; where there are none to use, the default port goes with the name's addresses.
/// <c>localhost</c>, names below it, names without a dot and names below <c>.local</c> have no SRV records and are not asked for them.</para>
/// <para>Times: <see cref="TotalBudget"/> for everything. SRV lookups get <see cref="ServiceRecordBudget"/> of it, because most names have no
/// SRV records and need only the fallback; the addresses for it are looked up meanwhile, so that a network that drops SRV queries costs
/// that much and no more. As soon as one SRV target has addresses the others get <see cref="LaterTargetBudget"/> to follow.</para>
/// <para>Bounds: 4 SRV targets, 8 addresses in all, shared evenly among the targets so that a large first one does not displace its backups.
/// Nothing is cached. Addresses are not checked against a policy: a program that must not contact private addresses checks the result.</para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
public sealed class StunServerLocator
{
    /// <summary>The longest time a location takes: 5 seconds.</summary>
    public static readonly TimeSpan TotalBudget = TimeSpan.FromSeconds(5);

    /// <summary>The time an SRV lookup may take before the addresses of the name itself are used: 1.5 seconds.</summary>
    public static readonly TimeSpan ServiceRecordBudget = TimeSpan.FromSeconds(1.5);

    /// <summary>The time other SRV targets get once one has addresses: 1 second.</summary>
    public static readonly TimeSpan LaterTargetBudget = TimeSpan.FromSeconds(1);

    /// <summary>The most addresses a location returns: 8.</summary>
    public const int MaxAddresses = 8;

    /// <summary>The most SRV records used: 4.</summary>
    public const int MaxTargets = 4;

    // A client that keeps its budget gets to say what happened; one that does not is left behind.
    private static readonly TimeSpan BudgetSlack = TimeSpan.FromMilliseconds(100);

    private readonly IDnsClient _dns;
    private readonly IHostResolver _hosts;
    private readonly TimeProvider _time;
    private readonly RandomNumberGenerator _random;

    /// <summary>Uses the name servers and the resolver of the operating system.</summary>
    public StunServerLocator()
        : this(new DnsClient(), new SystemHostResolver())
    {
    }

    /// <summary>Uses the given client for SRV records and, where given, the resolver for addresses; both stay the caller's.</summary>
    /// <param name="dns">Asked for SRV records.</param>
    /// <param name="hosts">Asked for addresses; null for the operating system's resolver.</param>
    /// <param name="time">Measures the budgets; null for the system's clock.</param>
    /// <param name="random">Draws among SRV records by weight, safe for concurrent use; null for the system's generator.</param>
    public StunServerLocator(IDnsClient dns, IHostResolver? hosts = null, TimeProvider? time = null, RandomNumberGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(dns);
        _dns = dns;
        _hosts = hosts ?? new SystemHostResolver();
        _time = time ?? TimeProvider.System;
        _random = random ?? RandomNumberGenerator.Create();
    }

    /// <summary>Finds the addresses of a server.</summary>
    /// <param name="query">The server wanted.</param>
    /// <param name="cancellationToken">Ends the location with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>One to eight addresses, the one to try first in front; all of them at the transport of the query.</returns>
    /// <exception cref="StunResolutionException">There is no address, for one of the reasons in <see cref="StunResolutionFailure"/>.</exception>
    public Task<IReadOnlyList<StunServerAddress>> LocateAsync(StunServerQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return LocateWithinAsync(query, cancellationToken);
    }

    private async Task<IReadOnlyList<StunServerAddress>> LocateWithinAsync(StunServerQuery query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (query.Host.Address is { } literal)
        {
            HostAddresses itself = new(query.HostName, [literal], IsInconclusive: false, "an address literal");
            return Choose(query, [(itself, query.Port ?? query.DefaultPort)], StunServerAddressSource.Literal, "nothing was looked up");
        }

        using CancellationTokenSource budget = new(TotalBudget, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        Task<HostAddresses> host = query.PointedServiceRecord is null
            ? ResolveAsync(query.HostName, either.Token)
            : Task.FromResult(new HostAddresses(query.HostName, [], IsInconclusive: false, "not asked for, since a NAPTR record points elsewhere"));
        try
        {
            string account = "SRV records were not asked for";
            if (query.Port is null && query.Host.CanHaveServiceRecords && DnsName.IsHostName(query.ServiceRecordName))
            {
                DnsAnswer answer = await AskForServiceAsync(query.ServiceRecordName, either.Token).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                account = $"SRV {query.ServiceRecordName}: {Describe(answer)}";
                if (Arrange(query, answer) is { Count: > 0 } targets)
                {
                    (HostAddresses, int)[] found = await ResolveTargetsAsync(targets, either.Token).ConfigureAwait(false);
                    cancellationToken.ThrowIfCancellationRequested();
                    return Choose(query, found, StunServerAddressSource.ServiceRecord, account);
                }
            }

            HostAddresses addresses = await host.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return Choose(
                query,
                [(addresses, query.Port ?? query.DefaultPort)],
                query.Port is null ? StunServerAddressSource.DefaultPort : StunServerAddressSource.GivenPort,
                account);
        }
        finally
        {
            // What is still under way is of no use to anybody.
            await either.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task<DnsAnswer> AskForServiceAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await _dns.QueryAsync(name, DnsRecordType.Srv, ServiceRecordBudget, cancellationToken)
                .WaitAsync(ServiceRecordBudget + BudgetSlack, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            return new DnsAnswer(DnsAnswerStatus.NoAnswer, [], "no answer in time");
        }
    }

    private async Task<HostAddresses> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            // The system's resolver cannot be stopped, only left behind.
            IReadOnlyList<IPAddress> addresses = await _hosts.ResolveAsync(host, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
            return HostAddresses.FromAnswer(host, addresses);
        }
        catch (SocketException error)
        {
            return HostAddresses.FromError(host, error.SocketErrorCode);
        }
        catch (OperationCanceledException)
        {
            return HostAddresses.FromSilence(host);
        }
    }

    private async Task<(HostAddresses, int)[]> ResolveTargetsAsync(List<DnsServiceRecord> targets, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(TotalBudget, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        int isAnySettled = 0;

        async Task<(HostAddresses, int)> ResolveTargetAsync(DnsServiceRecord target)
        {
            HostAddresses found = await ResolveAsync(target.Target, either.Token).ConfigureAwait(false);
            if (found.Addresses.Count > 0 && Interlocked.Exchange(ref isAnySettled, 1) == 0)
            {
                patience.CancelAfter(LaterTargetBudget);
            }

            return (found, target.Port);
        }

        return await Task.WhenAll(targets.Select(ResolveTargetAsync)).ConfigureAwait(false);
    }

    private List<DnsServiceRecord> Arrange(StunServerQuery query, DnsAnswer answer)
    {
        List<DnsServiceRecord> records = [.. answer.Records.OfType<DnsServiceRecord>()];
        if (records.Count > 0 && records.TrueForAll(record => record.Target.Length == 0))
        {
            throw new StunResolutionException(
                StunResolutionFailure.ServiceNotAvailable,
                query.HostName,
                $"{query.HostName} says that it has no such service: the SRV record {query.ServiceRecordName} has the target \".\".");
        }

        IEnumerable<DnsServiceRecord> usable = records
            .Where(record => record.Port is > 0 and <= 65535 && DnsName.IsHostName(record.Target) && !DnsName.EndsInNumber(record.Target))
            .DistinctBy(record => (record.Target.ToUpperInvariant(), record.Port));
        List<DnsServiceRecord> ordered = ServiceRecordOrder.Arrange(usable, _random);
        return ordered.GetRange(0, Math.Min(MaxTargets, ordered.Count));
    }

    private static List<StunServerAddress> Choose(
        StunServerQuery query, (HostAddresses Host, int Port)[] hosts, StunServerAddressSource source, string account)
    {
        List<IPAddress>[] ordered = Array.ConvertAll(hosts, host => host.Host.Order(query.Family));
        int[] shares = AddressOrder.Share(Array.ConvertAll(ordered, addresses => addresses.Count), MaxAddresses);
        List<StunServerAddress> chosen = [];
        for (int i = 0; i < hosts.Length; i++)
        {
            foreach (IPAddress address in ordered[i].GetRange(0, shares[i]))
            {
                StunServerAddress candidate = new(new IPEndPoint(address, hosts[i].Port), query.HostName, source);
                if (!chosen.Contains(candidate))
                {
                    chosen.Add(candidate);
                }
            }
        }

        return chosen.Count > 0 ? chosen : throw Explain(query, hosts, account);
    }

    private static StunResolutionException Explain(StunServerQuery query, (HostAddresses Host, int Port)[] hosts, string account)
    {
        StunResolutionFailure failure =
            Array.Exists(hosts, host => host.Host.IsInconclusive) ? StunResolutionFailure.ResolverUnreachable
            : Array.Exists(hosts, host => host.Host.Addresses.Count > 0) ? StunResolutionFailure.NoAddressOfFamily
            : StunResolutionFailure.HostUnknown;
        string family = query.Family switch
        {
            AddressFamily.InterNetwork => "IPv4 address",
            AddressFamily.InterNetworkV6 => "IPv6 address",
            _ => "address",
        };
        string told = string.Join(", ", hosts.Select(host => $"{host.Host.Host}: {host.Host.Account}"));
        return new StunResolutionException(failure, query.HostName, $"No {family} of {query.HostName} to contact. Asked: {told}; {account}.");
    }

    private static string Describe(DnsAnswer answer)
    {
        string status = answer.Status switch
        {
            DnsAnswerStatus.Found => "found",
            DnsAnswerStatus.NoRecords => "no such records",
            DnsAnswerStatus.NameUnknown => "no such name",
            DnsAnswerStatus.ServerFailure => "the name servers failed",
            _ => "no answer",
        };
        return answer.Detail.Length > 0 ? $"{status} ({answer.Detail})" : status;
    }
}
