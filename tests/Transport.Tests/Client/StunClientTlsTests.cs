using System;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class StunClientTlsTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Bind_TrustedRoot_Answers(string address)
    {
        await using StunServer server = await StartAsync(TestCertificates.Localhost, address);
        await using StunClient client = await ConnectAsync(server, new StunTlsOptions { CustomRoots = TestCertificates.Roots });

        StunBinding binding = await client.BindAsync();

        Assert.Equal(client.Local, binding.Mapped);
        Assert.Equal(StunTransport.Tls, binding.Transport);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_NameOfTheReference_IsTheOneThatIsChecked()
    {
        await using StunServer server = await StartAsync(TestCertificates.OtherName);
        var options = new StunClientOptions
        {
            Tls = new StunTlsOptions { CustomRoots = TestCertificates.Roots },
            Locator = new FixedHosts(IPAddress.Loopback).Locator,
            TimeProvider = _time,
        };
        int port = server.EndPoints[0].EndPoint.Port;
        await using StunClient client = await StunClient.ConnectAsync(StunServerReference.Parse($"stuns:stun.example.org:{port}"), options);

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
        StunException error = await Assert.ThrowsAsync<StunException>(
            () => StunClient.ConnectAsync(StunServerReference.Parse($"stuns:stun.example.net:{port}"), options));
        Assert.Equal(StunFailure.TlsFailed, error.Failure);
    }

    public static TheoryData<string> BadCertificates => ["other-name", "expired", "self-signed", "unknown-root"];

    [Theory(Timeout = Patience.Milliseconds)]
    [MemberData(nameof(BadCertificates))]
    public async Task Connect_BadCertificate_IsRefused(string kind)
    {
        await using StunServer server = await StartAsync(Certificate(kind));
        StunTlsOptions tls = kind == "unknown-root" ? new StunTlsOptions() : new StunTlsOptions { CustomRoots = TestCertificates.Roots };

        StunException error = await Assert.ThrowsAsync<StunException>(() => ConnectAsync(server, tls));

        Assert.Equal(StunFailure.TlsFailed, error.Failure);
        Assert.NotNull(error.InnerException);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [MemberData(nameof(BadCertificates))]
    public async Task Connect_BadCertificateAcceptedByOption_Answers(string kind)
    {
        await using StunServer server = await StartAsync(Certificate(kind));
        await using StunClient client = await ConnectAsync(server, new StunTlsOptions { AcceptAnyCertificate = true });

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_ExpectedHost_TakesThePlaceOfTheName()
    {
        await using StunServer server = await StartAsync(TestCertificates.OtherName);
        await using StunClient client = await ConnectAsync(
            server,
            new StunTlsOptions { CustomRoots = TestCertificates.Roots, ExpectedHost = "stun.example.org" });

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("stun.nat-discovery", "stun.nat-discovery")]
    [InlineData("stun.turn,stun.nat-discovery", "stun.nat-discovery")]
    [InlineData("", "")]
    public async Task Connect_Alpn_NegotiatesNatDiscovery(string supported, string expected)
    {
        var negotiated = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new ScriptedStreamServer(async (stream, from, token) =>
        {
            await using var tls = new SslStream(stream);
            var options = new SslServerAuthenticationOptions { ServerCertificate = TestCertificates.Localhost, ApplicationProtocols = [] };
            foreach (string label in supported.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                options.ApplicationProtocols.Add(new SslApplicationProtocol(label));
            }

            await tls.AuthenticateAsServerAsync(options, token);
            negotiated.SetResult(Encoding.ASCII.GetString(tls.NegotiatedApplicationProtocol.Protocol.Span));
            byte[] request = await ScriptedStreamServer.ReadRequestAsync(tls, token);
            await tls.WriteAsync(Wire.Success(request, from), token);
            await ScriptedStreamServer.HoldAsync(token);
        });
        await using StunClient client = await StunClient.ConnectAsync(
            StunServerReference.Parse($"stuns:{server.EndPoint}"),
            new StunClientOptions { Tls = new StunTlsOptions { CustomRoots = TestCertificates.Roots }, TimeProvider = _time });

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
        Assert.Equal(expected, await negotiated.Task);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("closes")]
    [InlineData("garbage")]
    [InlineData("stun")]
    public async Task Connect_ServerWithoutTls_SaysSo(string behaviour)
    {
        await using var server = new ScriptedStreamServer(async (stream, from, token) =>
        {
            await stream.ReadExactlyAsync(new byte[20], token);
            byte[] answer = behaviour switch
            {
                "garbage" => [.. System.Linq.Enumerable.Repeat((byte)0xA5, 300)],
                "stun" => Wire.Success(Wire.Request(), from),
                _ => [],
            };
            await stream.WriteAsync(answer, token);
        });

        StunException error = await Assert.ThrowsAsync<StunException>(
            () => StunClient.ConnectAsync(StunServerReference.Parse($"stuns:{server.EndPoint}"), new StunClientOptions { TimeProvider = _time }));

        Assert.Equal(StunFailure.TlsFailed, error.Failure);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_OurServerWithoutTls_SaysSo()
    {
        await using StunServer server = await StunServer.StartAsync(new StunServerOptions
        {
            Listen = [new StunListenEndPoint(StunTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 0))],
            TimeProvider = new SlowTimeProvider(20),
        });

        StunException error = await Assert.ThrowsAsync<StunException>(() => ConnectAsync(server, new StunTlsOptions()));

        Assert.Equal(StunFailure.TlsFailed, error.Failure);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_HandshakeStalls_TimesOut()
    {
        await using var server = new ScriptedStreamServer(static (_, _, token) => ScriptedStreamServer.HoldAsync(token));

        Task<StunClient> task = StunClient.ConnectAsync(
            StunServerReference.Parse($"stuns:{server.EndPoint}"),
            new StunClientOptions { TimeProvider = _time });
        await server.Accepted.WaitAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        StunException error = await Assert.ThrowsAsync<StunException>(() => task);

        Assert.Equal(StunFailure.NoAnswer, error.Failure);
        Assert.Contains("TLS", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _time.ArmedTimers);
    }

    private static X509Certificate2 Certificate(string kind) => kind switch
    {
        "other-name" => TestCertificates.OtherName,
        "expired" => TestCertificates.Expired,
        "self-signed" => TestCertificates.SelfSigned,
        _ => TestCertificates.Localhost,
    };

    private static Task<StunServer> StartAsync(X509Certificate2 certificate, string address = "127.0.0.1") => StunServer.StartAsync(new StunServerOptions
    {
        Listen = [new StunListenEndPoint(StunTransport.Tls, new IPEndPoint(IPAddress.Parse(address), 0))],
        Certificate = certificate,
        TimeProvider = new SlowTimeProvider(20),
    });

    private Task<StunClient> ConnectAsync(StunServer server, StunTlsOptions tls) => StunClient.ConnectAsync(
        StunServerReference.Parse($"stuns:{server.EndPoints[0].EndPoint}"),
        new StunClientOptions { Tls = tls, TimeProvider = _time });
}
