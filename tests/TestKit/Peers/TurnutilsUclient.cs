using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>
/// coturn's <c>turnutils_uclient</c>: allocates, sends packets through the relay and counts. Needs <see cref="Requirement.CoturnUtils"/>.
/// </summary>
/// <remarks>
/// Its exit code means little: 0 with every packet lost. It picks channel numbers between 0x4000 and 0x7FFF at random, as RFC 5766 allowed.
/// </remarks>
public static partial class TurnutilsUclient
{
    /// <summary>Runs the client against a server on this machine.</summary>
    /// <param name="server">The server.</param>
    /// <param name="arguments">What distinguishes the variant.</param>
    public static async Task<TurnutilsUclientRun> RunAsync(IPEndPoint server, params IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(server);
        ProcessResult result = await LabHost.Local.RunAsync(
            TimeSpan.FromSeconds(60),
            "turnutils_uclient",
            ["-p", server.Port.ToString(CultureInfo.InvariantCulture), .. arguments, server.Address.ToString()]);
        string output = result.Output + result.Error;
        Match totals = TotalsPattern().Matches(output).LastOrDefault() ?? Match.Empty;
        return new TurnutilsUclientRun(
            result,
            Number(totals, "sent"),
            Number(totals, "received"),
            output.Contains("Total lost packets 0 ", StringComparison.Ordinal));
    }

    private static int Number(Match match, string group)
        => match.Success ? int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("tot_send_msgs=(?<sent>[0-9]+), tot_recv_msgs=(?<received>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TotalsPattern();
}
