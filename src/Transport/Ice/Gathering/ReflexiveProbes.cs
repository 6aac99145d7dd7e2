using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// Asks STUN servers, from one base, which address they see: several at the same time, the first answer counts, and the binding is kept alive at the
/// server that gave it (RFC 8445 sections 5.1.1.2 and 5.1.1.4). Without IO and time of its own; its driver owns it.
/// </summary>
internal sealed class ReflexiveProbes(RandomNumberGenerator random, TimeSpan patience)
{
    /// <summary>Servers that one base asks; a bound of ours.</summary>
    public const int MaxServers = 16;

    private const int RequestSize = 64;

    // NATs forget UDP bindings after 30 s and more (RFC 4787 section 4.3 asks for two minutes); RFC 8445 section 11 has 15 s for the same purpose.
    private static readonly TimeSpan KeepaliveInterval = TimeSpan.FromSeconds(15);

    private readonly TransactionTable _table = new(RetransmissionSchedule.Default with { Limit = patience }, capacity: MaxServers + 1);
    private readonly Dictionary<TransportAddress, RequestTransaction?> _servers = [];
    private readonly List<(TransportAddress Server, Instant Due)> _planned = [];
    private readonly Queue<ReflexiveOutcome> _outcomes = new();
    private TransportAddress _mapped;
    private TransportAddress _keeper;
    private Instant? _nextKeepalive;

    public Instant? NextTimeout
    {
        get
        {
            Instant? next = Earlier(_table.NextTimeout, IsKeptAlive ? _nextKeepalive : null);
            foreach ((_, Instant due) in _planned)
            {
                next = Earlier(next, due);
            }

            return next;
        }
    }

    /// <summary>Whether the binding is refreshed; it is until the session has no use for it.</summary>
    public bool IsKeptAlive { get; set; } = true;

    /// <summary>Whether an answer is still waited for.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>Plans a question.</summary>
    /// <returns>False where the server is asked already, or one too many.</returns>
    public bool Ask(TransportAddress server, Instant due)
    {
        if (_servers.Count >= MaxServers || !_mapped.IsNone || !_servers.TryAdd(server, null))
        {
            return false;
        }

        IsAsking = true;
        _planned.Add((server, due));
        return true;
    }

    /// <summary>Takes a datagram from a server that was asked.</summary>
    /// <returns>False where it is not an answer, and for somebody else.</returns>
    public bool HandleDatagram(ReadOnlySpan<byte> datagram, TransportAddress source, Instant now)
    {
        if (!_servers.ContainsKey(source))
        {
            return false;
        }

        bool taken = _table.HandleDatagram(datagram, source, now) is DatagramDisposition.Completed or DatagramDisposition.WrongSource;
        Settle(now);
        return taken;
    }

    public void HandleUnreachable(TransportAddress destination, Instant now)
    {
        _table.HandleUnreachable(destination, now);
        Settle(now);
    }

    public void HandleTimeout(Instant now)
    {
        for (int i = _planned.Count - 1; i >= 0; i--)
        {
            (TransportAddress server, Instant due) = _planned[i];
            if (due <= now)
            {
                _planned.RemoveAt(i);
                Start(server, now);
            }
        }

        if (IsKeptAlive && _nextKeepalive <= now)
        {
            _nextKeepalive = now + KeepaliveInterval;
            Start(_keeper, now);
        }

        _table.HandleTimeout(now);
        Settle(now);
    }

    public bool TryReadTransmit(Span<byte> buffer, Instant now, out StunTransmit transmit) => _table.TryReadTransmit(buffer, now, out transmit);

    public bool TryReadOutcome(out ReflexiveOutcome outcome) => _outcomes.TryDequeue(out outcome);

    private static Instant? Earlier(Instant? left, Instant? right) => left is null || right < left ? right ?? left : left;

    private static TransportAddress ReadMapped(ReadOnlySpan<byte> response)
        => StunMessage.Decode(response, out StunMessage message) == StunDecodeStatus.Ok
            && (message.ReadXorMappedAddress(out TransportAddress mapped) == StunAttributeStatus.Present
                || message.ReadMappedAddress(out mapped) == StunAttributeStatus.Present)
            ? mapped
            : default;

    private void Start(TransportAddress server, Instant now)
    {
        Span<byte> buffer = stackalloc byte[RequestSize];
        var writer = new StunMessageWriter(buffer, new StunMessageType(StunMethod.Binding, StunClass.Request), TransactionId.Create(random));
        writer.AddFingerprint();
        var request = new TransactionRequest { Message = writer.Written, Destination = server };
        if (_table.TryStart(request, now, out RequestTransaction? transaction))
        {
            _servers[server] = transaction;
        }
    }

    private void Settle(Instant now)
    {
        while (_table.TryReadCompleted(out RequestTransaction? transaction))
        {
            TransportAddress mapped = transaction.Outcome == TransactionOutcome.Success ? ReadMapped(transaction.Response.Span) : default;
            if (mapped.IsNone)
            {
                Complain(transaction);
            }
            else if (mapped != _mapped)
            {
                Accept(transaction.Destination, mapped, now);
            }
        }

        IsAsking = _mapped.IsNone && (_table.Count != 0 || _planned.Count != 0);
    }

    private void Complain(RequestTransaction transaction)
    {
        // An unanswered keepalive is followed by the next one.
        if (_mapped.IsNone)
        {
            string problem = transaction.Outcome switch
            {
                TransactionOutcome.Success => "its answer has no address",
                TransactionOutcome.Error => "it answered with an error",
                TransactionOutcome.Unreachable => "nobody listens there, or there is no way (ICMP)",
                _ => $"no answer to {transaction.Attempts} requests",
            };
            _outcomes.Enqueue(new ReflexiveOutcome(transaction.Destination, default, problem));
        }
    }

    private void Accept(TransportAddress server, TransportAddress mapped, Instant now)
    {
        _mapped = mapped;
        _keeper = server;
        _nextKeepalive = now + KeepaliveInterval;
        _outcomes.Enqueue(new ReflexiveOutcome(server, mapped, null));
        _planned.Clear();
        foreach (RequestTransaction? other in _servers.Values)
        {
            if (other is { IsCompleted: false })
            {
                _table.Cancel(other, now);
            }
        }
    }
}
