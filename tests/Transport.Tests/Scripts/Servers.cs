using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;

namespace Stack.Transport.Tests;

/// <summary>Servers of ours on loopback.</summary>
internal static class Servers
{
    public static StunListenEndPoint Listen(StunTransport transport, string address = "127.0.0.1", int port = 0)
        => new(transport, new IPEndPoint(IPAddress.Parse(address), port));

    /// <summary>Starts a server. By default the limits of its connections are long, and those of its datagrams as they are.</summary>
    public static Task<StunServer> StartAsync(StunTransport transport, TimeProvider? time = null, Func<StunServerOptions, StunServerOptions>? change = null)
    {
        var options = new StunServerOptions
        {
            Listen = [Listen(transport)],
            Certificate = transport == StunTransport.Tls ? TestCertificates.Localhost : null,
            TimeProvider = time ?? (transport == StunTransport.Udp ? TimeProvider.System : new SlowTimeProvider(20)),
            UsesPortableSockets = DatagramIO.IsPortable,
        };
        return StunServer.StartAsync(change?.Invoke(options) ?? options);
    }

    public static Task<StunServer> StartForDiscoveryAsync(Func<StunServerOptions, StunServerOptions>? change = null)
    {
        var options = new StunServerOptions
        {
            Listen = [Listen(StunTransport.Udp)],
            Alternate = new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0),
        };
        return StunServer.StartAsync(change?.Invoke(options) ?? options);
    }

    public static IPEndPoint At(this StunServer server, int index = 0) => server.EndPoints[index].EndPoint;

    /// <summary>The first endpoint of a transport.</summary>
    public static IPEndPoint At(this StunServer server, StunTransport transport) => server.EndPoints.First(e => e.Transport == transport).EndPoint;
}
