using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;

namespace Stack.TestKit;

/// <summary>What <c>turnutils_natdiscovery</c> said. Its exit code says nothing, so only the lines are read.</summary>
/// <param name="Mapping">The last mapping verdict, as printed and without its exclamation mark; null without one.</param>
/// <param name="Filtering">The last filtering verdict, likewise.</param>
/// <param name="NoNat">Whether it printed "No NAT!", which coturn does in addition to a mapping verdict.</param>
/// <param name="Hairpins">Whether a datagram to the client's own mapped address came back.</param>
/// <param name="Timeouts">How many of its probes stayed without an answer.</param>
/// <param name="Reflexive">The reflexive addresses, in the order of the answers.</param>
/// <param name="Raw">The whole run, for messages.</param>
public sealed record NatDiscoveryLines(
    string? Mapping,
    string? Filtering,
    bool NoNat,
    bool Hairpins,
    int Timeouts,
    IReadOnlyList<IPEndPoint> Reflexive,
    ProcessResult Raw)
{
    /// <summary>Reads a finished run.</summary>
    public static NatDiscoveryLines Parse(ProcessResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        const string Address = "reflexive addr: ";
        List<string> lines = run.OutputLines.Concat(run.ErrorLines).Select(line => line.Trim()).ToList();
        return new NatDiscoveryLines(
            lines.LastOrDefault(line => line.EndsWith(" Mapping!", StringComparison.Ordinal))?.TrimEnd('!'),
            lines.LastOrDefault(line => line.EndsWith(" Filtering!", StringComparison.Ordinal))?.TrimEnd('!'),
            lines.Any(line => line.StartsWith("No NAT", StringComparison.Ordinal)),
            lines.Any(line => line.Contains("successful hairpinning", StringComparison.Ordinal)),
            lines.Count(line => line.StartsWith("STUN receive timeout", StringComparison.Ordinal)),
            [
                .. lines.Where(line => line.Contains(Address, StringComparison.Ordinal))
                    .Select(line => line[(line.IndexOf(Address, StringComparison.Ordinal) + Address.Length)..])
                    .Select(ParseEndPoint),
            ],
            run);
    }

    // coturn writes IPv6 without brackets: 2001:db8::1:3478.
    private static IPEndPoint ParseEndPoint(string text)
    {
        int colon = text.LastIndexOf(':');
        return new IPEndPoint(IPAddress.Parse(text[..colon]), int.Parse(text[(colon + 1)..], CultureInfo.InvariantCulture));
    }
}
