using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.Signaling;
using Stack.TestKit;
using Xunit;

namespace Stack.Sessions.Tests;

/// <summary>The client against a server whose every word is written here as <c>docs/signaling.md</c> has it.</summary>
public sealed class SignalingClientTests
{
    private const int Patience = 60_000;
    private const string Joined = """{"joined":{"id":2,"resume":"9f1c","graceMs":15000,"servers":[{"urls":["stun:192.0.2.1:3478"]},{"urls":["turn:192.0.2.1:3478?transport=udp"],"username":"1795230223:2","credential":"wJ5="}],"credentialsExpireMs":3600000,"peers":[{"id":1,"name":"bob","dialect":"own","role":"offer"}]}}""";
    private const string Alone = """{"joined":{"id":1,"resume":"first","graceMs":15000,"servers":[],"peers":[]}}""";

    [Fact(Timeout = Patience)]
    public async Task Join_SaysTheWordAndTheName_AndTellsWhatTheServerSays()
    {
        using var listener = new WebSocketListener();
        Task<SignalingClient> connecting = SignalingClient.ConnectAsync(Options(listener) with { Name = "alice" });
        WebSocketRequest request = await listener.AcceptAsync();
        Assert.Equal("/session", request.Path);
        Assert.DoesNotContain("Sec-WebSocket-Protocol", request.Headers.Keys);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", request.Headers.Keys);
        using WebSocketPeer server = await request.AcceptAsync();
        JsonEqual("""{"join":{"session":"lusab-babad","name":"alice"}}""", await server.ReceiveAsync());
        Assert.False(connecting.IsCompleted);
        await server.SendAsync(Joined);
        await using SignalingClient client = await connecting;
        SignalingClientEvent joined = await client.ReadEventAsync();
        Assert.Equal((SignalingClientEventKind.Joined, 2), (joined.Kind, joined.Id));
        Assert.Equal([new SignalingPeer(1, "bob", SignalingDialect.Own, PairRole.Offer)], joined.Peers);
        Assert.Equal(["stun:192.0.2.1:3478", "turn:192.0.2.1:3478?transport=udp"], joined.Servers!.Servers.SelectMany(static one => one.Urls));
        Assert.Equal(("1795230223:2", "wJ5="), (joined.Servers.Servers[1].Username, joined.Servers.Servers[1].Credential));
        Assert.Equal(TimeSpan.FromHours(1), joined.Servers.Lifetime);

        await server.SendAsync("""{"peer":{"id":3,"name":"carol","dialect":"villas","role":"answer"}}""");
        await server.SendAsync("""{"from":3,"description":{"type":"offer","sdp":"v=0\r\n"}}""");
        await server.SendAsync("""{"from":3,"candidate":{"candidate":"candidate:1 1 UDP 1 192.0.2.2 46697 typ host","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"x"}}""");
        await server.SendAsync("""{"from":3,"candidate":null}""");
        await server.SendAsync("""{"something":{"newer":true}}""");
        await server.SendAsync("""{"error":{"code":"no-such-peer","to":7}}""");
        await server.SendAsync("""{"servers":{"servers":[],"credentialsExpireMs":1000}}""");
        await server.SendAsync("""{"gone":{"id":3}}""");
        SignalingClientEvent came = await client.ReadEventAsync();
        Assert.Equal((SignalingClientEventKind.PeerCame, new SignalingPeer(3, "carol", SignalingDialect.Villas, PairRole.Answer)), (came.Kind, came.Peer));
        SignalingClientEvent offered = await client.ReadEventAsync();
        Assert.Equal((3, "v=0\r\n"), (offered.Id, Assert.IsType<DescriptionSignal>(offered.Signal).Description.Sdp));
        PeerCandidate candidate = Assert.IsType<CandidateSignal>((await client.ReadEventAsync()).Signal).Candidate;
        Assert.Equal(new PeerCandidate("candidate:1 1 UDP 1 192.0.2.2 46697 typ host", "0", 0, "x"), candidate);
        Assert.True(Assert.IsType<CandidateSignal>((await client.ReadEventAsync()).Signal).Candidate.IsEnd);
        SignalingClientEvent undelivered = await client.ReadEventAsync();
        Assert.Equal((SignalingClientEventKind.NotDelivered, 7, "no-such-peer"), (undelivered.Kind, undelivered.Id, undelivered.Reason));
        Assert.Equal((SignalingClientEventKind.ServersChanged, TimeSpan.FromSeconds(1)), await client.ReadEventAsync() is { } servers ? (servers.Kind, servers.Servers!.Lifetime) : default);
        Assert.Equal((SignalingClientEventKind.PeerGone, 3), await client.ReadEventAsync() is { } gone ? (gone.Kind, gone.Id) : default);
    }

