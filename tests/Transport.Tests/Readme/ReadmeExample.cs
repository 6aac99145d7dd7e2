using System.IO;
using System.Net;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport.Tests;

/// <summary>The example of the README, compiled.</summary>
internal static class ReadmeExample
{
    public static async Task RunAsync(TextWriter output)
    {
        // README: from here
        await using StunServer server = await StunServer.StartAsync(new StunServerOptions
        {
            Listen = [new StunListenEndPoint(StunTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0))],
        });
        string address = $"stun:{server.EndPoints[0].EndPoint}";   // or "stun:stun.example.org"

        await using StunClient stun = await StunClient.ConnectAsync(address);
        StunBinding binding = await stun.BindAsync();
        output.WriteLine($"I am {binding.Mapped}, {(binding.IsNatted ? "behind a NAT" : "no NAT")}, {binding.Attempts} request");

        NatReport report = await NatDiscoveryClient.RunAsync([address]);
        output.WriteLine($"mapping {report.Mapping}, filtering {report.Filtering}: {report.FilteringNote}");

        // README: to here
    }
}
