using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Signaling.Server.Tests;

public sealed class LimitTests
{
    // W17
    [Fact]
    public async Task Address_WithTwentySockets_GetsNoMoreUntilOneIsClosed()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { Limits = RunningServer.Roomy with { MaxConnectionsPerAddress = SignalingLimits.Default.MaxConnectionsPerAddress } });
        List<RawWebSocket> open = [];
        for (int i = 0; i < 20; i++)
        {
            open.Add(await RawWebSocket.OpenAsync(server.EndPoint, "/session"));
        }

        await using (RawWebSocket refused = await RawWebSocket.AskAsync(server.EndPoint, "/session"))
        {
            Assert.Equal(429, refused.Status);
            Assert.Contains("Retry-After: ", refused.Head, StringComparison.OrdinalIgnoreCase);
        }

        await using (RawWebSocket other = await RawWebSocket.OpenAsync(server.EndPoint, "/session", IPAddress.Parse("127.0.0.2")))
        {
            Assert.Equal(101, other.Status);
        }

        await open[0].SendAsync(new WireFrame(WireFrame.CloseOpcode, [3, 232]));
        Assert.Equal(1000, await open[0].ReceiveCloseAsync());
        await using (RawWebSocket next = await RawWebSocket.AskAsync(server.EndPoint, "/session"))
        {
            Assert.Equal(101, next.Status);
        }

        foreach (RawWebSocket socket in open)
        {
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task Address_ConnectingTooFast_Is429()
    {
        ManualTimeProvider time = new();
        await using RunningServer server = await RunningServer.StartAsync(
            options => options with { Limits = SignalingLimits.Default with { MaxConnectionsPerAddress = 1000 }, TimeProvider = time });
        for (int i = 0; i < 10; i++)
        {
            await using RawWebSocket opened = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        }

        await using (RawWebSocket refused = await RawWebSocket.AskAsync(server.EndPoint, "/session"))
        {
            Assert.Equal(429, refused.Status);
        }

        time.Advance(TimeSpan.FromSeconds(1));
        await using RawWebSocket later = await RawWebSocket.AskAsync(server.EndPoint, "/session");
        Assert.Equal(101, later.Status);
    }

    [Fact]
    public async Task Server_WithAllItsSockets_Is503()
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { Limits = RunningServer.Roomy with { MaxConnections = 2 } });
        await using RawWebSocket first = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        await using RawWebSocket second = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        await using RawWebSocket third = await RawWebSocket.AskAsync(server.EndPoint, "/session");
        Assert.Equal(503, third.Status);
        Assert.Contains("Retry-After: ", third.Head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Session_WithEightPeers_ClosesTheNinth4403()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        List<RawWebSocket> peers = [];
        for (int i = 0; i < 8; i++)
        {
            peers.Add((await RawWebSocket.JoinAsync(server.EndPoint, "full")).Socket);
        }

        await using RawWebSocket ninth = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        await ninth.SendJsonAsync(new { join = new { session = "full" } });
        Assert.Equal(4403, await ninth.ReceiveCloseAsync());
        foreach (RawWebSocket peer in peers)
        {
            await peer.DisposeAsync();
        }
    }

    [Fact]
    public async Task Socket_WithoutAWord_Closes4408()
    {
        ManualTimeProvider time = new();
        TimeSpan patience = TimeSpan.FromSeconds(5);
        await using RunningServer server = await RunningServer.StartAsync(
            options => options with { Limits = RunningServer.Roomy with { FirstMessageTimeout = patience }, TimeProvider = time });
        await using RawWebSocket silent = await RawWebSocket.OpenAsync(server.EndPoint, "/session");
        await time.WaitForTimerAsync(patience).InTime();
        time.Advance(patience);
        Assert.Equal(4408, await silent.ReceiveCloseAsync());
    }

    // What is read is delayed first; who goes on is closed. Time stands still: nothing is refilled.
    [Fact]
    public async Task Messages_InAFlood_Close1008()
    {
        ManualTimeProvider time = new();
        await using RunningServer server = await RunningServer.StartAsync(options => options with { TimeProvider = time });
        (RawWebSocket socket, _) = await RawWebSocket.JoinAsync(server.EndPoint, "flood");
        await using RawWebSocket client = socket;
        byte[] message = WireFrame.OfText("{\"servers\":{}}").ToBytes();
        Task<int> closed = client.ReceiveCloseAsync();
        await client.SendAsync(Enumerable.Repeat(message, 2000).SelectMany(static bytes => bytes).ToArray());
        while (!closed.IsCompleted)
        {
            // Delayed, its messages are read at twice the rate that it has.
            TimeSpan delay = TimeSpan.FromMilliseconds(25);
            await Task.WhenAny(time.WaitForTimerAsync(delay), closed).InTime();
            time.Advance(delay);
        }

        Assert.Equal(1008, await closed);
    }

    // W20, scaled down: what one address opens and says nothing on is bounded, and others come through meanwhile.
    [Fact]
    public async Task Connections_WithoutARequest_AreFewForOneAddress()
    {
        const int Attempts = 500;
        const int Places = 32;
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { PendingConnectionsPerAddress = Places });
        List<RawWebSocket> half = [];
        for (int i = 0; i < Attempts; i++)
        {
            try
            {
                RawWebSocket one = await RawWebSocket.DialAsync(server.EndPoint);
                half.Add(one);
                await one.SendAsync(Encoding.ASCII.GetBytes("GET /session HT"));
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                // Refused already.
            }
        }

        (RawWebSocket other, JsonElement joined) = await RawWebSocket.JoinAsync(server.EndPoint, "w20", from: IPAddress.Parse("127.0.0.2"));
        await using RawWebSocket legitimate = other;
        Assert.Equal(1, joined.GetProperty("id").GetInt32());

        // All but the few that have a place are ended; the others have been given back their places when they end.
        await Task.WhenAll(half.Skip(Places).Select(static socket => socket.ReceiveEndAsync())).InTime();
        foreach (RawWebSocket socket in half)
        {
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task Header_LargerThanEightKilobytes_Is431()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using RawWebSocket client = await RawWebSocket.AskAsync(server.EndPoint, "/session", null, "X-Large: " + new string('a', 9000));
        Assert.Equal(431, client.Status);
    }
}
