using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class StunServerTlsTests
{
    private static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("stun.nat-discovery", "stun.nat-discovery")]
    [InlineData("stun.turn", "stun.turn")]
    [InlineData("h2,stun.nat-discovery", "stun.nat-discovery")]
    [InlineData("", "")]
    public async Task Handshake_Alpn_TakesTheLabelsOfStun(string offered, string expected)
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tls, _time);
        using Socket socket = await RawClient.TcpAsync(server.At());
        await using SslStream tls = await AuthenticateAsync(socket, offered);

        Assert.Equal(expected, Encoding.ASCII.GetString(tls.NegotiatedApplicationProtocol.Protocol.Span));
        byte[] request = Wire.Request();
        await tls.WriteAsync(request);
        byte[] response = new byte[32];
        await tls.ReadExactlyAsync(response);
        Assert.True(Wire.IsAnswerTo(response, request));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Handshake_AlpnOfAnotherProtocol_IsRefused()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tls, _time);
        using Socket socket = await RawClient.TcpAsync(server.At());

        await Assert.ThrowsAnyAsync<Exception>(() => AuthenticateAsync(socket, "h2"));

        Assert.Null(await Record(server));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Handshake_Stalled_IsClosedAfterTenSeconds(int sent)
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tls, _time);
        using Socket client = await RawClient.TcpAsync(server.At());
        await client.SendAsync(new byte[] { 22, 3, 1, 2, 0 }.AsMemory(0, sent));
        await _time.WaitForTimerAsync(TenSeconds);

        _time.Advance(TenSeconds);

        Assert.True(await RawClient.IsClosedAsync(client));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Request_AfterTheHandshakeStalls_IsClosedAfterTenSeconds()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tls, _time);
        using Socket socket = await RawClient.TcpAsync(server.At());
        await using SslStream tls = await AuthenticateAsync(socket, "");
        byte[] request = Wire.Request();
        await tls.WriteAsync(request.AsMemory(0, 7));

        // The handshake's own limit has the same length; time moves on until the one for the request has come.
        Task<int> end = tls.ReadAsync(new byte[1]).AsTask();
        while (!end.IsCompleted)
        {
            await Task.WhenAny(end, _time.WaitForTimerAsync(TenSeconds));
            _time.Advance(TenSeconds);
        }

        Assert.True(await EndedAsync(end));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bytes_NotTls_EndTheirConnectionAndNoOther()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Tls, _time);
        using Socket client = await RawClient.TcpAsync(server.At());

        await client.SendAsync(Wire.Request());
        await client.SendAsync(new byte[100]);
        while (!await RawClient.IsClosedAsync(client))
        {
            // An alert may come first.
        }

        Assert.Null(await Record(server));
    }

    private static async Task<bool> EndedAsync(Task<int> read)
    {
        try
        {
            return await read == 0;
        }
        catch (System.IO.IOException)
        {
            return true;
        }
    }

    // The type of what a well-behaved client meets, null where it is served.
    private static async Task<Type?> Record(StunServer server)
    {
        try
        {
            using Socket socket = await RawClient.TcpAsync(server.At());
            await using SslStream tls = await AuthenticateAsync(socket, "stun.nat-discovery");
            await tls.WriteAsync(Wire.Request());
            await tls.ReadExactlyAsync(new byte[32]);
            return null;
        }
        catch (Exception error)
        {
            return error.GetType();
        }
    }

    private static async Task<SslStream> AuthenticateAsync(Socket socket, string labels)
    {
        var tls = new SslStream(new NetworkStream(socket));
        var policy = new System.Security.Cryptography.X509Certificates.X509ChainPolicy
        {
            TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
            RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(TestCertificates.Roots);
        List<SslApplicationProtocol> protocols
            = [.. labels.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(label => new SslApplicationProtocol(label))];
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = policy,
            ApplicationProtocols = protocols,
        });
        return tls;
    }
}
