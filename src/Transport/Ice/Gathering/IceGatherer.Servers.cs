using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport;

internal sealed partial class IceGatherer
{
    private readonly List<(IceServer Server, int Stream, int Component, IceRelay Relay, IceBase[] Bases)> _relays = [];

    /// <summary>Forgets an allocation that is lost; the next change of the network has it replaced.</summary>
    public void HandleRelayLost(IceRelay relay)
    {
        (IceServer, int, int, IceRelay, IceBase[] Bases) lost;
        lock (_gate)
        {
            int at = _relays.FindIndex(entry => entry.Relay == relay);
            if (at < 0)
            {
                return;
            }

            lost = _relays[at];
            _relays.RemoveAt(at);
        }

        RemoveBases([.. lost.Bases]);
    }

    private async Task ReflectAsync(CancellationToken cancellationToken)
    {
        if (!UsesHosts || _options.IsLite)
        {
            return;
        }

        var reflection = new Reflection();
        Volatile.Write(ref _reflection, reflection);
        await Task.WhenAll(_options.Servers.Select(server => AskAsync(server, cancellationToken))).ConfigureAwait(false);
        using (_sink.Driver.Enter())
        {
            reflection.IsPlanned = true;
            reflection.Check(_sink.Driver);
        }

        try
        {
            await reflection.Settled.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            // The transactions have the same patience and say themselves who has not answered.
        }
    }

    // Finds a server and asks it from each base of a family that it has.
    private async Task AskAsync(IceServer server, CancellationToken cancellationToken)
    {
        if ((server.Transport ?? server.Server.Transport ?? StunTransport.Udp) != StunTransport.Udp)
        {
            if (!server.IsTurn)
            {
                _sink.Warn(server.ToString(), "the address that a server sees over TCP is of no use to UDP; it is not asked");
            }

            return;
        }

        IReadOnlyList<IPEndPoint> found;
        try
        {
            found = await LocateAsync(server, cancellationToken).ConfigureAwait(false);
        }
        catch (StunResolutionException error)
        {
            if (!server.IsTurn)
            {
                _sink.Warn(server.ToString(), error.Message);
            }

            return;
        }
        catch (OperationCanceledException)
        {
            if (!_stopping.IsCancellationRequested && !server.IsTurn)
            {
                _sink.Warn(server.ToString(), "its name was not resolved in time");
            }

            return;
        }

        using IceDriver.Scope scope = _sink.Driver.Enter();
        foreach (IPEndPoint endPoint in found)
        {
            TransportAddress address = TransportAddress.FromIPEndPoint(endPoint).Unmapped;
            foreach (IceBase one in _sink.Driver.Bases.Values)
            {
                // A loopback server sees nothing from elsewhere, and a server elsewhere nothing from loopback.
                if (one.Probes is { } probes && one.Local.Family == address.Family && one.Local.IsLoopback == address.IsLoopback)
                {
                    probes.Ask(address, _loop.Pacer.Reserve(_sink.Driver.Now));
                }
            }
        }
    }

    private async Task<IReadOnlyList<IPEndPoint>> LocateAsync(IceServer server, CancellationToken cancellationToken)
    {
        if (server.IsTurn)
        {
            TurnServerLocator turn = _options.TurnLocator ?? new TurnServerLocator();
            IReadOnlyList<TurnServerAddress> relays = await turn
                .LocateAsync(server.Server, [StunTransport.Udp], System.Net.Sockets.AddressFamily.Unspecified, cancellationToken).ConfigureAwait(false);
            return [.. relays.Where(static relay => relay.Transport == StunTransport.Udp).Select(static relay => relay.EndPoint)];
        }

        StunServerLocator stun = _options.StunLocator ?? new StunServerLocator();
        var query = new StunServerQuery(server.Server.Host) { Port = server.Server.Port };
        IReadOnlyList<StunServerAddress> servers = await stun.LocateAsync(query, cancellationToken).ConfigureAwait(false);
        return [.. servers.Select(static found => found.EndPoint)];
    }

    /// <returns>Whether there is a relay more.</returns>
    private async Task<bool> GatherRelaysAsync(CancellationToken cancellationToken)
    {
        if (_options.IsLite)
        {
            return false;
        }

        var allocating = new List<Task<bool>>();
        int rank = 0;
        foreach (IceServer server in _options.Servers.Where(static server => server.IsTurn))
        {
            int preference = LocalPreference.Max - (rank++ * 2 * LocalPreference.Step);
            for (int stream = 0; stream < _options.Streams.Count; stream++)
            {
                for (int component = 1; component <= _options.Streams[stream]; component++)
                {
                    if (!HasRelay(server, stream, component))
                    {
                        allocating.Add(AllocateAsync(server, stream, component, preference, cancellationToken));
                    }
                }
            }
        }

        bool[] made = await Task.WhenAll(allocating).ConfigureAwait(false);
        return Array.Exists(made, static one => one);
    }

