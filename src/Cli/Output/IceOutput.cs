using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using Stack.Ice;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>What <c>stackcli ice</c> prints: lines for people, or one object a line.</summary>
internal sealed class IceOutput(Terminal terminal, bool isJson)
{
    /// <summary>The one line that the other side needs; the same in both forms.</summary>
    public void Describe(IceSignal own) => terminal.Raw(own.ToJson());

    public void Prompt()
    {
        if (terminal.IsWatched)
        {
            terminal.Progress("Give the line above to the other side, and paste the other side's line here:");
        }
    }

    public void Warn(IceGatheringWarning warning) => terminal.Progress($"warning: {warning}");

    public void Connect(IcePath? path, TimeSpan gathering, TimeSpan connecting)
    {
        if (path is null)
        {
            return;
        }

        if (isJson)
        {
            WriteEvent("connected", json =>
            {
                json.WriteMilliseconds("gatherMs", gathering);
                WriteConnection(json, path, connecting);
            });
            return;
        }

        PrintConnection(path, connecting);
        terminal.Fact("gathering", Milliseconds(gathering));
    }

    public void PrintConnection(IcePath path, TimeSpan connecting)
    {
        terminal.Fact("connected", Describe(path));
        terminal.Fact("connecting", Milliseconds(connecting));
    }

    public static void WriteConnection(Utf8JsonWriter json, IcePath path, TimeSpan connecting)
    {
        json.WriteMilliseconds("connectMs", connecting);
        WritePath(json, path);
    }

    public void Select(IcePath path)
    {
        if (isJson)
        {
            WriteEvent("selected", json => WritePath(json, path));
        }
        else
        {
            terminal.Fact("better path", Describe(path));
        }
    }

    public void Receive(int bytes)
    {
        if (isJson)
        {
            WriteEvent("received", json => json.WriteNumber("bytes", bytes));
        }
        else
        {
            terminal.Fact("received", string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"));
        }
    }

    public void ShowStatistics(IceProbes probes)
    {
        if (isJson)
        {
            WriteEvent("stats", json =>
            {
                json.WriteNumber("sent", probes.Sent);
                json.WriteNumber("received", probes.Received);
                probes.RoundTrips.WriteTo(json);
            });
            return;
        }

        terminal.Fact("probes", string.Create(CultureInfo.InvariantCulture, $"{probes.Sent} sent, {probes.Received} came back"));
        if (probes.RoundTrips.Median is { } median)
        {
            terminal.Fact("round trip", Milliseconds(median));
        }
    }

    public void Fail(IceException error, IReadOnlyList<IcePairStatistics> pairs) => Fail(error.Message, pairs);

    public void Fail(string reason, IReadOnlyList<IcePairStatistics> pairs)
    {
        if (isJson)
        {
            WriteEvent("failed", json =>
            {
                json.WriteForeign("reason", reason);
                json.WriteStartArray("pairs");
                foreach (IcePairStatistics pair in pairs)
                {
                    WritePair(json, pair);
                }

                json.WriteEndArray();
            });
            return;
        }

        foreach (IcePairStatistics pair in pairs)
        {
            terminal.Fact(
                "tried",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Name(pair.Local.Type)} {pair.Local.Address} to {Name(pair.Remote.Type)} {pair.Remote.Address}: {Kebab.From(pair.State.ToString())}, {pair.RequestsSent} sent, {pair.ResponsesReceived} answered, {pair.RequestsReceived} heard"));
        }
    }

    public static void WritePath(Utf8JsonWriter json, IcePath path)
    {
        json.WriteString("local", Name(path.Local.Type));
        json.WriteString("remote", Name(path.Remote.Type));
        json.WriteStartArray("pair");
        json.WriteStringValue(path.Local.Address.ToString());
        json.WriteStringValue(path.Remote.Address.ToString());
        json.WriteEndArray();
    }

    public static void WritePair(Utf8JsonWriter json, IcePairStatistics pair)
    {
        json.WriteStartObject();
        json.WriteString("local", Name(pair.Local.Type));
        json.WriteString("remote", Name(pair.Remote.Type));
        json.WriteStartArray("pair");
        json.WriteStringValue(pair.Local.Address.ToString());
        json.WriteStringValue(pair.Remote.Address.ToString());
        json.WriteEndArray();
        json.WriteString("state", Kebab.From(pair.State.ToString()));
        json.WriteNumber("requestsSent", pair.RequestsSent);
        json.WriteNumber("responsesReceived", pair.ResponsesReceived);
        json.WriteNumber("requestsReceived", pair.RequestsReceived);
        json.WriteMilliseconds("rttMs", pair.RoundTripTime);
        json.WriteEndObject();
    }

    public static string Describe(IcePath path)
        => $"{Name(path.Local.Type)} {path.Local.Address} to {Name(path.Remote.Type)} {path.Remote.Address}";

    public static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.###} ms");

    private static string Name(CandidateType type) => type switch
    {
        CandidateType.Host => "host",
        CandidateType.ServerReflexive => "srflx",
        CandidateType.PeerReflexive => "prflx",
        _ => "relay",
    };

    private void WriteEvent(string name, Action<Utf8JsonWriter> body) => terminal.WriteJson("ice", json =>
    {
        json.WriteString("event", name);
        body(json);
    });
}
