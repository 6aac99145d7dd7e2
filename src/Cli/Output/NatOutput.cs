using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>A NAT report in text and in JSON, and what the process ends with.</summary>
internal static class NatOutput
{
    /// <summary>Why the command has failed although it has an answer; null where it has not.</summary>
    public static Failure? Judge(NatReport report)
    {
        bool answered = report.Evidence.Any(evidence => evidence.Outcome is NatProbeOutcome.Answered or NatProbeOutcome.WrongSource or NatProbeOutcome.Refused);
        if (report.Classic == ClassicNatType.UdpBlocked || !answered)
        {
            return new Failure(
                ExitCode.NoAnswer,
                "timeout",
                "No server answered over UDP.",
                "UDP may be blocked, or the server down: try another server, and stackcli stun --transport tcp.",
                "udp-blocked");
        }

        if (report.Mapping != NatMapping.Unknown || report.Filtering != NatFiltering.Unknown)
        {
            return null;
        }

        return new Failure(
            ExitCode.Unsupported,
            "unsupported",
            "Neither mapping nor filtering can be told with this server.",
            "Use a server with RFC 5780 (two addresses), or name a second plain server for the mapping.");
    }

    public static string Describe(NatEvidence evidence)
    {
        string change = GetName(evidence.ChangeRequest) is { } flags ? $" asking for another {flags}" : "";
        string result = evidence.Outcome switch
        {
            NatProbeOutcome.Answered when evidence.Mapped is { } mapped => $"answered, mapped {mapped}",
            NatProbeOutcome outcome => Kebab.From(outcome.ToString()).Replace('-', ' '),
        };
        string time = evidence.RoundTripTime is { } rtt ? $", {BindingOutput.Milliseconds(rtt)}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{evidence.Test}: to {evidence.To}{change}: {result}{time} ({evidence.Attempts} sent)");
    }

    public static void Write(Terminal terminal, NatReport report, bool lifetime)
    {
        terminal.Fact("NAT type", Kebab.From(report.Classic.ToString()).Replace('-', ' '));
        terminal.Fact("NAT", YesNo(report.Natted));
        terminal.Fact("mapping", WithNote(Kebab.From(report.Mapping.ToString()), report.MappingNote));
        terminal.Fact("filtering", WithNote(Kebab.From(report.Filtering.ToString()), report.FilteringNote));
        terminal.Fact("hairpinning", report.Hairpinning is null && report.Natted == false ? "not applicable" : YesNo(report.Hairpinning));
        terminal.Fact("port preserving", YesNo(report.PortPreserving));
        terminal.Fact("port parity", report.PortParity switch { true => "kept", false => "not kept", null => "unknown" });
        if (report.GenericAlg == true)
        {
            terminal.Fact("warning", "something on the path rewrites addresses inside packets (a generic ALG)");
        }

        terminal.Fact("local", report.Local?.ToString() ?? "unknown");
        terminal.Fact("mapped", report.Mapped?.ToString() ?? "unknown");
        if (report.ExternalAddresses.Count > 1)
        {
            terminal.Fact("addresses", string.Join(", ", report.ExternalAddresses.Select(address => address.ToIPAddress().ToString())));
        }

        if (lifetime)
        {
            terminal.Fact("lifetime", DescribeLifetime(report));
        }

        terminal.Line("evidence");
        foreach (NatEvidence evidence in report.Evidence)
        {
            terminal.Line("  " + Describe(evidence));
        }
    }

    public static void Write(Utf8JsonWriter json, NatReport report, bool lifetime)
    {
        json.WriteString("mapping", Kebab.From(report.Mapping.ToString()));
        json.WriteString("filtering", Kebab.From(report.Filtering.ToString()));
        json.WriteFlag("natted", report.Natted);
        json.WriteString("classic", Kebab.From(report.Classic.ToString()));
        json.WriteFlag("hairpinning", report.Hairpinning);
        json.WriteFlag("portPreserving", report.PortPreserving);
        json.WriteFlag("portParity", report.PortParity);
        json.WriteFlag("genericAlg", report.GenericAlg);
        json.WriteEndPoint("local", report.Local);
        json.WriteEndPoint("mapped", report.Mapped);
        json.WriteStartArray("externalAddresses");
        foreach (TransportAddress address in report.ExternalAddresses)
        {
            json.WriteStringValue(address.ToIPAddress().ToString());
        }

        json.WriteEndArray();
        json.WriteStartObject("reasons");
        json.WriteText("mapping", report.MappingNote);
        json.WriteText("filtering", report.FilteringNote);
        json.WriteEndObject();
        WriteLifetime(json, report, lifetime);
        json.WriteStartArray("evidence");
        foreach (NatEvidence evidence in report.Evidence)
        {
            WriteEvidence(json, evidence);
        }

        json.WriteEndArray();
    }

    private static void WriteLifetime(Utf8JsonWriter json, NatReport report, bool lifetime)
    {
        if (!lifetime)
        {
            json.WriteNull("lifetime");
            return;
        }

        json.WriteStartObject("lifetime");
        json.WriteMilliseconds("atLeastMs", report.LifetimeAtLeast);
        json.WriteMilliseconds("belowMs", report.LifetimeBelow);
        json.WriteText("note", report.LifetimeNote);
        json.WriteEndObject();
    }

    private static void WriteEvidence(Utf8JsonWriter json, NatEvidence evidence)
    {
        json.WriteStartObject();
        json.WriteString("test", evidence.Test);
        json.WriteEndPoint("to", evidence.To);
        json.WriteText("changeRequest", GetName(evidence.ChangeRequest));
        json.WriteEndPoint("mapped", evidence.Mapped);
        json.WriteMilliseconds("rttMs", evidence.RoundTripTime);
        json.WriteNumber("attempts", evidence.Attempts);
        json.WriteString("outcome", Kebab.From(evidence.Outcome.ToString()));
        if (evidence.ErrorCode is { } code)
        {
            json.WriteNumber("errorCode", (int)code);
        }

        json.WriteEndObject();
    }

    private static string? GetName(ChangeRequestFlags? flags) => flags switch
    {
        ChangeRequestFlags.ChangeIP => "ip",
        ChangeRequestFlags.ChangePort => "port",
        ChangeRequestFlags.ChangeIP | ChangeRequestFlags.ChangePort => "ip+port",
        _ => null,
    };

    private static string YesNo(bool? value) => value switch { true => "yes", false => "no", null => "unknown" };

    private static string WithNote(string value, string? note) => note is null ? value : $"{value}: {note}";

    private static string DescribeLifetime(NatReport report)
    {
        string span = (report.LifetimeAtLeast, report.LifetimeBelow) switch
        {
            ({ } least, { } below) => $"{Seconds(least)} to {Seconds(below)}",
            ({ } least, null) => $"at least {Seconds(least)}",
            (null, { } below) => $"below {Seconds(below)}",
            _ => "unknown",
        };
        return WithNote(span, report.LifetimeNote);
    }

    private static string Seconds(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.#} s");
}
