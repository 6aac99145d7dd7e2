using System;
using System.Globalization;
using System.Text.Json;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>A binding in text and in JSON.</summary>
internal static class BindingOutput
{
    public static void Write(Terminal terminal, string server, StunBinding binding)
    {
        terminal.Fact("mapped", binding.Mapped.ToString());
        terminal.Fact("local", binding.Local.ToString());
        terminal.Fact("NAT", binding.IsNatted ? "yes, the address is translated" : "no, the mapped address is the local one");
        string resolved = binding.Server.ToString();
        terminal.Fact("server", resolved == server ? resolved : $"{resolved} ({SafeText.Of(server)})");
        terminal.Fact("transport", GetName(binding.Transport));
        terminal.Fact("round trip", DescribeRoundTrip(binding));
        if (binding.Software is { } software)
        {
            terminal.Fact("software", SafeText.Of(software));
        }

        if (binding.Other is { } other)
        {
            terminal.Fact("other address", $"{other} (stackcli nat can use it)");
        }
    }

    public static void Write(Utf8JsonWriter json, string server, StunBinding binding)
    {
        json.WriteForeign("server", server);
        WriteAddresses(json, binding);

        // Karn's algorithm has no round-trip time where a request was sent twice; the time to the answer is known all the same.
        json.WriteMilliseconds("rttMs", binding.RoundTripTime);
        json.WriteMilliseconds("elapsedMs", binding.Elapsed);
        json.WriteNumber("attempts", binding.Attempts);
        json.WriteForeign("software", binding.Software);
    }

    public static void WriteAddresses(Utf8JsonWriter json, StunBinding binding)
    {
        json.WriteEndPoint("resolved", binding.Server);
        json.WriteString("transport", GetName(binding.Transport));
        json.WriteEndPoint("local", binding.Local);
        json.WriteEndPoint("mapped", binding.Mapped);
        json.WriteBoolean("natted", binding.IsNatted);
        json.WriteEndPoint("other", binding.Other);
    }

    public static string GetName(StunTransport transport) => transport switch
    {
        StunTransport.Udp => "udp",
        StunTransport.Tcp => "tcp",
        _ => "tls",
    };

    public static string Milliseconds(TimeSpan duration)
        => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.0##} ms");

    private static string DescribeRoundTrip(StunBinding binding) => binding.RoundTripTime is { } time
        ? Milliseconds(time)
        : string.Create(CultureInfo.InvariantCulture, $"unknown: answered {Milliseconds(binding.Elapsed)} after the first of {binding.Attempts} requests");
}
