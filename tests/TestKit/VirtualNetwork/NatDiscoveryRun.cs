using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.TestKit;

/// <summary>
/// Drives <see cref="NatDiscovery"/> over a <see cref="VirtualInternet"/> exactly by its contract - transmits, evidence, next timeout after
/// every input - and fails on every breach of it.
/// </summary>
public sealed class NatDiscoveryRun
{
    private const int MaxSteps = 200_000;

    private readonly NatDiscovery _discovery;
    private readonly VirtualInternet _internet;
    private readonly SeededRandom _random;
    private readonly TransportAddress _host;
    private readonly List<TransportAddress> _sockets = [];
    private readonly Dictionary<TransportAddress, int> _numbers = [];
    private readonly HashSet<TransactionId> _started = [];
    private readonly byte[] _buffer = new byte[64];
    private Instant _now;
    private bool _progress;

    public NatDiscoveryRun(NatDiscovery discovery, VirtualInternet internet, TransportAddress host, SeededRandom random)
    {
        _discovery = discovery;
        _internet = internet;
        _host = host;
        _random = random;
    }

    /// <summary>All transmits in order.</summary>
    public List<(Instant When, int Socket, TransportAddress To, byte[] Bytes)> Transmits { get; } = [];

    /// <summary>When each new transaction was first sent.</summary>
    public List<Instant> Starts { get; } = [];

    public List<(Instant When, NatEvidence Evidence)> Evidence { get; } = [];

    /// <summary>The <see cref="NatDiscovery.NextTimeout"/> after each input.</summary>
    public List<(Instant When, Instant? Next)> Deadlines { get; } = [];

    public Instant Now => _now;

    /// <summary>Runs until the discovery has completed, or stops it at a time.</summary>
    public NatReport Run(Instant start, Instant? stopAt = null)
    {
        _now = start;
        _discovery.Start(_now);
        Drain();
        for (int step = 0; !_discovery.IsCompleted; step++)
        {
            if (step > MaxSteps)
            {
                throw new InvalidOperationException($"No end after {MaxSteps} steps at {_now}.");
            }

            Step(stopAt);
        }

        if (_discovery.NextTimeout is not null)
        {
            throw new InvalidOperationException("Completed, but NextTimeout is not null.");
        }

        return _discovery.Report;
    }

    private void Step(Instant? stopAt)
    {
        Instant? timeout = _discovery.NextTimeout;
        Instant? arrival = _internet.NextArrival;
        Instant next = (timeout, arrival) switch
        {
            ({ } t, { } a) => t < a ? t : a,
            ({ } t, null) => t,
            (null, { } a) => a,
            _ => throw new InvalidOperationException($"Not completed at {_now}, but nothing is waited for."),
        };
        if (stopAt is { } stop && next >= stop)
        {
            _now = stop;
            _discovery.Stop(_now);
            Drain();
            return;
        }

        _now = next > _now ? next : _now;
        _internet.Advance(_now);
        while (_internet.TryReceive(out VirtualDatagram? datagram))
        {
            if (_numbers.TryGetValue(datagram!.Destination, out int socket))
            {
                _discovery.HandleDatagram(socket, datagram.Payload.Span, datagram.Source, _now);
                Drain();
            }
        }

        if (_discovery.NextTimeout is { } due && due <= _now)
        {
            _progress = false;
            _discovery.HandleTimeout(_now);
            Drain();
            if (!_progress && _discovery.NextTimeout <= _now)
            {
                throw new InvalidOperationException($"HandleTimeout at {_now} made no progress.");
            }
        }
    }

    private void Drain()
    {
        while (_discovery.TryReadTransmit(_buffer, _now, out NatTransmit transmit))
        {
            _progress = true;
            TransportAddress local = Bind(transmit.Socket);
            byte[] bytes = _buffer.AsSpan(0, transmit.Length).ToArray();
            Transmits.Add((_now, transmit.Socket, transmit.Destination, bytes));
            StunMessage.Decode(bytes, out StunMessage message);
            if (_started.Add(message.TransactionId))
            {
                Starts.Add(_now);
            }

            _internet.Send(local, transmit.Destination, bytes, _now);
        }

        while (_discovery.TryReadEvidence(out NatEvidence? evidence))
        {
            _progress = true;
            Evidence.Add((_now, evidence));
        }

        Deadlines.Add((_now, _discovery.NextTimeout));
    }

    private TransportAddress Bind(int socket)
    {
        while (_sockets.Count <= socket)
        {
            _sockets.Add(default);
        }

        if (_sockets[socket].IsNone)
        {
            TransportAddress local;
            do
            {
                local = _host.WithPort(32768 + _random.Next(32768));
            }
            while (!_numbers.TryAdd(local, socket));
            _sockets[socket] = local;
            _discovery.HandleSocketBound(socket, local);
        }

        return _sockets[socket];
    }
}
