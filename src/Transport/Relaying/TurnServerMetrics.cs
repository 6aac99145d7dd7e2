using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>
/// The meter <c>Stack.Turn.Server</c>. The loops count in plain numbers; these are read when somebody asks, so that counting costs a packet
/// nothing.
/// </summary>
internal sealed class TurnServerMetrics : IDisposable
{
    public const string MeterName = "Stack.Turn.Server";

    private static readonly string[] Dispositions = [.. Enum.GetNames<TurnServerDisposition>().Select(ToTag)];
    private static readonly string[] Transports = [.. Enum.GetNames<StunTransport>().Select(ToTag)];
    private static readonly KeyValuePair<string, object?>[] ToPeer = [new("direction", "to-peer")];
    private static readonly KeyValuePair<string, object?>[] ToClient = [new("direction", "to-client")];

    private readonly Meter _meter;
    private readonly IReadOnlyList<RelayShard> _shards;
    private readonly TurnStreamSharing _streams;

    public TurnServerMetrics(
        TurnServerHost host,
        IReadOnlyList<RelayShard> shards,
        TurnServerResources resources,
        TurnStreamSharing streams,
        ServerJournal journal)
    {
        // Several hosts in a process have meters of one name: the scope tells them apart.
        _meter = new Meter(new MeterOptions(MeterName) { Scope = host });
        _shards = shards;
        _streams = streams;
        _meter.CreateObservableCounter("turn.server.messages", GetMessages, "{message}", "Messages from clients, by what became of them.");
        _meter.CreateObservableCounter("turn.server.peer_datagrams", GetPeerDatagrams, "{packet}", "Datagrams from peers, by what became of them.");
        _meter.CreateObservableCounter(
            "turn.server.relayed_packets",
            () => Both(static c => c.PacketsToPeers, static c => c.PacketsToClients),
            "{packet}",
            "Datagrams sent on.");
        _meter.CreateObservableCounter(
            "turn.server.relayed_bytes",
            () => Both(static c => c.BytesToPeers, static c => c.BytesToClients),
            "By",
            "Application data sent on, over UDP and TCP.");
        _meter.CreateObservableCounter("turn.server.dropped", GetDropped, "{packet}", "Packets lost inside the server, by reason.");
        Count("turn.server.send_failures", static c => c.SendFailures, "Datagrams that the network refused.");
        Count("turn.server.receive_failures", static c => c.ReceiveFailures, "Errors that the network reported in place of a datagram.");
        Count("turn.server.icmp", static c => c.IcmpErrors, "ICMP errors about datagrams to peers.");
        _meter.CreateObservableCounter(
            "turn.server.faults",
            () => Sum(static c => c.Faults) + _streams.Metrics.Faults,
            "{message}",
            "Messages that met a defect of the server; report it.");
        _meter.CreateObservableCounter("turn.server.journal_failures", () => journal.Failures, "{record}", "Records that those who watch did not take.");
        _meter.CreateObservableCounter("turn.server.connections", GetConnections, "{connection}", "TCP and TLS connections, by what became of them.");
        _meter.CreateObservableUpDownCounter("turn.server.allocations", () => (long)resources.AllocationCount, "{allocation}", "Allocations that live.");
        _meter.CreateObservableUpDownCounter("turn.server.open_connections", () => (long)_streams.Count, "{connection}", "TCP and TLS connections that are open.");
        _meter.CreateObservableUpDownCounter("turn.server.relay_ports", () => (long)resources.PortsInUse, "{port}", "Relay ports that are given out or reserved.");
    }

    public void Dispose() => _meter.Dispose();

    // NoPermission becomes no-permission.
    private static string ToTag(string name)
        => string.Concat(name.Select(static (letter, at) => char.IsAsciiLetterUpper(letter) ? $"{(at == 0 ? "" : "-")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private void Count(string name, Func<ShardCounters, long> get, string description)
        => _meter.CreateObservableCounter(name, () => Sum(get), "{packet}", description);

    private long Sum(Func<ShardCounters, long> get) => _shards.Sum(shard => get(shard.Counters));

    private Measurement<long>[] Both(Func<ShardCounters, long> toPeer, Func<ShardCounters, long> toClient)
        => [new(Sum(toPeer), ToPeer), new(Sum(toClient), ToClient)];

    private IEnumerable<Measurement<long>> GetMessages()
    {
        for (int disposition = 0; disposition < Dispositions.Length; disposition++)
        {
            for (int transport = 0; transport < Transports.Length; transport++)
            {
                long count = Sum(counters => counters.GetMessages(disposition, transport));
                if (count != 0)
                {
                    yield return new(count, new("outcome", Dispositions[disposition]), new("transport", Transports[transport]));
                }
            }
        }
    }

    private IEnumerable<Measurement<long>> GetPeerDatagrams()
    {
        for (int disposition = 0; disposition < Dispositions.Length; disposition++)
        {
            long count = Sum(counters => counters.GetPeerDatagrams(disposition));
            if (count != 0)
            {
                yield return new(count, new KeyValuePair<string, object?>("outcome", Dispositions[disposition]));
            }
        }
    }

    private Measurement<long>[] GetDropped()
        =>
        [
            new(Sum(static c => c.Truncated), new KeyValuePair<string, object?>("reason", "truncated")),
            new(Sum(static c => c.Overflowed), new KeyValuePair<string, object?>("reason", "slow-reader")),
        ];

    private IEnumerable<Measurement<long>> GetConnections()
    {
        foreach ((string outcome, long count) in _streams.Metrics.GetOutcomes())
        {
            yield return new(count, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
