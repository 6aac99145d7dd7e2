using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>A small stub resolver: asks the configured name servers in turn, caches nothing, and is never long about it.</summary>
/// <remarks>
/// <para>Name servers come from /etc/resolv.conf, or from the network interfaces where there is no such file, and are read anew for each
/// lookup. <c>options timeout</c> and <c>attempts</c> are honoured within the budget: each try gets an equal share of what is left.
/// The search list is ignored.</para>
/// <para>Each try has its own socket, random port and random id, and its name in random case. The last round of tries does without
/// random case and EDNS, for name servers that know neither. A truncated answer is fetched over TCP.</para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
public sealed class DnsClient : IDnsClient
{
    /// <summary>The longest lookup: a larger budget is cut to 5 seconds.</summary>
    public static readonly TimeSpan MaximumBudget = TimeSpan.FromSeconds(5);

    // Below this a try is not worth its packet, except as what the budget leaves.
    private static readonly TimeSpan ShortestTry = TimeSpan.FromMilliseconds(200);

    private readonly Func<NameServerSettings> _settings;
    private readonly TimeProvider _time;
    private readonly RandomNumberGenerator _random;

    /// <summary>Asks the name servers of the operating system.</summary>
    public DnsClient()
        : this(NameServerSettings.ReadSystem, TimeProvider.System, RandomNumberGenerator.Create())
    {
    }

    /// <summary>Asks the given name servers in their order.</summary>
    /// <param name="nameServers">Up to three addresses and ports; copied. An empty list gives <see cref="DnsAnswerStatus.NoAnswer"/> to every query.</param>
    /// <exception cref="ArgumentException">More than three name servers.</exception>
    public DnsClient(IReadOnlyList<IPEndPoint> nameServers)
        : this(UseFixed(nameServers), TimeProvider.System, RandomNumberGenerator.Create())
    {
    }

    internal DnsClient(Func<NameServerSettings> settings, TimeProvider time, RandomNumberGenerator random)
    {
        _settings = settings;
        _time = time;
        _random = random;
    }

    /// <inheritdoc/>
    public Task<DnsAnswer> QueryAsync(string name, DnsRecordType type, TimeSpan budget, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(budget, TimeSpan.Zero);
        if (type is not (DnsRecordType.A or DnsRecordType.Aaaa or DnsRecordType.Srv or DnsRecordType.Naptr))
        {
            throw new ArgumentOutOfRangeException(nameof(type), type, "Ask for A, AAAA, SRV or NAPTR.");
        }

        string absolute = name.EndsWith('.') ? name[..^1] : name;
        if (!DnsName.IsHostName(absolute))
        {
            throw new ArgumentException("A name has labels of 1 to 63 letters, digits, hyphens and underscores, 253 characters in all.", nameof(name));
        }

        return AskAllAsync(absolute, type, budget < MaximumBudget ? budget : MaximumBudget, cancellationToken);
    }

    private static Func<NameServerSettings> UseFixed(IReadOnlyList<IPEndPoint> nameServers)
    {
        ArgumentNullException.ThrowIfNull(nameServers);
        if (nameServers.Count > NameServerSettings.MaxServers)
        {
            throw new ArgumentException("At most three name servers are asked.", nameof(nameServers));
        }

        NameServerSettings settings = new([.. nameServers], NameServerSettings.DefaultTimeout, NameServerSettings.DefaultAttempts);
        return () => settings;
    }

    private async Task<DnsAnswer> AskAllAsync(string name, DnsRecordType type, TimeSpan budget, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long start = _time.GetTimestamp();
        NameServerSettings settings = _settings();
        if (settings.Servers.Count == 0)
        {
            return new DnsAnswer(DnsAnswerStatus.NoAnswer, [], "no name server is configured");
        }

        string[] heard = new string[settings.Servers.Count];
        bool anyAnswered = false;
        int triesLeft = settings.Attempts * settings.Servers.Count;
        for (int attempt = 1; attempt <= settings.Attempts; attempt++)
        {
            for (int i = 0; i < settings.Servers.Count; i++, triesLeft--)
            {
                TimeSpan left = budget - _time.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    break;
                }

                DnsQuery query = attempt < settings.Attempts
                    ? DnsQuery.CreateHardened(name, type, _random)
                    : DnsQuery.CreatePlain(name, type, _random);
                IPEndPoint server = settings.Servers[i];
                (DnsAnswerStatus status, DnsResponse? response, string account) =
                    await TryAsync(server, query, Share(left, triesLeft, settings.Timeout), cancellationToken).ConfigureAwait(false);
                if (response is not null)
                {
                    return new DnsAnswer(status, status == DnsAnswerStatus.Found ? response.Records : [], $"{server} answered: {account}");
                }

                anyAnswered |= status == DnsAnswerStatus.ServerFailure;
                heard[i] = $"{server}: {account}";
            }
        }

        string detail = string.Join("; ", Array.FindAll(heard, account => account is not null));
        return new DnsAnswer(anyAnswered ? DnsAnswerStatus.ServerFailure : DnsAnswerStatus.NoAnswer, [], detail);
    }

    private static TimeSpan Share(TimeSpan left, int triesLeft, TimeSpan longest)
    {
        TimeSpan share = left / triesLeft;
        share = share > ShortestTry ? share : ShortestTry;
        share = share < longest ? share : longest;
        return share < left ? share : left;
    }

    private async Task<(DnsAnswerStatus Status, DnsResponse? Response, string Account)> TryAsync(
        IPEndPoint server, DnsQuery query, TimeSpan wait, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = new(wait, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            (DnsDecodeStatus status, DnsResponse? response) = await DnsExchange.AskAsync(server, query, _random, either.Token).ConfigureAwait(false);
            return Judge(status, response);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (DnsAnswerStatus.NoAnswer, null, "no answer");
        }
        catch (SocketException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (DnsAnswerStatus.NoAnswer, null, $"not reachable ({error.SocketErrorCode})");
        }
    }

    private static (DnsAnswerStatus Status, DnsResponse? Response, string Account) Judge(DnsDecodeStatus status, DnsResponse? response)
    {
        if (status != DnsDecodeStatus.Response || response is null)
        {
            return (DnsAnswerStatus.ServerFailure, null, $"malformed answer ({status})");
        }

        return response switch
        {
            { ResponseCode: DnsResponse.NameError } => (DnsAnswerStatus.NameUnknown, response, "no such name"),
            { ResponseCode: not DnsResponse.NoError } => (DnsAnswerStatus.ServerFailure, null, $"error {response.ResponseCode}"),
            { IsReferral: true } => (DnsAnswerStatus.ServerFailure, null, "referral, no answer"),
            { Records.Count: 0 } => (DnsAnswerStatus.NoRecords, response, "no such records"),
            _ => (DnsAnswerStatus.Found, response, $"{response.Records.Count} records"),
        };
    }
}
