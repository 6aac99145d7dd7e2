using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>Tells those who watch the server what happens. What they throw is their own loss.</summary>
internal sealed class ServerJournal(Action<StunTrace>? trace, Action<ServerLogRecord>? log)
{
    private long _failures;

    /// <summary>How often one of them threw.</summary>
    public long Failures => Volatile.Read(ref _failures);

    public void Trace(bool isSent, TransportAddress remote, StunTransport transport, ReadOnlySpan<byte> message)
    {
        if (trace is null)
        {
            return;
        }

        try
        {
            trace(new StunTrace(isSent, remote.ToIPEndPoint(), transport, message.ToArray()));
        }
        catch (Exception)
        {
            // It promised not to throw; the loop must not pay for it.
            Interlocked.Increment(ref _failures);
        }
    }

    public void Write(
        ServerLogLevel level,
        string recordClass,
        string message,
        TransportAddress? source = null,
        params (string Name, object? Value)[] fields)
    {
        try
        {
            log?.Invoke(new ServerLogRecord(level, recordClass, source, message, [.. fields.Select(static field => KeyValuePair.Create(field.Name, field.Value))]));
        }
        catch (Exception)
        {
            // A full disk must not end a loop.
            Interlocked.Increment(ref _failures);
        }
    }

    public void WriteFault(Exception error)
        => Write(ServerLogLevel.Error, "fault", "A defect of the server; please report it.", null, ("error", error.ToString()));

    public void Write(TurnServerEvent happened)
    {
        if (log is null)
        {
            return;
        }

        TransportAddress client = happened.Path.Client.Value;
        switch (happened)
        {
            case AllocationCreated created:
                Write(
                    ServerLogLevel.Information,
                    "allocation",
                    "Allocation created.",
                    client,
                    ("user", created.Username),
                    ("transport", created.Path.Transport),
                    ("server", created.Path.Server),
                    ("relayed", created.Relayed),
                    ("protocol", created.Protocol));
                break;
            case AllocationEnded ended:
                Write(
                    ServerLogLevel.Information,
                    "allocation",
                    "Allocation ended.",
                    client,
                    ("user", ended.Username),
                    ("transport", ended.Path.Transport),
                    ("relayed", ended.Relayed),
                    ("reason", ended.Reason),
                    ("seconds", Math.Round(ended.Age.TotalSeconds, 3)),
                    ("packetsToPeers", ended.Traffic.PacketsToPeers),
                    ("bytesToPeers", ended.Traffic.BytesToPeers),
                    ("packetsToClient", ended.Traffic.PacketsToClient),
                    ("bytesToClient", ended.Traffic.BytesToClient),
                    ("dropped", ended.Traffic.Dropped),
                    ("peers", string.Join(' ', ended.Peers.Select(static peer => peer.ToIPAddress()))));
                break;
        }
    }
}
