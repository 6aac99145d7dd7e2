using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli.Tests;

/// <summary>The project's own server on free ports of loopback.</summary>
internal static class LoopbackServer
{
    public static Task<StunServer> StartAsync(string? software = null, IPEndPoint? alternate = null) => StunServer.StartAsync(new StunServerOptions
    {
        Listen =
        [
            new StunListenEndPoint(StunTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0)),
            new StunListenEndPoint(StunTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 0)),
        ],
        Software = software,
        Alternate = alternate,
        RateLimit = null,
    });

    public static string GetAddress(StunServer server, string transport)
        => server.EndPoints.First(listen => BindingOutput.GetName(listen.Transport) == transport).EndPoint.ToString();
}
