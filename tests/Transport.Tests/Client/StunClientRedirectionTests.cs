using System;
using System.Net;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>300 (Try Alternate), RFC 8489 section 10.</summary>
public sealed class StunClientRedirectionTests
{
    private readonly ManualTimeProvider _time = new();

    private StunClientOptions Options => new() { Credential = LongTermScript.Credential, TimeProvider = _time };

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_AuthenticatedRedirection_IsFollowedOnce()
    {
        await using var target = new ScriptedUdpServer(new LongTermScript().Answer);
        await using var server = new ScriptedUdpServer(new LongTermScript(redirection: To(target.EndPoint)).Answer);
        await using StunClient client = await ConnectAsync(server);

        StunBinding binding = await client.BindAsync();

        Assert.Equal(target.EndPoint, binding.Server);
        Assert.Equal(target.EndPoint, client.Server);
        Assert.Equal(client.Local, binding.Mapped);
        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_RedirectionFromTheTargetToo_IsNotFollowed()
    {
        await using var last = ScriptedUdpServer.Plain();
        await using var target = new ScriptedUdpServer(new LongTermScript(redirection: To(last.EndPoint)).Answer);
        await using var server = new ScriptedUdpServer(new LongTermScript(redirection: To(target.EndPoint)).Answer);
        await using StunClient client = await ConnectAsync(server);

        StunException error = await Assert.ThrowsAsync<StunException>(() => client.BindAsync());

        Assert.Equal(StunErrorCode.TryAlternate, error.ErrorCode);
        Assert.NotEmpty(target.Requests);
        Assert.Empty(last.Requests);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_RedirectionToItself_IsNotFollowed()
    {
        ScriptedUdpServer? self = null;
        await using var server = new ScriptedUdpServer(new LongTermScript(
            redirection: (ref StunMessageWriter writer) => writer.AddAlternateServer(TransportAddress.FromIPEndPoint(self!.EndPoint))).Answer);
        self = server;
        await using StunClient client = await ConnectAsync(server);

        StunException error = await Assert.ThrowsAsync<StunException>(() => client.BindAsync());

        Assert.Equal(StunErrorCode.TryAlternate, error.ErrorCode);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bind_UnauthenticatedRedirection_IsNotFollowed(bool hasCredential)
    {
        await using var target = ScriptedUdpServer.Plain();
        await using var server = new ScriptedUdpServer((request, _) =>
        [
            Wire.Respond(request, StunClass.ErrorResponse, (ref StunMessageWriter writer) =>
            {
                writer.AddErrorCode(StunErrorCode.TryAlternate);
                To(target.EndPoint)(ref writer);
            }),
        ]);
        await using StunClient client = await StunClient.ConnectAsync(
            server.Reference,
            Options with { Credential = hasCredential ? LongTermScript.Credential : null });

        StunException error = await Assert.ThrowsAsync<StunException>(() => client.BindAsync());

        Assert.Equal(StunErrorCode.TryAlternate, error.ErrorCode);
        Assert.Empty(target.Requests);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_RedirectionAndDisposal_LeaveNoSocketBehind()
    {
        using var target = new FullListener();
        var script = new LongTermScript(redirection: To(IPEndPoint.Parse(target.Reference.Text)));
        await using var server = new ScriptedStreamServer(async (stream, from, token) =>
        {
            while (true)
            {
                byte[] request = await ScriptedStreamServer.ReadRequestAsync(stream, token);
                foreach (byte[] answer in script.Answer(request, from))
                {
                    await stream.WriteAsync(answer, token);
                }
            }
        });
        await using StunClient client = await StunClient.ConnectAsync(server.Reference, Options with { Transport = StunTransport.Tcp });
        Task<StunBinding> task = client.BindAsync();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(10));

        await client.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => task);
        Assert.Equal(0, _time.ArmedTimers);
    }

    private static StunAttributeWriter To(IPEndPoint target)
        => (ref StunMessageWriter writer) => writer.AddAlternateServer(TransportAddress.FromIPEndPoint(target));

    private Task<StunClient> ConnectAsync(ScriptedUdpServer server) => StunClient.ConnectAsync(server.Reference, Options);
}
