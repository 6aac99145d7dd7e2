using System;
using System.Collections.Generic;
using System.Net;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class StunClientCredentialTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bind_Challenged_AnswersAndKeepsTheNonce(bool sha256)
    {
        await using var server = new ScriptedUdpServer(new LongTermScript(sha256).Answer);
        await using StunClient client = await ConnectAsync(server);

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_ChallengedOverTcp_Answers()
    {
        var script = new LongTermScript(sha256: true);
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
        await using StunClient client = await StunClient.ConnectAsync(
            server.Reference,
            Options with { Transport = StunTransport.Tcp });

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_StaleNonce_TakesTheNewOne()
    {
        await using var server = new ScriptedUdpServer(new LongTermScript { StaleNonces = 2 }.Answer);
        await using StunClient client = await ConnectAsync(server);

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_EveryNonceIsStale_GivesUp()
    {
        await using var server = new ScriptedUdpServer(new LongTermScript { StaleNonces = int.MaxValue }.Answer);
        await using StunClient client = await ConnectAsync(server);

        StunException error = await Assert.ThrowsAsync<StunException>(() => client.BindAsync());

        Assert.Equal(StunFailure.AuthenticationFailed, error.Failure);
        Assert.Equal(StunErrorCode.StaleNonce, error.ErrorCode);
        Assert.InRange(server.Requests.Count, 3, 5);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_AlwaysChallenged_TriesTwice()
    {
        await using var server = new ScriptedUdpServer(static (request, _) => [Challenge(request, "example.org")]);
        await using StunClient client = await ConnectAsync(server);

        StunException error = await Assert.ThrowsAsync<StunException>(() => client.BindAsync());

        Assert.Equal(StunFailure.AuthenticationFailed, error.Failure);
        Assert.Equal(StunErrorCode.Unauthenticated, error.ErrorCode);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_AlwaysChallengedFromAnotherRealm_GivesUp()
    {
        int realm = 0;
        await using var server = new ScriptedUdpServer((request, _) => [Challenge(request, $"realm {++realm}")]);
        await using StunClient client = await ConnectAsync(server);

        StunException error = await Assert.ThrowsAsync<StunException>(() => client.BindAsync());

        Assert.Equal(StunFailure.AuthenticationFailed, error.Failure);
        Assert.InRange(server.Requests.Count, 2, 6);
        Assert.DoesNotContain("without realm", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_WrongPassword_IsRefused()
    {
        await using var server = new ScriptedUdpServer(new LongTermScript().Answer);
        await using StunClient client = await StunClient.ConnectAsync(
            server.Reference,
            Options with { Credential = new LongTermCredential("alice", "guess") });

        StunException error = await Assert.ThrowsAsync<StunException>(() => client.BindAsync());

        Assert.Equal(StunFailure.AuthenticationFailed, error.Failure);
        Assert.DoesNotContain("guess", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_ChallengedWithoutCredential_AsksForOne()
    {
        await using var server = new ScriptedUdpServer(new LongTermScript().Answer);
        await using StunClient client = await StunClient.ConnectAsync(server.Reference, Options with { Credential = null });

        StunException error = await Assert.ThrowsAsync<StunException>(() => client.BindAsync());

        Assert.Equal(StunFailure.AuthenticationFailed, error.Failure);
        Assert.Contains("credentials", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_AnswerWithoutIntegrityOverTcp_EndsTheRequest()
    {
        await using var server = new ScriptedStreamServer(static async (stream, from, token) =>
        {
            byte[] first = await ScriptedStreamServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync(Challenge(first, "example.org"), token);
            byte[] second = await ScriptedStreamServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync(Wire.Success(second, from), token);
            await ScriptedStreamServer.ReadRequestAsync(stream, token);
        });
        await using StunClient client = await StunClient.ConnectAsync(server.Reference, Options with { Transport = StunTransport.Tcp });

        StunException error = await Assert.ThrowsAsync<StunException>(() => client.BindAsync());

        Assert.Equal(StunFailure.IntegrityViolated, error.Failure);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_AnswersWithoutIntegrityOverUdp_AreNotBelieved()
    {
        var script = new LongTermScript();
        var elsewhere = new IPEndPoint(IPAddress.Parse("198.51.100.1"), 4711);
        await using var server = new ScriptedUdpServer((request, from) =>
        {
            StunMessage.Decode(request, out StunMessage message);
            IEnumerable<byte[]> answers = script.Answer(request, from);
            return message.HasMessageIntegrity ? [Wire.Success(request, elsewhere), Wire.Error(request, StunErrorCode.BadRequest), .. answers] : answers;
        });
        await using StunClient client = await ConnectAsync(server);

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_ManyAtOnceWithCredential_AllAnswered()
    {
        await using var server = new ScriptedUdpServer(new LongTermScript(sha256: true).Answer);
        await using StunClient client = await ConnectAsync(server);

        var tasks = new List<Task<StunBinding>>();
        for (int i = 0; i < 30; i++)
        {
            tasks.Add(client.BindAsync());
        }

        Assert.All(await Task.WhenAll(tasks), binding => Assert.Equal(client.Local, binding.Mapped));
        Assert.Equal(31, server.Requests.Count);
    }

    private StunClientOptions Options => new() { Credential = LongTermScript.Credential, TimeProvider = _time };

    private static byte[] Challenge(byte[] request, string realm) => Wire.Respond(request, StunClass.ErrorResponse, (ref StunMessageWriter writer) =>
    {
        writer.AddErrorCode(StunErrorCode.Unauthenticated);
        writer.Add(StunAttributeType.Realm, System.Text.Encoding.UTF8.GetBytes(realm));
        writer.Add(StunAttributeType.Nonce, "nonce"u8);
    });

    private Task<StunClient> ConnectAsync(ScriptedUdpServer server) => StunClient.ConnectAsync(server.Reference, Options);
}
