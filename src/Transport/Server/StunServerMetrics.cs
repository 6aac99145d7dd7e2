using System.Collections.Generic;
using System.Diagnostics.Metrics;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// The counters of a server, published by the meter <c>Stack.Stun.Server</c>: <c>stun.server.datagrams</c> by what became of them and by
/// transport, <c>stun.server.connections</c> by what became of them, <c>stun.server.send_failures</c>,
/// <c>stun.server.faults</c>.
/// </summary>
internal sealed class StunServerMetrics : System.IDisposable
{
    public const string MeterName = "Stack.Stun.Server";

    private static readonly string[] Outcomes =
        ["answered", "refused", "malformed", "wrong-fingerprint", "not-a-request", "unknown-method", "rate-limited"];

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _datagrams;
    private readonly Counter<long> _connections;
    private readonly Counter<long> _sendFailures;
    private readonly Counter<long> _faults;

    public StunServerMetrics()
    {
        _datagrams = _meter.CreateCounter<long>("stun.server.datagrams", "{message}", "Messages received, by what became of them.");
        _connections = _meter.CreateCounter<long>("stun.server.connections", "{connection}", "TCP and TLS connections, by what became of them.");
        _sendFailures = _meter.CreateCounter<long>("stun.server.send_failures", "{message}", "Replies that the network refused.");
        _faults = _meter.CreateCounter<long>("stun.server.faults", "{message}", "Messages that met a defect of the server; report it.");
    }

    public void CountDatagram(BindingDisposition disposition, string transport) => _datagrams.Add(
        1,
        new KeyValuePair<string, object?>("outcome", Outcomes[(int)disposition]),
        new KeyValuePair<string, object?>("transport", transport));

    public void CountTruncated(string transport) => CountDatagram(BindingDisposition.Malformed, transport);

    public void CountConnection(string outcome) => _connections.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void CountFault() => _faults.Add(1);

    public void CountSendFailure() => _sendFailures.Add(1);

    public void Dispose() => _meter.Dispose();
}
