using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class StunServerOptionsTests
{
    // Of this class alone, so that a port that is free stays free.
    private const string Unshared = "127.0.77.7";

    private static readonly StunListenEndPoint Udp = Servers.Listen(StunTransport.Udp);

    private static readonly Dictionary<string, (StunServerOptions Options, string Message)> Contradictory = new()
    {
        ["nothing"] = (new StunServerOptions(), "nothing to listen on"),
        ["tls without certificate"] = (new StunServerOptions { Listen = [Servers.Listen(StunTransport.Tls)] }, "certificate"),
        ["tls without key"] = (
            new StunServerOptions
            {
                Listen = [Servers.Listen(StunTransport.Tls)],
                Certificate = X509CertificateLoader.LoadCertificate(TestCertificates.Localhost.RawData),
            },
            "private key"),
        ["alternate without udp"] = (
            new StunServerOptions { Listen = [Servers.Listen(StunTransport.Tcp)], Alternate = new IPEndPoint(IPAddress.Loopback, 0) },
            "needs a UDP listener"),
        ["alternate of another family"] = (
            new StunServerOptions { Listen = [Udp], Alternate = new IPEndPoint(IPAddress.IPv6Loopback, 0) },
            "same address family"),
        ["alternate is the same address"] = (
            new StunServerOptions { Listen = [Udp], Alternate = new IPEndPoint(IPAddress.Loopback, 0) },
            "two different addresses"),
        ["alternate is every address"] = (
            new StunServerOptions { Listen = [Udp], Alternate = new IPEndPoint(IPAddress.Any, 0) },
            "two different addresses"),
        ["alternate to every address"] = (
            new StunServerOptions { Listen = [Servers.Listen(StunTransport.Udp, "0.0.0.0")], Alternate = new IPEndPoint(IPAddress.Loopback, 0) },
            "two different addresses"),
        ["alternate has the same port"] = (
            new StunServerOptions
            {
                Listen = [Servers.Listen(StunTransport.Udp, port: 33478)],
                Alternate = new IPEndPoint(IPAddress.Parse("127.0.0.2"), 33478),
            },
            "another port"),
        ["software of too many characters"] = (new StunServerOptions { Listen = [Udp], Software = new string('x', 128) }, "SOFTWARE"),
        ["software too long"] = (new StunServerOptions { Listen = [Udp], Software = new string('x', 600) }, "SOFTWARE"),
        ["no replies"] = (new StunServerOptions { Listen = [Udp], RateLimit = new ReplyRateLimit(0, 1, 1) }, "limit"),
        ["no connections"] = (Limits(new StunConnectionLimits { MaxConnections = 0 }), "MaxConnections"),
        ["none per source"] = (Limits(new StunConnectionLimits { MaxConnectionsPerSource = 0 }), "MaxConnectionsPerSource"),
        ["no time for the handshake"] = (Limits(new StunConnectionLimits { HandshakeTimeout = TimeSpan.Zero }), "HandshakeTimeout"),
        ["no time for a request"] = (Limits(new StunConnectionLimits { FirstRequestTimeout = TimeSpan.FromSeconds(-1) }), "FirstRequestTimeout"),
        ["no idle time"] = (Limits(new StunConnectionLimits { IdleTimeout = TimeSpan.FromDays(365) }), "IdleTimeout"),
        ["no time to send"] = (Limits(new StunConnectionLimits { SendTimeout = TimeSpan.Zero }), "SendTimeout"),
        ["messages too small"] = (Limits(new StunConnectionLimits { MaxMessageSize = 19 }), "MaxMessageSize"),
        ["messages too large"] = (Limits(new StunConnectionLimits { MaxMessageSize = 65557 }), "MaxMessageSize"),
    };

    public static TheoryData<string> Contradictions => [.. Contradictory.Keys];

    [Theory(Timeout = Patience.Milliseconds)]
    [MemberData(nameof(Contradictions))]
    public async Task Start_OptionsThatCannotBe_SayHow(string what)
    {
        (StunServerOptions options, string message) = Contradictory[what];

        ArgumentException error = await Assert.ThrowsAnyAsync<ArgumentException>(() => StunServer.StartAsync(options));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunTransport.Udp)]
    [InlineData(StunTransport.Tcp)]
    [InlineData(StunTransport.Tls)]
    public async Task Start_BusyPort_Throws(StunTransport transport)
    {
        await using StunServer first = await Servers.StartAsync(transport);

        SocketException error = await Assert.ThrowsAsync<SocketException>(
            () => Servers.StartAsync(transport, change: o => o with { Listen = [Servers.Listen(transport, port: first.At().Port)] }));

        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Start_LastOfSeveralPortsBusy_GivesTheOthersBack()
    {
        await using StunServer first = await Servers.StartAsync(StunTransport.Udp);
        int udp = FreeUdpPort();
        StunServerOptions options = new() { Listen = [Servers.Listen(StunTransport.Udp, Unshared, udp), new StunListenEndPoint(StunTransport.Udp, first.At())] };

        await Assert.ThrowsAsync<SocketException>(() => StunServer.StartAsync(options));

        await using StunServer second = await StunServer.StartAsync(options with { Listen = [options.Listen[0]] });
        Assert.Equal(udp, second.At().Port);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Start_AddressOfAnotherMachine_Throws()
    {
        SocketException error = await Assert.ThrowsAsync<SocketException>(
            () => StunServer.StartAsync(new StunServerOptions { Listen = [Servers.Listen(StunTransport.Udp, "192.0.2.1")] }));

        Assert.Equal(SocketError.AddressNotAvailable, error.SocketErrorCode);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunTransport.Udp)]
    [InlineData(StunTransport.Tcp)]
    public async Task Start_EveryAddress_OpensASocketForEach(StunTransport transport)
    {
        IEnumerable<IPAddress> expected = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork);

        var time = new SlowTimeProvider(20);
        await using StunServer server = await StunServer.StartAsync(
            new StunServerOptions { Listen = [Servers.Listen(transport, "0.0.0.0")], TimeProvider = time });

        Assert.Equal(expected.Order(Comparer), server.EndPoints.Select(e => e.EndPoint.Address).Order(Comparer));
        Assert.Contains(IPAddress.Loopback, expected);
        Assert.DoesNotContain(server.EndPoints, e => e.EndPoint.Port == 0);
        IPEndPoint loopback = server.EndPoints.First(e => e.EndPoint.Address.Equals(IPAddress.Loopback)).EndPoint;
        await using StunClient client = await StunClient.ConnectAsync(
            StunServerReference.Parse(loopback.ToString()), new StunClientOptions { Transport = transport, TimeProvider = time });
        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
    }

    private static Comparer<IPAddress> Comparer { get; }
        = Comparer<IPAddress>.Create(static (a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));

    private static StunServerOptions Limits(StunConnectionLimits limits) => new() { Listen = [Servers.Listen(StunTransport.Tcp)], Connections = limits };

    private static int FreeUdpPort()
    {
        using Socket probe = RawClient.Udp(Unshared);
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