    [Fact(Timeout = Patience)]
    public async Task Send_IsAddressed_InTheOrderOfTheCalls_AndLeavingClosesWith1000()
    {
        using var listener = new WebSocketListener();

        // Time stands still: the server has as long as it takes to answer when we leave.
        (SignalingClient client, WebSocketPeer server) = await JoinAsync(listener, Options(listener) with { TimeProvider = new ManualTimeProvider() }, Joined);
        using (server)
        {
            await client.SendAsync(1, new DescriptionSignal(new PeerDescription(DescriptionType.Answer, "v=0\r\na=\u001b\"")));
            await client.SendAsync(1, new CandidateSignal(new PeerCandidate("candidate:1 1 UDP 1 192.0.2.2 1 typ host", "0", 0, "x")));
            await client.SendAsync(1, new CandidateSignal(new PeerCandidate("", "0")));
            await client.AskForServersAsync();
            JsonEqual("""{"to":1,"description":{"type":"answer","sdp":"v=0\r\na=\u001b\""}}""", await server.ReceiveAsync());
            JsonEqual(
                """{"to":1,"candidate":{"candidate":"candidate:1 1 UDP 1 192.0.2.2 1 typ host","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"x"}}""",
                await server.ReceiveAsync());
            JsonEqual("""{"to":1,"candidate":{"candidate":"","sdpMid":"0"}}""", await server.ReceiveAsync());
            JsonEqual("""{"servers":{}}""", await server.ReceiveAsync());
            ValueTask leaving = client.DisposeAsync();
            Assert.Null(await server.ReceiveAsync());
            Assert.Equal(1000, server.CloseCode);
            await server.CloseAsync(1000);
            await leaving;
        }

        await client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.ReadEventAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.AskForServersAsync());
    }

    [Fact(Timeout = Patience)]
    public async Task Lost_ComesBackWithItsToken_AndSendsWhatWaited()
    {
        var time = new ManualTimeProvider();
        using var listener = new WebSocketListener();
        (SignalingClient client, WebSocketPeer server) = await JoinAsync(listener, Options(listener) with { TimeProvider = time, ConnectTimeout = TimeSpan.FromDays(1) }, Joined);
        await using (client)
        {
            server.Break();
            Assert.Equal(SignalingClientEventKind.Lost, (await client.ReadEventAsync()).Kind);
            await client.SendAsync(1, new CandidateSignal(new PeerCandidate("", "0")));
            Task<WebSocketPeer> again = listener.AcceptWebSocketAsync();
            using WebSocketPeer second = await RunUntilAsync(time, again);
            JsonEqual("""{"join":{"session":"lusab-babad","resume":"9f1c"}}""", await second.ReceiveAsync());
            await second.SendAsync(Joined.Replace("9f1c", "second", StringComparison.Ordinal).Replace("\"graceMs\"", "\"resumed\":true,\"graceMs\"", StringComparison.Ordinal));
            await second.SendAsync("""{"gone":{"id":1}}""");
            SignalingClientEvent resumed = await client.ReadEventAsync();
            Assert.Equal((SignalingClientEventKind.Resumed, 2), (resumed.Kind, resumed.Id));
            Assert.Equal(SignalingClientEventKind.PeerGone, (await client.ReadEventAsync()).Kind);
            JsonEqual("""{"to":1,"candidate":{"candidate":"","sdpMid":"0"}}""", await second.ReceiveAsync());

            // The token is a new one each time.
            await second.CloseAsync(1013);
            SignalingClientEvent lost = await client.ReadEventAsync();
            Assert.Equal((SignalingClientEventKind.Lost, "the server cannot serve us now"), (lost.Kind, lost.Reason));
            using WebSocketPeer third = await RunUntilAsync(time, listener.AcceptWebSocketAsync());
            JsonEqual("""{"join":{"session":"lusab-babad","resume":"second"}}""", await third.ReceiveAsync());
        }
    }

    // For the others we are somebody else: what was to be said came from a peer that there is no more.
    [Fact(Timeout = Patience)]
    public async Task Lost_TooLong_JoinsAnewAndDropsWhatWaited()
    {
        var time = new ManualTimeProvider();
        using var listener = new WebSocketListener();
        (SignalingClient client, WebSocketPeer server) = await JoinAsync(listener, Options(listener) with { TimeProvider = time, ConnectTimeout = TimeSpan.FromDays(1) }, Joined);
        await using (client)
        {
            server.Break();
            Assert.Equal(SignalingClientEventKind.Lost, (await client.ReadEventAsync()).Kind);
            for (int i = 0; i < 200; i++)
            {
                await client.SendAsync(1, new CandidateSignal(new PeerCandidate("", "old")));
            }

            using WebSocketPeer second = await RunUntilAsync(time, listener.AcceptWebSocketAsync());
            await second.ReceiveAsync();
            await second.SendAsync(Alone);
            SignalingClientEvent joined = await client.ReadEventAsync();
            Assert.Equal((SignalingClientEventKind.Joined, 1), (joined.Kind, joined.Id));
            await client.SendAsync(5, new CandidateSignal(new PeerCandidate("", "new")));
            JsonEqual("""{"to":5,"candidate":{"candidate":"","sdpMid":"new"}}""", await second.ReceiveAsync());
        }
    }

    // The server is away, then refuses, then is itself again: the client waits as long as it is asked to.
    [Fact(Timeout = Patience)]
    public async Task Lost_ServerIsBusy_WaitsAsItIsAsked_AndGoesOn()
    {
        var time = new ManualTimeProvider();
        using var listener = new WebSocketListener();
        (SignalingClient client, WebSocketPeer server) = await JoinAsync(listener, Options(listener) with { TimeProvider = time, ConnectTimeout = TimeSpan.FromDays(1) }, Joined);
        await using (client)
        {
            server.Break();
            foreach (int status in (int[])[503, 404, 409, 500])
            {
                WebSocketRequest request = await RunUntilAsync(time, listener.AcceptAsync());
                TimeSpan refused = time.Elapsed;
                await request.RefuseAsync(status, status == 503 ? "Retry-After: 100\r\n" : "");
                if (status == 503)
                {
                    using WebSocketPeer brief = await RunUntilAsync(time, listener.AcceptWebSocketAsync());
                    Assert.True(time.Elapsed - refused >= TimeSpan.FromSeconds(100), $"{time.Elapsed - refused}");
                    brief.Break();
                }
            }

            using WebSocketPeer second = await RunUntilAsync(time, listener.AcceptWebSocketAsync());
            await second.ReceiveAsync();
            await second.SendAsync(Joined);
            var kinds = new List<SignalingClientEventKind>();
            do
            {
                kinds.Add((await client.ReadEventAsync()).Kind);
            }
            while (kinds[^1] != SignalingClientEventKind.Joined);
            Assert.Equal(SignalingClientEventKind.Lost, kinds[0]);
        }
    }

    [Theory(Timeout = Patience)]
    [InlineData(403, SignalingFailure.Forbidden)]
    [InlineData(404, SignalingFailure.NoSignaling)]
    [InlineData(200, SignalingFailure.NoSignaling)]
    [InlineData(302, SignalingFailure.NoSignaling)]
    [InlineData(409, SignalingFailure.NameTaken)]
    [InlineData(500, SignalingFailure.ConnectionFailed)]
    public async Task Join_HttpRefuses_SaysWhatToDo(int status, SignalingFailure failure)
    {
        using var listener = new WebSocketListener();
        Task<SignalingClient> connecting = SignalingClient.ConnectAsync(Options(listener));
        await (await listener.AcceptAsync()).RefuseAsync(status);
        SignalingException error = await Assert.ThrowsAsync<SignalingException>(() => connecting);
        Assert.Equal(failure, error.Failure);
        Assert.Contains(listener.Uri.Authority, error.Message, StringComparison.Ordinal);
        Assert.NotEqual("", error.Hint);
    }

    [Theory(Timeout = Patience)]
    [InlineData(4400, SignalingFailure.Protocol)]
    [InlineData(4403, SignalingFailure.SessionFull)]
    [InlineData(4409, SignalingFailure.NameTaken)]
    [InlineData(4408, SignalingFailure.ConnectionFailed)]
    [InlineData(1011, SignalingFailure.ConnectionFailed)]
    public async Task Join_ServerCloses_SaysWhatToDo(int code, SignalingFailure failure)
    {
        using var listener = new WebSocketListener();
        Task<SignalingClient> connecting = SignalingClient.ConnectAsync(Options(listener));
        using WebSocketPeer server = await listener.AcceptWebSocketAsync();
        await server.ReceiveAsync();
        await server.CloseAsync(code);
        SignalingException error = await Assert.ThrowsAsync<SignalingException>(() => connecting);
        Assert.Equal(failure, error.Failure);
        Assert.NotEqual("", error.Hint);
    }

    [Fact(Timeout = Patience)]
    public async Task Join_NobodyListens_SaysWhatToDo()
    {
        using var dead = new DeadPort(ProtocolType.Tcp);
        var uri = new Uri($"http://{dead.Address}");
        SignalingException error = await Assert.ThrowsAsync<SignalingException>(() => SignalingClient.ConnectAsync(new SignalingClientOptions { Server = uri, Session = "w" }));
        Assert.Equal(SignalingFailure.ConnectionFailed, error.Failure);
        Assert.Contains("--signal", error.Hint, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task Join_ServerSaysNothing_TimesOut()
    {
        var time = new ManualTimeProvider();
        using var listener = new WebSocketListener();
        Task<SignalingClient> connecting = SignalingClient.ConnectAsync(Options(listener) with { TimeProvider = time });
        using WebSocketPeer server = await listener.AcceptWebSocketAsync();
        await server.ReceiveAsync();

        // Opening the socket and joining have a timer each, and the first may outlive what it was for by a moment: fired, it would break the socket.
        while (time.ArmedTimers != 1)
        {
            await Task.Delay(5);
        }

        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Null(await server.ReceiveAsync());
        await server.CloseAsync(1000);
        SignalingException error = await Assert.ThrowsAsync<SignalingException>(() => connecting);
        Assert.Equal(SignalingFailure.TimedOut, error.Failure);
    }

    [Fact(Timeout = Patience)]
    public async Task Join_AnotherProtocol_IsRefused()
    {
        using var listener = new WebSocketListener();
        Task<SignalingClient> connecting = SignalingClient.ConnectAsync(Options(listener));
        using WebSocketPeer server = await listener.AcceptWebSocketAsync();
        await server.SendAsync("hello");
        SignalingException error = await Assert.ThrowsAsync<SignalingException>(() => connecting);
        Assert.Equal(SignalingFailure.Protocol, error.Failure);
    }

    [Fact(Timeout = Patience)]
    public async Task Joined_AnotherClientTakesThePlace_IsTheEnd()
    {
        using var listener = new WebSocketListener();
        (SignalingClient client, WebSocketPeer server) = await JoinAsync(listener, Options(listener), Joined);
        await using (client)
        using (server)
        {
            await server.CloseAsync(4001);
            SignalingClientEvent refused = await client.ReadEventAsync();
            Assert.Equal((SignalingClientEventKind.Refused, SignalingFailure.Replaced), (refused.Kind, refused.Error!.Failure));
            SignalingException error = await Assert.ThrowsAsync<SignalingException>(async () => await client.ReadEventAsync());
            Assert.Equal(SignalingFailure.Replaced, error.Failure);
            await Assert.ThrowsAsync<SignalingException>(async () => await client.AskForServersAsync());
        }
    }

    [Fact(Timeout = Patience)]
    public async Task Events_ThatNobodyReads_AreBounded()
    {
        using var listener = new WebSocketListener();
        (SignalingClient client, WebSocketPeer server) = await JoinAsync(listener, Options(listener), Joined);
        await using (client)
        using (server)
        {
            // The client leaves in the middle of it.
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                while (true)
                {
                    await server.SendAsync("""{"gone":{"id":9}}""");
                }
            });
            int read = 0;
            SignalingException error = await Assert.ThrowsAsync<SignalingException>(async () =>
            {
                while ((await client.ReadEventAsync()).Kind == SignalingClientEventKind.PeerGone)
                {
                    read++;
                }

                // Where there was room for it, that it is the end is an event too.
                await client.ReadEventAsync();
            });
            Assert.Equal(SignalingFailure.NotRead, error.Failure);
            Assert.Equal(1024, read);
        }
    }

    [Theory]
    [InlineData("ftp://192.0.2.1", "w", "", SignalingDialect.Own)]
    [InlineData("http://192.0.2.1/?token=x", "w", "", SignalingDialect.Own)]
    [InlineData("http://user@192.0.2.1/", "w", "", SignalingDialect.Own)]
    [InlineData("http://192.0.2.1", "", "", SignalingDialect.Own)]
    [InlineData("http://192.0.2.1", "a\u0007", "", SignalingDialect.Own)]
    [InlineData("http://192.0.2.1", "a/b", "", SignalingDialect.Villas)]
    [InlineData("http://192.0.2.1", "a", "b/c", SignalingDialect.LibDataChannel)]
    [InlineData("http://192.0.2.1", "a", "", SignalingDialect.PeerJs)]
    public async Task Options_ThatAreNone_AreTheCallersMistake(string server, string session, string name, SignalingDialect dialect)
        => await Assert.ThrowsAsync<ArgumentException>(
            () => SignalingClient.ConnectAsync(new SignalingClientOptions { Server = new Uri(server), Session = session, Name = name, Dialect = dialect }));

    // Half a surrogate pair cannot be told.
    [Fact]
    public async Task Options_TextThatIsNoUnicode_IsTheCallersMistake()
    {
        var options = new SignalingClientOptions { Server = new Uri("http://192.0.2.1"), Session = "a" + (char)0xD800 };
        await Assert.ThrowsAsync<ArgumentException>(() => SignalingClient.ConnectAsync(options));
        await Assert.ThrowsAsync<ArgumentException>(() => SignalingClient.ConnectAsync(options with { Session = "a", Name = (char)0xDC00 + "b" }));
    }

    [Theory]
    [InlineData("http://192.0.2.1:8080", SignalingDialect.Own, "ws://192.0.2.1:8080/session")]
    [InlineData("https://signal.example.org/", SignalingDialect.Own, "wss://signal.example.org/session")]
    [InlineData("wss://signal.example.org/base/", SignalingDialect.Own, "wss://signal.example.org/base/session")]
    [InlineData("ws://192.0.2.1/session", SignalingDialect.Own, "ws://192.0.2.1/session")]
    [InlineData("http://192.0.2.1:8080", SignalingDialect.Villas, "ws://192.0.2.1:8080/villas/a%20word/me")]
    [InlineData("https://villas.example.org/ws/signaling", SignalingDialect.Villas, "wss://villas.example.org/ws/signaling/a%20word/me")]
    [InlineData("http://192.0.2.1:8080/villas", SignalingDialect.Villas, "ws://192.0.2.1:8080/villas/a%20word/me")]
    [InlineData("http://192.0.2.1:8080", SignalingDialect.LibDataChannel, "ws://192.0.2.1:8080/libdatachannel/a%20word/me")]
    public void Uri_OfEachDialect_IsWhereItsEndpointIs(string server, SignalingDialect dialect, string expected)
    {
        using var random = new SeededRandom(1);
        var options = new SignalingClientOptions { Server = new Uri(server), Session = "a word", Name = "me", Dialect = dialect };
        Assert.Equal(expected, ClientDialect.Create(options, random).GetUri().AbsoluteUri);
    }

    internal static SignalingClientOptions Options(WebSocketListener listener, SignalingDialect dialect = SignalingDialect.Own)
        => new() { Server = listener.Uri, Session = "lusab-babad", Dialect = dialect };

    /// <summary>Joins, and reads the first message and the first event.</summary>
    internal static async Task<(SignalingClient Client, WebSocketPeer Server)> JoinAsync(WebSocketListener listener, SignalingClientOptions options, params string[] answers)
    {
        Task<SignalingClient> connecting = SignalingClient.ConnectAsync(options);
        WebSocketPeer server = await listener.AcceptWebSocketAsync();
        await server.ReceiveAsync();
        foreach (string answer in answers)
        {
            await server.SendAsync(answer);
        }

        SignalingClient client = await connecting;
        Assert.Equal(SignalingClientEventKind.Joined, (await client.ReadEventAsync()).Kind);
        return (client, server);
    }

    internal static void JsonEqual(string expected, string? actual)
    {
        Assert.NotNull(actual);
        Assert.True(JsonElement.DeepEquals(Parse(expected), Parse(actual)), actual);

        static JsonElement Parse(string text)
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(text));
            return document.RootElement.Clone();
        }
    }

    // Moves time as long as something is waited for that time brings about. The machine's own time goes with it: what is to happen between two attempts happens,
    // and a day passes in no test.
    private static async Task<T> RunUntilAsync<T>(ManualTimeProvider time, Task<T> task)
    {
        while (!task.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }

        return await task;
    }
}
