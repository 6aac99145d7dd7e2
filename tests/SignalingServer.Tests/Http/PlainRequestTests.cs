using System;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace Stack.Signaling.Server.Tests;

public sealed class PlainRequestTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Page_AtTheRoot_RunsItsOwnScriptAndNoOther()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpResponseMessage answer = await _http.GetAsync(At(server, "/"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        string policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("nosniff", answer.Headers.GetValues("X-Content-Type-Options"));

        // What the policy would stop: a handler or a style in an attribute, anything from elsewhere.
        string page = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("onclick=", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("style=", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_AskedForAgain_IsNotSentAgain()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpResponseMessage first = await _http.GetAsync(At(server, "/"));
        using HttpRequestMessage again = new(HttpMethod.Get, At(server, "/"));
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await _http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Health_Asked_IsOk()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Assert.Equal("OK", await _http.GetStringAsync(At(server, "/healthz")));
    }

    [Fact]
    public async Task Metrics_WithPeers_CountThem()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        (RawWebSocket first, _) = await RawWebSocket.JoinAsync(server.EndPoint, "metrics");
        await using RawWebSocket one = first;
        (RawWebSocket second, JsonElement joined) = await RawWebSocket.JoinAsync(server.EndPoint, "metrics");
        await using RawWebSocket two = second;
        await two.SendJsonAsync(new { to = joined.GetProperty("peers")[0].GetProperty("id").GetInt32(), description = new { type = "offer", sdp = "v=0" } });
        await one.ReceiveJsonAsync("description");

        // What a peer has read already is counted a moment later.
        await server.UntilAsync(static counts => counts is { Peers: 2, Descriptions: 1 });
        string text = await _http.GetStringAsync(At(server, "/metrics"));
        Assert.Contains("# TYPE signaling_active_sessions gauge\nsignaling_active_sessions 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsignaling_active_peers 2\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE signaling_sessions counter\nsignaling_sessions 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsignaling_connections 2\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsignaling_messages{type=\"description\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsignaling_joined{dialect=\"own\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsignaling_faults 0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("metrics", text.Replace("/metrics", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listing_WithoutAToken_IsNotThere()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpResponseMessage answer = await _http.GetAsync(At(server, "/api/v1/sessions"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData("0123456789abcdef")]
    public async Task Listing_WithoutTheToken_Is401(string? token)
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { ListingToken = Token });
        using HttpResponseMessage answer = await AskAsync(server, "/api/v1/sessions", token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Listing_WithTheToken_NamesSessionsAndPeers()
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { ListingToken = Token });
        (RawWebSocket socket, _) = await RawWebSocket.JoinAsync(server.EndPoint, "a/b c", "alice");
        await using RawWebSocket client = socket;
        JsonElement session = (await ReadAsync(server, "/api/v1/sessions")).GetProperty("sessions")[0];
        Assert.Equal("a/b c", session.GetProperty("name").GetString());
        JsonElement peer = session.GetProperty("peers")[0];
        Assert.Equal(("alice", 1, "own"), (peer.GetProperty("name").GetString(), peer.GetProperty("id").GetInt32(), peer.GetProperty("dialect").GetString()));
        JsonElement one = (await ReadAsync(server, "/api/v1/session/a%2Fb%20c")).GetProperty("session");
        Assert.Equal("a/b c", one.GetProperty("name").GetString());

        using HttpResponseMessage none = await AskAsync(server, "/api/v1/session/other", Token);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        JsonElement error = JsonDocument.Parse(await none.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("Not Found", error.GetProperty("status").GetString());
        Assert.NotEqual("", error.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Post_ToWhatIsRead_Is405()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpResponseMessage answer = await _http.PostAsync(At(server, "/healthz"), new StringContent(""));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public async Task PeerJsId_Asked_IsAnotherEachTime()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string first = await _http.GetStringAsync(At(server, "/peerjs/id?ts=1&version=1.5.5"));
        Assert.True(Guid.TryParse(first, out _));
        Assert.NotEqual(first, await _http.GetStringAsync(At(server, "/peerjs/id")));
    }

    private static Uri At(RunningServer server, string path) => new($"http://{server.EndPoint}{path}");

    private async Task<HttpResponseMessage> AskAsync(RunningServer server, string path, string? token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, At(server, path));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await _http.SendAsync(request);
    }

    private async Task<JsonElement> ReadAsync(RunningServer server, string path)
    {
        using HttpResponseMessage answer = await AskAsync(server, path, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }
}
