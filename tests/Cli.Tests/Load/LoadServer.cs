using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
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

    /// <summary>A load by the machine's time: what is not answered is given up soon.</summary>
    public static Task<CliRun> BenchAsync(params string[] arguments) => BenchAsync(TimeProvider.System, arguments);

    /// <summary>
    /// A load of which nothing gets lost: its time runs a hundred times slower, so that a machine that stands still for a while loses nothing either.
    /// </summary>
    public static Task<CliRun> AnsweredAsync(params string[] arguments) => BenchAsync(new SlowTimeProvider(100), arguments);

    /// <summary>A time for loads of which something gets lost on purpose: what is waited for in vain costs some seconds.</summary>
    public static TimeProvider Patient() => new SlowTimeProvider(20);

    public static Task<CliRun> BenchAsync(TimeProvider time, params string[] arguments)
        => CliRun.RunAsync(CliRun.WithVariables(("STACK_PASSWORD", "p")) with { TimeProvider = time }, [], ["bench", .. arguments, "--json"]);
}
