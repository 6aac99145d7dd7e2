using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// NAT behaviour discovery over UDP (RFC 5780): mapping, filtering, hairpinning, port preservation, and the binding lifetime if asked for.
/// </summary>
/// <example>
/// <code>
/// NatReport report = await NatDiscoveryClient.RunAsync(["stun:stun.example.org"], cancellationToken);
/// Console.WriteLine($"{report.Mapping} mapping, {report.Filtering} filtering: {report.Classic}");
/// </code>
/// </example>
public static class NatDiscoveryClient
{
    /// <summary>Runs the tests with the default options.</summary>
    /// <param name="servers">At least 1 server; of more than 8 addresses the first 8 are asked. See <see cref="StunServerReference"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">There is no server.</exception>
    /// <exception cref="FormatException">A text names no server.</exception>
    /// <exception cref="StunException">No name can be resolved, or no socket opened. Silence of the servers is a result, not an error.</exception>
    public static Task<NatReport> RunAsync(IReadOnlyList<string> servers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(servers);
        return RunAsync([.. servers.Select(StunServerReference.Parse)], new NatDiscoveryClientOptions(), cancellationToken);
    }

    /// <summary>Runs the tests.</summary>
    /// <param name="servers">At least 1 server; of more than 8 addresses the first 8 are asked.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">There is no server.</exception>
    /// <exception cref="StunException">No name can be resolved, or no socket opened. Silence of the servers is a result, not an error.</exception>
    public static async Task<NatReport> RunAsync(
        IReadOnlyList<StunServerReference> servers,
        NatDiscoveryClientOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(servers);
        ArgumentNullException.ThrowIfNull(options);
        long start = options.TimeProvider.GetTimestamp();
        IReadOnlyList<TransportAddress> addresses = await LocateAsync(servers, options, cancellationToken).ConfigureAwait(false);
        if (options.Timeout is { } timeout)
        {
            TimeSpan rest = timeout - options.TimeProvider.GetElapsedTime(start);
            options = options with { Timeout = rest > TimeSpan.Zero ? rest : TimeSpan.Zero };
        }

        var loop = new NatDiscoveryLoop(addresses, options);
        await using (loop.ConfigureAwait(false))
        {
            return await loop.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<IReadOnlyList<TransportAddress>> LocateAsync(
        IReadOnlyList<StunServerReference> servers,
        NatDiscoveryClientOptions options,
        CancellationToken cancellationToken)
    {
        var locator = options.Locator ?? new StunServerLocator();
        StunException? failure = null;
        var found = new List<IReadOnlyList<StunServerAddress>>();
        foreach (StunServerReference server in servers)
        {
            try
            {
                found.Add(await LocateOneAsync(locator, server, options, cancellationToken).ConfigureAwait(false));
            }
            catch (StunResolutionException error)
            {
                failure ??= StunFailures.From(error);
            }
        }

        if (found.Count == 0)
        {
            throw failure ?? throw new ArgumentException("There must be at least one server.", nameof(servers));
        }

        // One family for all: mapped addresses of two families cannot be compared.
        AddressFamily family = options.Family != AddressFamily.Unspecified
            ? options.Family
            : found.Exists(list => list.Any(a => a.EndPoint.AddressFamily == AddressFamily.InterNetwork))
                ? AddressFamily.InterNetwork
                : AddressFamily.InterNetworkV6;
        return [.. found
            .Select(list => list.FirstOrDefault(a => a.EndPoint.AddressFamily == family))
            .OfType<StunServerAddress>()
            .Select(a => TransportAddress.FromIPEndPoint(a.EndPoint))
            .Distinct()
            .Take(NatDiscovery.MaxServers)];
    }

    // The behaviour service has SRV names of its own (RFC 5780 section 5.1); most servers are found under the plain ones.
    private static async Task<IReadOnlyList<StunServerAddress>> LocateOneAsync(
        StunServerLocator locator,
        StunServerReference server,
        NatDiscoveryClientOptions options,
        CancellationToken cancellationToken)
    {
        var query = new StunServerQuery(server.Host) { Port = server.Port, Family = options.Family };
        if (server.Port is null)
        {
            try
            {
                IReadOnlyList<StunServerAddress> behavior = await locator
                    .LocateAsync(query with { Service = StunService.StunBehavior }, cancellationToken)
                    .ConfigureAwait(false);
                if (behavior[0].Source == StunServerAddressSource.ServiceRecord)
                {
                    return behavior;
                }
            }
            catch (StunResolutionException error) when (error.Failure == StunResolutionFailure.ServiceNotAvailable)
            {
                // The plain service may still be there.
            }
        }

        return await locator.LocateAsync(query, cancellationToken).ConfigureAwait(false);
    }
}
