using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Transport;
using Stack.Turn;

namespace Stack.Cli.Tests;

/// <summary>A TURN server on loopback for loads: user <c>u</c>, password <c>p</c>, replies to strangers unlimited.</summary>
internal static class LoadServer
{
    public static Task<TurnServerHost> StartAsync(bool portable = false) => TurnServerHost.StartAsync(new TurnServerHostOptions
    {
        Realm = "load",
        Credentials = new StaticCredentialSource("load", [StaticUser.FromPassword("u", "p")]),
        PeerRules = new PeerAddressRules { Allow = [new AddressPrefix(TransportAddress.FromIPv4(0x7F000000, 0), 8)] },
        Listen = [new StunListenEndPoint(StunTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0))],
        Limits = new TurnServerLimits { AllocationsPerUser = 100 },
        ReplyRateLimit = null,
        UsesPortableSockets = portable,
    });

    public static string AddressOf(TurnServerHost host) => host.EndPoints.Single().EndPoint.ToString();

    public static Task<CliRun> BenchAsync(params string[] arguments)
        => CliRun.RunAsync(CliRun.WithVariables(("STACK_PASSWORD", "p")), [], ["bench", .. arguments, "--json"]);
}
