using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// Gathers the candidates of a connection (RFC 8445 section 5.1.1), and gathers again when the network changes. Everything is asked for at the same
/// time, so that what does not answer delays nothing; it becomes a warning.
/// </summary>
internal sealed partial class IceGatherer : IAsyncDisposable
{
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(250);

    private readonly IceOptions _options;
    private readonly IceLoop _loop;
    private readonly IGatheringSink _sink;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly RunningTasks _tasks = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Stream, int Component, TransportAddress Address), List<IceBase>> _hosts = [];
    private IDisposable? _watch;
    private Reflection? _reflection;
    private bool _isStarted;
    private bool _isDisposed;

    public IceGatherer(IceOptions options, IceLoop loop, IGatheringSink sink)
    {
        _options = options;
        _loop = loop;
        _sink = sink;
    }

    private bool UsesHosts => _options.Policy != IcePolicy.RelayOnly;

    private bool TellsAddresses => _options.Policy == IcePolicy.All;

    /// <summary>Begins; once.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_isStarted || _isDisposed)
            {
                return;
            }

            _isStarted = true;
            _tasks.Add(Task.Run(GatherFirstAsync));
            _watch = _options.Watch?.Watch(GatherAgain);
        }
    }

    /// <summary>Looks for new and vanished addresses, as a change of the network does.</summary>
    public void GatherAgain()
    {
        lock (_gate)
        {
            if (_isStarted && !_isDisposed)
            {
                _tasks.Add(Task.Run(() => GatherAsync(isFirst: false)));
            }
        }
    }

    /// <summary>A server has answered, or has not. Under the driver's lock.</summary>
    public void HandleReflexive() => Volatile.Read(ref _reflection)?.Check(_sink.Driver);

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _watch?.Dispose();
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _tasks.WaitAsync().ConfigureAwait(false);
        _stopping.Dispose();
        _turn.Dispose();
    }

    private Task GatherFirstAsync() => GatherAsync(isFirst: true);

    private async Task GatherAsync(bool isFirst)
    {
        try
        {
            await _turn.WaitAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }

        using System.Diagnostics.Activity? activity = IceMetrics.Activities.StartActivity("ice.gather");
        using var patience = new CancellationTokenSource(_options.GatheringTimeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stopping.Token);
        try
        {
            List<HostAddress> addresses = HostAddressSelection.Select(_options.Interfaces.List(), _options.InterfaceFilter, _options.AllowsLoopback);
            bool changed = UpdateHosts(addresses);
            Task<bool> relays = isFirst ? GatherRelaysAsync(either.Token) : ReplaceLostRelaysAsync(addresses, either.Token);
            Task all = Task.WhenAll(isFirst || changed ? ReflectAsync(either.Token) : Task.CompletedTask, relays);
            if (isFirst)
            {
                await WaitQuietAsync(all).ConfigureAwait(false);
                _sink.HandleQuiet();
            }

            await all.ConfigureAwait(false);
            _stopping.Token.ThrowIfCancellationRequested();
            if (isFirst)
            {
                _sink.HandleCompleted();
            }
            else if (changed || await relays.ConfigureAwait(false))
            {
                _sink.HandleNetworkChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task WaitQuietAsync(Task all)
    {
        try
        {
            await all.WaitAsync(QuietTime, _options.TimeProvider, _stopping.Token).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The servers that are late are heard when they answer.
        }
    }

    // Opens what is new and closes what has gone.
    private bool UpdateHosts(List<HostAddress> addresses)
    {
        if (!UsesHosts)
        {
            return false;
        }

        bool changed = false;
        HashSet<TransportAddress> present = [.. addresses.Select(static host => host.Address)];
        foreach ((int, int, TransportAddress Address) key in _hosts.Keys.Where(key => !present.Contains(key.Address)).ToArray())
        {
            changed = true;
            RemoveBases(_hosts[key]);
            _hosts.Remove(key);
        }

        for (int stream = 0; stream < _options.Streams.Count; stream++)
        {
            for (int component = 1; component <= _options.Streams[stream]; component++)
            {
                foreach (HostAddress host in addresses)
                {
                    var key = (stream, component, host.Address);
                    if (!_hosts.ContainsKey(key) && !_stopping.IsCancellationRequested && OpenHost(stream, component, host) is { Count: not 0 } bases)
                    {
                        changed = true;
                        _hosts.Add(key, bases);
                    }
                }
            }
        }

        return changed;
    }

    private List<IceBase> OpenHost(int stream, int component, HostAddress host)
    {
        var bases = new List<IceBase>();
        try
        {
            if (_options.SharedPort is { } port)
            {
                OpenShared(port, stream, component, host, bases);
            }
            else
            {
                OpenUdp(stream, component, host, bases);
            }
        }
        catch (SocketException error)
        {
            // A tentative or vanished address does not cost the others.
            _sink.Warn(host.Address.ToString(), $"no UDP socket on {host.InterfaceName}: {error.Message}");
        }

        if (_options.Tcp != IceTcpCandidates.None && !_options.IsLite && TellsAddresses)
        {
            OpenTcp(stream, component, host, bases);
        }

        return bases;
    }

    private void OpenUdp(int stream, int component, HostAddress host, List<IceBase> bases)
    {
        DatagramSocket socket = PortChoice.Open(_options.Ports, number => DatagramSocket.Open(host.Address, number, _options.MaxDatagramSize));
        var udp = new UdpBase(socket)
        {
            Id = _sink.NextBaseId(),
            Stream = stream,
            ComponentId = component,
            Local = socket.Local,
            Preference = host.Preference,
            Probes = _options.IsLite ? null : new ReflexiveProbes(_loop.Random, _options.GatheringTimeout),
        };
        bases.Add(udp);
        AddHost(udp);
        udp.Start(_sink.Driver);
    }

    private void OpenShared(IceUdpPort port, int stream, int component, HostAddress host, List<IceBase> bases)
    {
        TransportAddress plain = DatagramSocket.WithoutScope(host.Address);
        if (port.Sockets.FirstOrDefault(socket => socket.Local.HasSameAddress(plain)) is not { } socket)
        {
            return;
        }

        var shared = new SharedBase(socket, _sink.Driver)
        {
            Id = _sink.NextBaseId(),
            Stream = stream,
            ComponentId = component,
            Local = socket.Local,
            Preference = host.Preference,
            Probes = _options.IsLite || !socket.TryClaimProbing() ? null : new ReflexiveProbes(_loop.Random, _options.GatheringTimeout),
        };
        bases.Add(shared);
        AddHost(shared);
    }

    private void AddHost(IceBase host)
    {
        using IceDriver.Scope scope = _sink.Driver.Enter();
        if (_sink.Driver.IsDisposed)
        {
            return;
        }

        _sink.Driver.Bases.Add(host.Id, host);
        if (host is SharedBase shared)
        {
            _sink.Name(shared);
        }

        if (_options.Policy != IcePolicy.NoHosts)
        {
            _sink.AddCandidate(new LocalCandidate
            {
                Stream = host.Stream,
                ComponentId = host.ComponentId,
                Type = CandidateType.Host,
                BaseId = host.Id,
                Address = host.Local,
                Base = host.Local,
                LocalPreference = host.Preference,
            });
        }

        AddExternal(host);
        if (host is SharedBase { Probes: null, Reflexive: { } known })
        {
            AddReflexive(host, known.Mapped, known.Server);
        }
    }

    private void AddExternal(IceBase host)
    {
        foreach (IceExternalAddress mapping in _options.ExternalAddresses)
        {
            var external = TransportAddress.FromIPAddress(mapping.External, (ushort)host.Local.Port).Unmapped;
            bool matches = external.Family == host.Local.Family
                && (mapping.Internal is not { } inside || TransportAddress.FromIPAddress(inside, 0).HasSameAddress(host.Local.WithPort(0)));
            if (matches)
            {
                AddReflexive(host, external, default);
            }
        }
    }

    /// <summary>Adds a server-reflexive candidate of a base. Under the driver's lock.</summary>
    public void AddReflexive(IceBase host, TransportAddress mapped, TransportAddress server)
    {
        if (mapped.Unmapped == host.Local && _options.Policy != IcePolicy.NoHosts)
        {
            // Without a NAT it is the host candidate again.
            return;
        }

        _sink.AddCandidate(new LocalCandidate
        {
            Stream = host.Stream,
            ComponentId = host.ComponentId,
            Type = CandidateType.ServerReflexive,
            BaseId = host.Id,
            Address = mapped.Unmapped,
            Base = host.Local,
            RelatedAddress = TellsAddresses ? host.Local : null,
            Server = server,
            LocalPreference = host.Preference,
        });
    }

    private void RemoveBases(List<IceBase> bases)
    {
        IceDriver driver = _sink.Driver;
        foreach (IceBase one in bases)
        {
            using (driver.Enter())
            {
                if (!driver.IsDisposed && driver.Bases.Remove(one.Id))
                {
                    driver.Agent.RemoveBase(one.Id, driver.Now);
                }
            }

            _tasks.Add(one.DisposeAsync().AsTask());
        }
    }
}
