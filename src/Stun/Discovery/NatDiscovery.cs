using System;
using System.Collections.Generic;
using System.Security.Cryptography;

namespace Stack.Stun;

/// <summary>
/// NAT behaviour discovery (RFC 5780 section 4) without IO: mapping first, then filtering and hairpinning on fresh sockets, then, if asked
/// for, the binding lifetime. Every probe is sent again on schedule and answers are matched by source.
/// </summary>
/// <remarks>
/// <para>The members are of four kinds. Inputs: <see cref="HandleSocketBound"/>, <see cref="HandleDatagram"/>, <see cref="HandleUnreachable"/>,
/// <see cref="HandleTimeout"/>; they never throw on a peer's bytes. Commands: <see cref="Start"/>, <see cref="Stop"/>. Outputs:
/// <see cref="TryReadTransmit"/>, <see cref="TryReadEvidence"/>, <see cref="NextTimeout"/>. Queries: <see cref="Report"/>,
/// <see cref="IsCompleted"/>.</para>
/// <para>After each input or command: read all transmits, then all evidence, then <see cref="NextTimeout"/>. <c>now</c> never goes back. Not
/// safe for concurrent use: one loop owns it.</para>
/// </remarks>
public sealed class NatDiscovery
{
    /// <summary>How many servers are asked at most.</summary>
    public const int MaxServers = 8;

    private readonly NatDiscoveryOptions _options;
    private readonly RandomNumberGenerator _random;
    private readonly RoundTripCache _roundTrips = new();
    private readonly List<NatSocket> _sockets = [];
    private readonly Dictionary<TransactionId, NatProbe> _probes = [];
    private readonly Queue<NatProbe> _waiting = new();
    private readonly Queue<NatEvidence> _evidence = new();
    private readonly NatFindings _findings = new();
    private readonly MappingTests _mapping;
    private FilteringTests? _filtering;
    private HairpinningTest? _hairpinning;
    private LifetimeTest? _lifetime;
    private Instant _nextStart;
    private bool _started;

    /// <summary>Prepares discovery.</summary>
    /// <param name="servers">
    /// 1 to <see cref="MaxServers"/> servers of one address family. The first that offers another address (RFC 5780, RFC 3489) is used for all
    /// tests; where none does, the mapped addresses that several servers see are compared.
    /// </param>
    /// <param name="random">The source of transaction ids.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no server, there are too many, or they are of two families.</exception>
    public NatDiscovery(IReadOnlyList<TransportAddress> servers, RandomNumberGenerator random, NatDiscoveryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(servers);
        ArgumentNullException.ThrowIfNull(random);
        if (servers.Count is 0 or > MaxServers)
        {
            throw new ArgumentException($"There must be 1 to {MaxServers} servers.", nameof(servers));
        }

        foreach (TransportAddress server in servers)
        {
            if (server.IsNone || server.Port == 0 || server.Family != servers[0].Family)
            {
                throw new ArgumentException("The servers must have ports and be of one address family.", nameof(servers));
            }
        }

        _options = options ?? new NatDiscoveryOptions();
        _random = random;
        _mapping = new MappingTests(this, _findings, servers);
    }

    /// <summary>Whether all tests have ended and <see cref="Report"/> is final.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>What is known so far.</summary>
    public NatReport Report => _findings.ToReport();

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; null once completed.</summary>
    public Instant? NextTimeout
    {
        get
        {
            if (IsCompleted || !_started)
            {
                return null;
            }

            Instant? next = _waiting.Count != 0 ? _nextStart : null;
            foreach (NatSocket socket in _sockets)
            {
                next = Earlier(next, socket.Table.NextTimeout);
            }

            return Earlier(next, _lifetime?.NextTimeout);
        }
    }

    internal NatDiscoveryOptions Options => _options;

    /// <summary>Begins.</summary>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidOperationException">Discovery was started or stopped before.</exception>
    public void Start(Instant now)
    {
        if (_started || IsCompleted)
        {
            throw new InvalidOperationException("Discovery was started or stopped before.");
        }

        _started = true;
        _nextStart = now;
        _mapping.Start(OnMappingEnded);
        StartWaiting(now);
    }

    /// <summary>Ends at once; what is not known yet stays unknown.</summary>
    /// <param name="now">The time.</param>
    public void Stop(Instant now)
    {
        foreach (NatProbe probe in _probes.Values)
        {
            probe.Socket.Table.Cancel(probe.Transaction!, now);
        }

        _probes.Clear();
        _waiting.Clear();
        if (!IsCompleted)
        {
            _findings.NoteStopped(_options.MeasureLifetime);
        }

        IsCompleted = true;
    }

    /// <summary>Takes the local endpoint of a new socket.</summary>
    /// <param name="socket">The number that a transmit has named.</param>
    /// <param name="local">The endpoint, with the address that packets to the server leave from.</param>
    public void HandleSocketBound(int socket, TransportAddress local) => _sockets[socket].Local = local.Unmapped;

    /// <summary>Takes a datagram.</summary>
    /// <param name="socket">The number of the socket that received it.</param>
    /// <param name="datagram">Exactly the bytes received.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="now">When it came.</param>
    public void HandleDatagram(int socket, ReadOnlySpan<byte> datagram, TransportAddress source, Instant now)
    {
        if (IsCompleted || StunMessage.Decode(datagram, out StunMessage message) != StunDecodeStatus.Ok)
        {
            return;
        }

        // A request with one of our own ids has come back through the NAT.
        if (message.Class == StunClass.Request)
        {
            _hairpinning?.HandleRequest(_sockets[socket], message.TransactionId, now);
        }
        else if (_probes.TryGetValue(message.TransactionId, out NatProbe? probe)
            && (probe.ArrivalSocket ?? probe.Socket).Number == socket)
        {
            probe.Socket.Table.HandleDatagram(datagram, source.Unmapped, now);
        }

        Settle(now);
    }

