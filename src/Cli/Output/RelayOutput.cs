using System;
using System.Globalization;
using System.Text.Json;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>Shows what came of packets through a relay.</summary>
internal static class RelayOutput
{
    public static void Write(Utf8JsonWriter json, TurnRequest request, TurnAllocation near, RelayPackets packets)
    {
        json.WriteForeign("server", request.Server.Text);
        json.WriteEndPoint("resolved", near.Server);
        json.WriteString("transport", BindingOutput.GetName(near.Transport));
        json.WriteEndPoint("local", near.Local);
        json.WriteEndPoint("mapped", near.Mapped);
        json.WriteEndPoint("relayed", near.Relayed);
        json.WriteNumber("lifetimeS", near.Lifetime.TotalSeconds);
        json.WriteNumber("sent", packets.Sent);
        json.WriteNumber("received", packets.Received);
        json.WriteNumber("corrupted", packets.Corrupted);
        json.WriteNumber("lostPercent", Math.Round(packets.LostPercent, 2));
        packets.RoundTrips.WriteTo(json);
    }

    public static void Write(Terminal terminal, TurnRequest request, TurnAllocation near, RelayPackets packets)
    {
        terminal.Fact("relayed", near.Relayed.ToString());
        terminal.Fact("mapped", near.Mapped?.ToString() ?? "unknown");
        terminal.Fact("server", $"{near.Server} ({SafeText.Of(request.Server.Text)}, {BindingOutput.GetName(near.Transport)})");
        terminal.Fact("lifetime", string.Create(CultureInfo.InvariantCulture, $"{near.Lifetime.TotalSeconds:0} s"));
        terminal.Fact("packets", string.Create(
            CultureInfo.InvariantCulture,
            $"{packets.Sent} sent, {packets.Received} came back, {packets.LostPercent:0.##} % lost"));
        if (packets.Corrupted != 0)
        {
            terminal.Fact("corrupted", packets.Corrupted.ToString(CultureInfo.InvariantCulture));
        }

        if (packets.RoundTrips is { Min: { } min, Median: { } median, P95: { } p95, Max: { } max })
        {
            terminal.Fact(
                "round trip",
                $"min {BindingOutput.Milliseconds(min)}, median {BindingOutput.Milliseconds(median)}, "
                + $"p95 {BindingOutput.Milliseconds(p95)}, max {BindingOutput.Milliseconds(max)}");
        }
    }
}
