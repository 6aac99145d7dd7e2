using System;
using System.Globalization;
using System.Net;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>coturn's <c>turnutils_natdiscovery</c> as a client: RFC 5780 by other hands. Needs
/// <see cref="Requirement.CoturnUtils"/>.</summary>
/// <remarks>It sends each probe once and waits 3 s for an answer, so one lost datagram makes its verdict wrong.</remarks>
public static class TurnutilsNatDiscovery
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(40);

    /// <summary>Runs discoveries on a host.</summary>
    /// <param name="host">Where to run it.</param>
    /// <param name="server">The RFC 5780 server.</param>
    /// <param name="arguments">Which: <c>-m</c> mapping, <c>-f</c> filtering, <c>-H</c> hairpinning, <c>-t -T SECONDS</c> binding
    /// lifetime. None
    /// means <c>-m -f</c>.</param>
    public static async Task<NatDiscoveryLines> RunAsync(LabHost host, IPEndPoint server, params string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(server);

        // Line by line, or a run that is cut short has printed nothing.
        return NatDiscoveryLines.Parse(await host.RunAsync(
            Timeout,
            "stdbuf",
            [
                "-oL", "turnutils_natdiscovery", .. arguments.Length == 0 ? ["-m", "-f"] : arguments,
                "-p", server.Port.ToString(CultureInfo.InvariantCulture), server.Address.ToString(),
            ]));
    }
}