    /// <summary>Takes an ICMP error, or the refusal of the operating system to send or to bind.</summary>
    /// <param name="socket">The number of the socket.</param>
    /// <param name="destination">Whom it is about.</param>
    /// <param name="now">When it came.</param>
    public void HandleUnreachable(int socket, TransportAddress destination, Instant now)
    {
        _sockets[socket].Table.HandleUnreachable(destination, now);
        Settle(now);
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="now">The time.</param>
    public void HandleTimeout(Instant now)
    {
        if (IsCompleted)
        {
            return;
        }

        foreach (NatSocket socket in _sockets)
        {
            socket.Table.HandleTimeout(now);
        }

        _lifetime?.HandleTimeout(now);
        Settle(now);
    }

    /// <summary>Reads the next probe to send.</summary>
    /// <param name="buffer">Where its bytes go; at least 64.</param>
    /// <param name="now">The time.</param>
    /// <param name="transmit">Socket, destination and length.</param>
    /// <returns>False where there is nothing to send.</returns>
    public bool TryReadTransmit(Span<byte> buffer, Instant now, out NatTransmit transmit)
    {
        foreach (NatSocket socket in _sockets)
        {
            if (socket.Table.TryReadTransmit(buffer, now, out StunTransmit datagram))
            {
                transmit = new NatTransmit(socket.Number, datagram.Destination, datagram.Length);
                return true;
            }
        }

        transmit = default;
        return false;
    }

    /// <summary>Reads the next probe that has ended, for those who want to show progress; the report has them all.</summary>
    /// <param name="evidence">The probe.</param>
    public bool TryReadEvidence([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out NatEvidence? evidence)
        => _evidence.TryDequeue(out evidence);

    internal NatSocket OpenSocket()
    {
        var socket = new NatSocket(_sockets.Count, new TransactionTable(_options.Schedule, _roundTrips));
        _sockets.Add(socket);
        return socket;
    }

    /// <summary>Puts a probe in line; it starts when the pacing allows.</summary>
    internal void Send(NatProbe probe) => _waiting.Enqueue(probe);

    internal void Succeed(NatProbe probe, Instant now)
    {
        if (_probes.Remove(probe.Transaction!.Id))
        {
            probe.Socket.Table.Cancel(probe.Transaction, now);
            probe.Outcome = NatProbeOutcome.Answered;
            Conclude(probe, now);
        }
    }

    internal void Abandon(NatProbe probe, Instant now)
    {
        probe.IsAbandoned = true;
        if (probe.Transaction is { } transaction && _probes.Remove(transaction.Id))
        {
            probe.Socket.Table.Cancel(transaction, now);
        }
    }

    private static Instant? Earlier(Instant? left, Instant? right)
        => left is null ? right : right is null || left < right ? left : right;

    private void Settle(Instant now)
    {
        for (int i = 0; i < _sockets.Count; i++)
        {
            while (_sockets[i].Table.TryReadCompleted(out RequestTransaction? transaction))
            {
                if (_probes.Remove(transaction.Id, out NatProbe? probe))
                {
                    probe.End(transaction);
                    Conclude(probe, now);
                }
            }
        }

        StartWaiting(now);
    }

    private void Conclude(NatProbe probe, Instant now)
    {
        NatEvidence evidence = probe.ToEvidence();
        _findings.Note(probe, evidence);
        _evidence.Enqueue(evidence);
        probe.Ended(probe, now);
    }

    private void StartWaiting(Instant now)
    {
        Span<byte> buffer = stackalloc byte[64];
        while (_waiting.Count != 0 && now >= _nextStart)
        {
            NatProbe probe = _waiting.Dequeue();
            if (probe.IsAbandoned)
            {
                continue;
            }

            var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, TransactionId.Create(_random));
            if (probe.ChangeRequest is { } flags)
            {
                writer.AddChangeRequest(flags);
            }

            if (probe.ResponsePort is { } port)
            {
                writer.AddResponsePort(port);
            }

            var request = new TransactionRequest
            {
                Message = writer.Written,
                Destination = probe.To,
                ExpectedSource = probe.ExpectedSource,
                Schedule = probe.Schedule,
                Tag = probe,
            };
            if (probe.Socket.Table.TryStart(request, now, out RequestTransaction? transaction))
            {
                probe.Transaction = transaction;
                _probes.Add(transaction.Id, probe);
            }

            _nextStart = now + _options.Pacing;
        }
    }

    private void OnMappingEnded(Instant now)
    {
        if (_mapping.Server is null)
        {
            Complete();
            return;
        }

        // Filtering and hairpinning use sockets of their own, so neither disturbs the other.
        _filtering = new FilteringTests(this, _findings, _mapping);
        _hairpinning = new HairpinningTest(this, _findings, _mapping.Server.Value);
        _filtering.Start(OnPhaseEnded);
        _hairpinning.Start(OnPhaseEnded);

        // Both may have nothing to do, and then nobody else says so.
        OnPhaseEnded(now);
    }

    private void OnPhaseEnded(Instant now)
    {
        if (IsCompleted || _filtering is not { IsCompleted: true } || _hairpinning is not { IsCompleted: true })
        {
            return;
        }

        if (_lifetime is null && _options.MeasureLifetime)
        {
            _lifetime = new LifetimeTest(this, _findings, _mapping.Server!.Value);
            _lifetime.Start(OnPhaseEnded);
        }

        if (_lifetime is null or { IsCompleted: true })
        {
            Complete();
        }
    }

    private void Complete()
    {
        _findings.Classify();
        IsCompleted = true;
    }
}
