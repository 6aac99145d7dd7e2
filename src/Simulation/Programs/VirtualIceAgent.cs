using System;
using System.Collections.Generic;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>
/// The stack's ICE agent on a host: gathers candidates on all interfaces, drives the agent by its contract, relays by TURN, opens TCP connections,
/// follows interfaces that come and go, and keeps a record of what happened.
/// </summary>
public sealed partial class VirtualIceAgent : IDisposable
{
    private const int MaxRecorded = 10_000;

    private readonly VirtualIceAgentOptions _options;
    private readonly VirtualTimer _timer;
    private readonly Dictionary<int, IceBase> _bases = [];
    private readonly List<VirtualIceEvent> _events = [];
    private readonly List<(IceBase Base, TransportAddress Destination, byte[] Message)> _toRelays = [];
    private readonly byte[] _buffer = new byte[IceAgent.MaxMessageSize];
    private bool _draining;
    private bool _again;
    private bool _disposed;

    /// <summary>Prepares an agent; <see cref="Start"/> begins.</summary>
    /// <param name="host">The host.</param>
    /// <param name="options">What it gathers and shall be.</param>
    public VirtualIceAgent(VirtualHost host, VirtualIceAgentOptions options)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        Host = host;
        _options = options;
        _timer = host.CreateTimer(OnTimeout);
        _transactions = new TransactionTable(options.Schedule);
        Agent = new IceAgent(options.Agent, host.Random);
        if (options.FollowsInterfaces)
        {
            host.InterfaceChanged += OnInterfaceChanged;
        }
    }

    /// <summary>The host.</summary>
    public VirtualHost Host { get; }

    /// <summary>The agent, for its properties; commands go through this object, which sends what comes of them.</summary>
    public IceAgent Agent { get; }

    /// <summary>Takes what the peer is to be told, in order.</summary>
    public Action<VirtualSignal>? Signaled { get; set; }

    /// <summary>Called with everything that happens.</summary>
    public Action<VirtualIceAgent, IceEvent>? Happened { get; set; }

    /// <summary>Takes application data.</summary>
    public IceDataHandler? Received { get; set; }

    /// <summary>Called with every message that the agent sends, and with all that comes to it; not with the application data that it sends.</summary>
    public IceMessageHandler? Observed { get; set; }

    /// <summary>What has happened, in order; the first 10,000.</summary>
    public IReadOnlyList<VirtualIceEvent> Events => _events;

    /// <summary>When the first component became usable, in the time of the simulation; null while none was.</summary>
    public Instant? UsableAt { get; private set; }

    /// <summary>How many messages of the agent were sent, to all destinations.</summary>
    public int ChecksSent { get; private set; }

    /// <summary>How many packets of application data were sent.</summary>
    public int DataSent { get; private set; }

    /// <summary>How many packets of application data were received.</summary>
    public int DataReceived { get; private set; }

    /// <summary>Begins: tells the peer the parameters, and gathers.</summary>
    public void Start()
    {
        SignalParameters();
        Gather();
    }

    /// <summary>Takes what the peer says.</summary>
    /// <param name="signal">A signal of the peer's.</param>
    public void Receive(VirtualSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (_disposed)
        {
            return;
        }

        if (signal.Parameters is { } parameters)
        {
            IceCredentials before = Agent.LocalParameters.Credentials;
            Agent.SetRemoteParameters(parameters, Host.Now);
            if (!before.Equals(Agent.LocalParameters.Credentials))
            {
                SignalAll();
            }
        }
        else if (signal.Candidate is { } candidate)
        {
            Agent.AddRemoteCandidate(signal.Stream, candidate, Host.Now);
        }
        else
        {
            Agent.EndRemoteCandidates(Host.Now);
        }

        Drain();
    }

    /// <summary>Restarts (RFC 8445 section 9), and tells the peer.</summary>
    /// <returns>False where too many restarts were asked for.</returns>
    public bool Restart()
    {
        if (!Agent.Restart(Host.Now))
        {
            return false;
        }

        SignalAll();
        Drain();
        return true;
    }

    /// <summary>Sends application data the way it goes now.</summary>
    /// <param name="payload">The data.</param>
    /// <param name="stream">The data stream, counted from 0.</param>
    /// <param name="componentId">The component, counted from 1.</param>
    /// <returns>False where there is no way, or the host refuses.</returns>
    public bool Send(ReadOnlySpan<byte> payload, int stream = 0, int componentId = 1)
    {
        if (_disposed
            || !Agent.TryGetRoute(stream, componentId, Host.Now, out IceRoute route)
            || !_bases.TryGetValue(route.BaseId, out IceBase? from)
            || !from.Send(route.Destination, payload, isCheck: false))
        {
            return false;
        }

        DataSent++;
        return true;
    }

    /// <summary>Ends the session; the peer is not told.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Host.InterfaceChanged -= OnInterfaceChanged;
        Agent.Close(Host.Now);
        _timer.Dispose();
        foreach (IceBase one in _bases.Values)
        {
            one.Dispose();
        }

        Agent.Dispose();
    }

    /// <summary>The host and how far the session is.</summary>
    public override string ToString() => $"{Host.Name}: {Agent.State}";

    internal void HandleDatagram(IceBase to, TransportAddress source, ReadOnlySpan<byte> payload)
    {
        if (to is UdpBase && _asked.Count != 0 && TakeGatheringResponse(payload, source))
        {
            return;
        }

        IceDisposition disposition = Agent.HandleDatagram(to.Id, source, payload, Host.Now, out IceArrival arrival);
        Observed?.Invoke(this, to.Id, source, payload, disposition);
        if (disposition != IceDisposition.ApplicationData)
        {
            Drain();
            return;
        }

        DataReceived++;
        if (_options.Echoes)
        {
            Send(payload, arrival.Stream, arrival.ComponentId);
        }

        Received?.Invoke(this, arrival, payload);
    }

    internal void HandleUnreachable(int baseId, TransportAddress destination)
    {
        _transactions.HandleUnreachable(destination, Host.Now);
        Agent.HandleUnreachable(baseId, destination, Host.Now);
        Drain();
    }

    internal void HandleConnected(int baseId, TransportAddress remote)
    {
        Agent.HandleConnected(baseId, remote, Host.Now);
        Drain();
    }

    internal void HandleConnectionLost(int baseId, TransportAddress remote)
    {
        Agent.HandleConnectionLost(baseId, remote, Host.Now);
        Drain();
    }

    private void OnTimeout()
    {
        _transactions.HandleTimeout(Host.Now);
        Agent.HandleTimeout(Host.Now);
        Drain();
    }

    private void SignalParameters() => Signaled?.Invoke(new VirtualSignal { Parameters = Agent.LocalParameters });

    private void SignalAll()
    {
        SignalParameters();
        for (int stream = 0; stream < _options.Agent.Streams.Count; stream++)
        {
            foreach (Candidate candidate in Agent.GetLocalCandidates(stream))
            {
                Signaled?.Invoke(new VirtualSignal { Stream = stream, Candidate = candidate });
            }
        }

        if (_gathered)
        {
            Signaled?.Invoke(new VirtualSignal());
        }
    }

    /// <summary>The agent's contract: transmits, then events, then the next timeout.</summary>
    private void Drain()
    {
        if (_disposed)
        {
            return;
        }

        // What a TURN client reports within is taken up when the round is over.
        if (_draining)
        {
            _again = true;
            return;
        }

        _draining = true;
        do
        {
            _again = false;
            SendTransmits();
            ReadEvents();
            SendToRelays();
            SettleGathering();
        }
        while (_again && !_disposed);
        _draining = false;
        if (!_disposed)
        {
            _timer.Due = Earlier(Agent.NextTimeout, _transactions.NextTimeout);
        }
    }

    private static Instant? Earlier(Instant? left, Instant? right) => left is null || right < left ? right ?? left : left;

    private void SendTransmits()
    {
        while (Agent.TryReadTransmit(_buffer, Host.Now, out IceTransmit transmit))
        {
            ChecksSent++;
            ReadOnlySpan<byte> message = _buffer.AsSpan(0, transmit.Length);
            Observed?.Invoke(this, transmit.BaseId, transmit.Destination, message, null);
            if (!_bases.TryGetValue(transmit.BaseId, out IceBase? from))
            {
                continue;
            }

            if (from is RelayBase)
            {
                // Behind the permissions that the events ask for.
                _toRelays.Add((from, transmit.Destination, message.ToArray()));
            }
            else if (!from.Send(transmit.Destination, message, isCheck: true))
            {
                Agent.HandleUnreachable(from.Id, transmit.Destination, Host.Now);
                _again = true;
            }
        }
    }

    private void SendToRelays()
    {
        Permit();
        foreach ((IceBase from, TransportAddress destination, byte[] message) in _toRelays)
        {
            from.Send(destination, message, isCheck: true);
        }

        _toRelays.Clear();
    }
}
