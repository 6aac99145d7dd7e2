using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class StunServerLifetimeTests
{
    // Of this class alone: what is free there is not taken by others.
    private const string Unshared = "127.0.77.8";

    private readonly ManualTimeProvider _time = new();

    private static StunServerOptions Everything => new()
    {
        Listen = [Servers.Listen(StunTransport.Udp), Servers.Listen(StunTransport.Tcp), Servers.Listen(StunTransport.Tls)],
        Alternate = new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0),
        Certificate = TestCertificates.Localhost,
        TimeProvider = new SlowTimeProvider(20),
    };

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Start_Everything_ServesEachTransport()
    {
        await using StunServer server = await StunServer.StartAsync(Everything);
        foreach (StunTransport transport in new[] { StunTransport.Udp, StunTransport.Tcp, StunTransport.Tls })
        {
            await using StunClient client = await StunClient.ConnectAsync(
                StunServerReference.Parse(server.At(transport).ToString()),
                new StunClientOptions
                {
                    Transport = transport,
                    Tls = new StunTlsOptions { CustomRoots = TestCertificates.Roots },
                    TimeProvider = new SlowTimeProvider(20),
                });
            Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
        }
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Dispose_ConnectionsInEveryState_EndsThemWithoutTimePassing()
    {
        StunServer server = await StunServer.StartAsync(Everything with { TimeProvider = _time });
        using Socket idle = await RawClient.TcpAsync(server.At(StunTransport.Tcp));
        using Socket half = await RawClient.TcpAsync(server.At(StunTransport.Tcp));
        await half.SendAsync(Wire.Request()[..7]);
        using Socket handshake = await RawClient.TcpAsync(server.At(StunTransport.Tls));
        using Socket served = await RawClient.TcpAsync(server.At(StunTransport.Tcp));
        await served.SendAsync(Wire.Request());
        Assert.NotEmpty(await RawClient.ReadMessageAsync(served));
        await using StunClient client = await StunClient.ConnectAsync(
            StunServerReference.Parse(server.At(StunTransport.Tls).ToString()),
            new StunClientOptions { Transport = StunTransport.Tls, Tls = new StunTlsOptions { CustomRoots = TestCertificates.Roots }, TimeProvider = _time });
        await client.BindAsync();

        await server.DisposeAsync();

        Assert.True(await RawClient.IsClosedAsync(idle));
        Assert.True(await RawClient.IsClosedAsync(half));
        Assert.True(await RawClient.IsClosedAsync(handshake));
        Assert.True(await RawClient.IsClosedAsync(served));
        StunException error = await Assert.ThrowsAsync<StunException>(() => client.BindAsync());
        Assert.Equal(StunFailure.ConnectionLost, error.Failure);
        Assert.Equal(System.TimeSpan.Zero, _time.Elapsed);
        await _time.WaitUntilNoneIsArmedAsync();
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Dispose_TwiceAndAtOnce_IsHarmless()
    {
        StunServerOptions options = Everything with
        {
            Listen = [Servers.Listen(StunTransport.Udp), Servers.Listen(StunTransport.Tcp, Unshared), Servers.Listen(StunTransport.Tls)],
        };

        // Who comes while another closes it meets one of many moments.
        for (int i = 0; i < 50; i++)
        {
            StunServer server = await StunServer.StartAsync(options);

            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await server.DisposeAsync())));
            await server.DisposeAsync();

            using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await Assert.ThrowsAsync<SocketException>(async () => await probe.ConnectAsync(server.At(StunTransport.Tcp)));
        }
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunTransport.Udp)]
    [InlineData(StunTransport.Tcp)]
    [InlineData(StunTransport.Tls)]
    public async Task Restart_SamePortWithConnectionsOpen_Serves(StunTransport transport)
    {
        var options = new StunClientOptions
        {
            Transport = transport,
            Tls = new StunTlsOptions { CustomRoots = TestCertificates.Roots, ExpectedHost = "localhost" },
            TimeProvider = new SlowTimeProvider(20),
        };
        StunServer first = await Servers.StartAsync(transport, change: o => o with { Listen = [Servers.Listen(transport, Unshared)] });
        IPEndPoint endPoint = first.At();
        await using StunClient lingering = await StunClient.ConnectAsync(StunServerReference.Parse(endPoint.ToString()), options);
        await lingering.BindAsync();
        await first.DisposeAsync();

        await using StunServer second = await Servers.StartAsync(
            transport,
            change: o => o with { Listen = [new StunListenEndPoint(transport, endPoint)] });
        await using StunClient client = await StunClient.ConnectAsync(StunServerReference.Parse(endPoint.ToString()), options);

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
    }
}
