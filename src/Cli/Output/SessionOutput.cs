using System;
using System.Globalization;
using System.Text.Json;
using Stack.Sessions;
using Stack.Signaling;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>What <c>stackcli ice --session</c> prints: a line for each thing that happens, or one object.</summary>
internal sealed class SessionOutput(Terminal terminal, bool isJson)
{
    public void Join(IceSession session, string dialect)
    {
        if (isJson)
        {
            WriteEvent("joined", json =>
            {
                json.WriteNumber("id", session.Id);
                json.WriteString("server", session.Server);
                json.WriteString("dialect", dialect);
                json.WriteStartArray("peers");
                foreach (IceSessionPeer peer in session.Peers)
                {
                    json.WriteStartObject();
                    WritePeer(json, peer);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
        }
        else
        {
            string number = session.Id == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" as peer {session.Id}");
            terminal.Fact("joined", $"{session.Server}{number}");
        }
    }

    public void Come(IceSessionPeer peer)
    {
        if (isJson)
        {
            WriteEvent("peer", json => WritePeer(json, peer));
        }
        else
        {
            terminal.Fact("peer", $"{Name(peer)} is there, dialect {DialectOf(peer) ?? "unknown"}");
        }
    }

    public void Connect(IceSessionPeer peer, IcePath path, TimeSpan? connecting)
    {
        if (isJson)
        {
            WriteEvent("connected", json =>
            {
                json.WriteNumber("id", peer.Id);
                json.WriteMilliseconds("connectMs", connecting);
                WritePath(json, path);
            });
        }
        else
        {
            terminal.Fact("connected", $"{Name(peer)}: {Describe(path)}{(connecting is { } time ? $", after {IceOutput.Milliseconds(time)}" : "")}");
        }
    }

    public void Move(IceSessionPeer peer, IcePath path)
    {
        if (isJson)
        {
            WriteEvent("path", json =>
            {
                json.WriteNumber("id", peer.Id);
                WritePath(json, path);
            });
        }
        else
        {
            terminal.Fact("other path", $"{Name(peer)}: {Describe(path)}");
        }
    }

    public void ShowStatistics(IceSessionPeer peer, PeerProbes probes)
    {
        if (isJson)
        {
            WriteEvent("stats", json =>
            {
                json.WriteNumber("id", peer.Id);
                json.WriteNumber("sent", probes.Sent);
                json.WriteNumber("received", probes.Received);
                json.WriteNumber("lost", probes.Lost);
                json.WriteNumber("lostPercent", LostPercent(probes));
                probes.Summarize(times => times.WriteTo(json));
                if (probes.Connection.Path is { } path)
                {
                    WritePath(json, path);
                }
            });
        }
        else
        {
            terminal.Fact("probes", $"{Name(peer)}: {Counts(probes)}{(probes.Connection.Path is { } path ? $", {Way(path)}" : "")}");
        }
    }

    public void Disconnect(IceSessionPeer peer)
    {
        if (isJson)
        {
            WriteEvent("disconnected", json => json.WriteNumber("id", peer.Id));
        }
        else
        {
            terminal.Fact("disconnected", $"{Name(peer)}: no path any more");
        }
    }

    public void Fail(IceSessionPeer peer, Exception error)
    {
        string? hint = (error as IceException)?.Hint;
        if (isJson)
        {
            WriteEvent("failed", json =>
            {
                json.WriteNumber("id", peer.Id);
                json.WriteForeign("reason", error.Message);
                json.WriteForeign("hint", hint);
                json.WriteStartArray("pairs");
                foreach (IcePairStatistics pair in peer.Connection?.GetStatistics() ?? [])
                {
                    IceOutput.WritePair(json, pair);
                }

                json.WriteEndArray();
            });
        }
        else
        {
            terminal.Fact("failed", $"{Name(peer)}: {error.Message}");
            if (hint is not null)
            {
                terminal.Fact("hint", hint);
            }
        }
    }

    public void Leave(IceSessionPeer peer)
    {
        if (isJson)
        {
            WriteEvent("gone", json => json.WriteNumber("id", peer.Id));
        }
        else
        {
            terminal.Fact("gone", Name(peer));
        }
    }

    public void Lose(string? reason)
    {
        if (isJson)
        {
            WriteEvent("lost", json => json.WriteForeign("reason", reason));
        }
        else
        {
            terminal.Fact("server lost", $"{reason}; connections go on");
        }
    }

    public void Resume()
    {
        if (isJson)
        {
            WriteEvent("resumed", static _ => { });
        }
        else
        {
            terminal.Fact("server back", "nothing has changed");
        }
    }

    public void Warn(string? reason) => terminal.Progress($"warning: {reason}");

    public static string Name(IceSessionPeer peer) => string.Create(CultureInfo.InvariantCulture, $"{peer.Id}{(peer.Name.Length == 0 ? "" : " ")}{peer.Name}");

    public static string Describe(IcePath path) => $"{IceOutput.Describe(path)}, {Way(path)}";

    public static string Counts(PeerProbes probes)
    {
        string time = probes.RoundTrip is { } median ? $", {IceOutput.Milliseconds(median)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{probes.Sent} sent, {probes.Received} came back, {LostPercent(probes):0.#} % lost{time}");
    }

    private static string Way(IcePath path) => path.IsRelayed ? "over a relay" : "direct";

    // As --dialect has it.
    private static string? DialectOf(IceSessionPeer peer) => peer.Dialect switch
    {
        SignalingDialect.Own => "own",
        SignalingDialect.Villas => "villas",
        SignalingDialect.LibDataChannel => "libdatachannel",
        SignalingDialect.Lecture => "lecture",
        SignalingDialect.PeerJs => "peerjs",
        _ => null,
    };

    private static double LostPercent(PeerProbes probes)
    {
        (int lost, int received) = (probes.Lost, probes.Received);
        return lost + received == 0 ? 0 : Math.Round(100.0 * lost / (lost + received), 1);
    }

    private static void WritePeer(Utf8JsonWriter json, IceSessionPeer peer)
    {
        json.WriteNumber("id", peer.Id);
        json.WriteForeign("name", peer.Name);
        json.WriteText("dialect", DialectOf(peer));
    }

    private static void WritePath(Utf8JsonWriter json, IcePath path)
    {
        IceOutput.WritePath(json, path);
        json.WriteBoolean("relayed", path.IsRelayed);
    }

    private void WriteEvent(string name, Action<Utf8JsonWriter> body) => terminal.WriteJson("ice", json =>
    {
        json.WriteString("event", name);
        body(json);
    });
}
