using System;
using System.Globalization;
using System.Net;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>coturn's <c>turnutils_stunclient</c>: one Binding request, then CHANGE-REQUEST. Needs
/// <see cref="Requirement.CoturnUtils"/>.</summary>
public static class TurnutilsStunClient
{
    /// <summary>Runs the client on a host.</summary>
    /// <param name="host">Where to run it.</param>
    /// <param name="server">The server.</param>
    /// <param name="timeout">When to kill it: it waits without end for an answer that does not come, so a run that has printed its
    /// reflexive
    /// address and timed out is a success of the first request.</param>
    public static async Task<NatDiscoveryLines> RunAsync(LabHost host, IPEndPoint server, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(server);
        return NatDiscoveryLines.Parse(await host.RunAsync(
            timeout,
            "stdbuf",
            "-oL",
            "turnutils_stunclient",
            "-p",
            server.Port.ToString(CultureInfo.InvariantCulture),
            server.Address.ToString()));
    }
}
