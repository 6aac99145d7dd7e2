using System;
using System.Globalization;
using System.Text.Json;

namespace Stack.Cli;

/// <summary>Shows what came of a load, and says what the command ends with.</summary>
internal sealed class LoadReport(Terminal terminal, string kind, LoadTarget target, bool isJson)
{
    public int Show(LoadPlan plan, int sources, LoadTally tally)
    {
        Write(tally, json => json.WriteNumber("sources", sources), () => { });
        return (int)Judge(plan.MaxLoss, tally);
    }

    public int Show(RelayPlan plan, LoadTally tally)
    {
        Write(
            tally,
            json =>
            {
                json.WriteNumber("clients", plan.Clients);
                json.WriteString("direction", Kebab.From(plan.Direction.ToString()));
                json.WriteNumber("size", plan.Size);
            },
            () => { });
        return (int)Judge(plan.Load.MaxLoss, tally);
    }

    public int Show(FloodPlan plan, int sources, LoadTally tally)
    {
        Write(
            tally,
            json =>
            {
                json.WriteString("flood", Kebab.From(plan.Kind.ToString()));
                json.WriteNumber("sources", sources);
            },
            () => { });

        // Nobody has to answer a flood.
        return (int)(tally.Sent == 0 ? ExitCode.Negative : ExitCode.Success);
    }

    public int Show(AllocationPlan plan, AllocationTally tally)
    {
        Write(tally.Load, json => Write(json, tally), () => Describe(plan, tally));
        bool complete = tally.Lost == 0
            && tally.Load.Corrupted == 0
            && tally.Load.Received == plan.Count
            && (tally.Refreshed ?? plan.Count) == plan.Count
            && (tally.Relayed ?? plan.Count) == plan.Count
            && tally.Released == plan.Count;
        return (int)(complete ? ExitCode.Success : ExitCode.Negative);
    }

    private static ExitCode Judge(double? maxLoss, LoadTally tally)
    {
        if (tally.Corrupted != 0)
        {
            return ExitCode.Negative;
        }

        return tally.Received == 0 ? ExitCode.NoAnswer : tally.LostPercent > maxLoss ? ExitCode.Negative : ExitCode.Success;
    }

    private void Write(LoadTally tally, Action<Utf8JsonWriter> more, Action describe)
    {
        if (isJson)
        {
            terminal.WriteJson("bench", json =>
            {
                json.WriteString("kind", kind);
                json.WriteForeign("server", target.Name);
                json.WriteEndPoint("resolved", target.Server);
                Write(json, tally);
                more(json);
            });
            return;
        }

        Describe(tally);
        describe();
    }

    private static void Write(Utf8JsonWriter json, LoadTally tally)
    {
        json.WriteNumber("sent", tally.Sent);
        json.WriteNumber("received", tally.Received);
        json.WriteNumber("lostPercent", Math.Round(tally.LostPercent, 3));
        json.WriteNumber("corrupted", tally.Corrupted);
        json.WriteNumber("duplicates", tally.Duplicates);
        json.WriteNumber("unsent", tally.Unsent);
        json.WriteNumber("elapsedMs", Math.Round(tally.Elapsed.TotalMilliseconds, 3));
        json.WriteNumber("perSecond", Math.Round(tally.PerSecond, 1));
        json.WriteNumber("sentPerSecond", Math.Round(tally.SentPerSecond, 1));
        tally.RoundTrips.WriteTo(json);
        json.WriteMilliseconds("serverCpuMs", tally.ServerTime);
        WriteNumber(json, "serverCpuUsPerPacket", tally.ServerMicrosecondsPerPacket);
    }

    private static void Write(Utf8JsonWriter json, AllocationTally tally)
    {
        WriteNumber(json, "refreshed", tally.Refreshed);
        WriteNumber(json, "relayed", tally.Relayed);
        json.WriteNumber("lost", tally.Lost);
        json.WriteNumber("released", tally.Released);
        json.WriteStartObject("memoryBytes");
        WriteNumber(json, "before", tally.BytesBefore);
        WriteNumber(json, "held", tally.BytesHeld);
        WriteNumber(json, "after", tally.BytesAfter);
        WriteNumber(json, "perAllocation", tally.BytesPerAllocation);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, Math.Round(number, 3));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private void Describe(LoadTally tally)
    {
        terminal.Fact("server", target.Server.ToString() == target.Name ? target.Name : $"{target.Server} ({SafeText.Of(target.Name)})");
        terminal.Fact("sent", Text($"{tally.Sent}, {tally.SentPerSecond:0} a second"));
        terminal.Fact("received", Text($"{tally.Received}, {tally.PerSecond:0} a second, {tally.LostPercent:0.###} % lost"));
        Mention("corrupted", tally.Corrupted);
        Mention("duplicates", tally.Duplicates);
        Mention("unsent", tally.Unsent);
        LatencyHistogram times = tally.RoundTrips;
        if (times is { Min: { } min, Max: { } max } && times.Percentile(50) is { } median && times.Percentile(95) is { } p95 && times.Percentile(99) is { } p99)
        {
            terminal.Fact(
                "time",
                $"min {BindingOutput.Milliseconds(min)}, median {BindingOutput.Milliseconds(median)}, p95 {BindingOutput.Milliseconds(p95)}, "
                + $"p99 {BindingOutput.Milliseconds(p99)}, max {BindingOutput.Milliseconds(max)}");
        }

        if (tally.ServerTime is { } time)
        {
            string each = tally.ServerMicrosecondsPerPacket is { } one ? Text($", {one:0.00} us each") : "";
            terminal.Fact("server CPU", Text($"{time.TotalMilliseconds:0} ms") + each);
        }
    }

    private void Describe(AllocationPlan plan, AllocationTally tally)
    {
        if (tally.Refreshed is { } refreshed)
        {
            terminal.Fact("refreshed", Text($"{refreshed} of {plan.Count}"));
        }

        if (tally.Relayed is { } relayed)
        {
            terminal.Fact("relayed", Text($"{relayed} of {plan.Count}"));
        }

        Mention("lost", tally.Lost);
        terminal.Fact("released", Text($"{tally.Released} of {plan.Count}"));
        if (tally is { BytesBefore: { } before, BytesHeld: { } held, BytesAfter: { } after, BytesPerAllocation: { } each })
        {
            terminal.Fact("server memory", Text($"{before / 1024} KiB before, {held / 1024} KiB held, {after / 1024} KiB after; {each / 1024:0.0} KiB each"));
        }
    }

    private void Mention(string name, long count)
    {
        if (count != 0)
        {
            terminal.Fact(name, Text($"{count}"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