    // An allocation whose local address has gone can be told nothing any more.
    private async Task<bool> ReplaceLostRelaysAsync(List<HostAddress> addresses, CancellationToken cancellationToken)
    {
        IceRelay[] cut;
        lock (_gate)
        {
            cut =
            [
                .. _relays.Select(static entry => entry.Relay).Where(relay =>
                {
                    var local = TransportAddress.FromIPEndPoint(relay.Allocation.Local).WithPort(0);
                    return !local.IsLoopback && !addresses.Exists(host => host.Address.HasSameAddress(local)) && !IsPresent(local);
                }),
            ];
        }

        foreach (IceRelay relay in cut)
        {
            HandleRelayLost(relay);
        }

        return await GatherRelaysAsync(cancellationToken).ConfigureAwait(false);
    }

    // The filter of candidates does not bind the system's choice of the way to a server.
    private bool IsPresent(TransportAddress local) => _options.Interfaces.List().Any(entry => entry.Address.HasSameAddress(local));

    private bool HasRelay(IceServer server, int stream, int component)
    {
        lock (_gate)
        {
            return _relays.Exists(entry => entry.Server == server && entry.Stream == stream && entry.Component == component);
        }
    }

    // What goes through an allocation is data, or a check, which is shown as the peer sees it.
    private static void ShowUnlessData(Action<StunTrace> trace, StunTrace sight)
    {
        if (StunMessage.Decode(sight.Message.Span, out StunMessage message) == StunDecodeStatus.Ok && message.Method is not (StunMethod.Send or StunMethod.Data))
        {
            trace(sight);
        }
    }

    private async Task<bool> AllocateAsync(IceServer server, int stream, int component, int preference, CancellationToken cancellationToken)
    {
        var client = new TurnClient(server.Server, server.Credential, new TurnClientOptions
        {
            Transport = server.Transport,
            Tls = server.Tls,
            Locator = _options.TurnLocator,
            TimeProvider = _options.TimeProvider,
            Trace = _options.Trace is { } trace ? sight => ShowUnlessData(trace, sight) : null,
        });
        try
        {
            var asked = new TurnAllocationOptions { Dual = server.RelaysBothFamilies, BindsChannels = false };
            TurnAllocation allocation = await client.AllocateAsync(asked, cancellationToken).ConfigureAwait(false);
            return await AddRelayAsync(server, stream, component, preference, allocation).ConfigureAwait(false);
        }
        catch (TurnException error)
        {
            _sink.Warn(server.ToString(), $"{error.Message} {error.Hint}");
        }
        catch (ArgumentException error)
        {
            _sink.Warn(server.ToString(), error.Message);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            _sink.Warn(server.ToString(), "no relayed address in time");
        }

        return false;
    }

    private async Task<bool> AddRelayAsync(IceServer server, int stream, int component, int preference, TurnAllocation allocation)
    {
        var relay = new IceRelay(allocation);
        var bases = new List<IceBase>();
        IPEndPoint?[] relayed = [allocation.Relayed, allocation.AdditionalRelayed];
        TransportAddress from = TransportAddress.FromIPEndPoint(allocation.Server);
        bool added;
        using (_sink.Driver.Enter())
        {
            added = !_sink.Driver.IsDisposed && !_stopping.IsCancellationRequested;
            foreach (IPEndPoint? endPoint in added ? relayed : [])
            {
                if (endPoint is null)
                {
                    continue;
                }

                var address = TransportAddress.FromIPEndPoint(endPoint).Unmapped;
                var one = new RelayBase(relay) { Id = _sink.NextBaseId(), Stream = stream, ComponentId = component, Local = address, Preference = preference };
                relay.Hold();
                bases.Add(one);
                _sink.Driver.Bases.Add(one.Id, one);
                _sink.AddCandidate(new LocalCandidate
                {
                    Stream = stream,
                    ComponentId = component,
                    Type = CandidateType.Relayed,
                    BaseId = one.Id,
                    Address = address,
                    Base = address,
                    RelatedAddress = TellsAddresses ? MappedOf(allocation) : null,
                    Server = from,

                    // Data that goes over TCP to the server suffers from losses twice.
                    LocalPreference = preference - (allocation.Transport == StunTransport.Udp ? 0 : LocalPreference.Step),
                });
            }
        }

        if (!added)
        {
            await allocation.DisposeAsync().ConfigureAwait(false);
            return false;
        }

        lock (_gate)
        {
            _relays.Add((server, stream, component, relay, [.. bases]));
        }

        IceBase[] both = [.. bases];
        IceDriver driver = _sink.Driver;
        relay.Start(
            (peer, datagram) => driver.Deliver(both[^1].Local.Family == peer.Family ? both[^1].Id : both[0].Id, peer, datagram),
            error => _sink.HandleRelayLost(relay, error));
        return true;
    }

    private static TransportAddress? MappedOf(TurnAllocation allocation)
        => allocation.Mapped is { } mapped ? TransportAddress.FromIPEndPoint(mapped).Unmapped : null;
}
