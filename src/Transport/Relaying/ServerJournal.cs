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

    /// <summary>Writes what only the operator and those who have authenticated can cause, so that none of it is left out.</summary>
    public void Write(
        ServerLogLevel level,
        string recordClass,
        string message,
        TransportAddress? source = null,
        params IReadOnlyList<ServerLogField> fields)
        => Write(new ServerLogRecord(level, recordClass, message) { Source = source, Fields = fields, IsUnbounded = false });

    public void Write(ServerLogRecord record)
    {
        try
        {
            log?.Invoke(record);
        }
        catch (Exception)
        {
            // A full disk must not end a loop.
            Interlocked.Increment(ref _failures);
        }
    }

    public void WriteFault(Exception error)
        => Write(new ServerLogRecord(ServerLogLevel.Error, "fault", "A defect of the server; please report it.")
        {
            Fields = [new ServerLogField("error", error.ToString())],
        });

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
                    new("user", created.Username),
                    new("transport", created.Path.Transport.ToString()),
                    new("server", created.Path.Server),
                    new("relayed", created.Relayed),
                    new("protocol", created.Protocol.ToString()));
                break;
            case AllocationEnded ended:
                Write(
                    ServerLogLevel.Information,
                    "allocation",
                    "Allocation ended.",
                    client,
                    new("user", ended.Username),
                    new("transport", ended.Path.Transport.ToString()),
                    new("relayed", ended.Relayed),
                    new("reason", ended.Reason.ToString()),
                    new("ageMs", ended.Age),
                    new("packetsToPeers", ended.Traffic.PacketsToPeers),
                    new("bytesToPeers", ended.Traffic.BytesToPeers),
                    new("packetsToClient", ended.Traffic.PacketsToClient),
                    new("bytesToClient", ended.Traffic.BytesToClient),
                    new("dropped", ended.Traffic.Dropped),
                    new("peers", string.Join(' ', ended.Peers.Select(static peer => peer.ToIPAddress()))));
                break;
        }
    }
}
