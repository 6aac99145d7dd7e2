using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>What hostile traffic may cost: no exception for a bad datagram, and no memory for a source.</summary>
[Collection(ProcessWide.Name)]
public sealed class StunServerFloodTests
{
    /// <summary>Far below the smallest object for each source.</summary>
    private const long MostGrowth = 256 * 1024;

    [Theory(Timeout = Patience.FloodMilliseconds)]
    [InlineData(3_000)]
    [InlineData(100_000)]
    public async Task Sources_AllDifferent_LeaveNothingBehind(int sources)
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp);
        using Socket first = RawClient.Udp("127.0.0.9");
        await RawClient.AskAsync(first, server.At());
        byte[] flood = Wire.Request();

        long growth = await LiveMemory.LeastGrowthAsync(MostGrowth, async () =>
        {
            for (int i = 0; i < sources; i++)
            {
                // 127.0.0.0/8 is all this machine's.
                using Socket socket = RawClient.Udp($"127.{16 + (i >> 16)}.{(i >> 8) & 0xFF}.{i & 0xFF}");
                socket.SendTo(flood, server.At());
            }

            using Socket last = RawClient.Udp("127.0.0.8");
            byte[] request = Wire.Request();
            Assert.True(Wire.IsAnswerTo(await AskUntilAnsweredAsync(last, server.At(), request), request));
        });

        Assert.InRange(growth, long.MinValue, MostGrowth);
    }

    [Theory]
    [InlineData(3_000)]
    [InlineData(100_000)]
    public void BindingServer_SourcesAllDifferent_LeaveNothingBehind(int sources)
    {
        // It has no thread of its own: what it does not allocate on the caller's, it cannot keep.
        const int Runs = 5;
        var server = new BindingServer();
        byte[] request = Wire.Request();
        byte[] reply = new byte[BindingServer.MinReplyBuffer];
        int answered = AskFromEverywhere(server, request, reply, 0, 1000);
        long fewest = long.MaxValue;
        int asked = 1000;

        // What the runtime itself allocates once, a table for statics for example, comes in one of the runs; what a source costs comes in all.
        for (int run = 0; run < Runs && fewest > 0; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            answered += AskFromEverywhere(server, request, reply, asked, sources);
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
            asked += sources;
        }

        Assert.Equal(0, fewest);
        Assert.Equal(asked, answered);
    }

    [Fact(Timeout = Patience.FloodMilliseconds)]
    public async Task Datagrams_HundredThousandBadOnes_RaiseNoException()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp);
        using Socket client = RawClient.Udp();
        string[] kinds = ["empty", "nineteen-bytes", "success", "indication", "allocate", "wrong-cookie", "wrong-fingerprint", "all-ff", "length-65532"];
        byte[][] datagrams = Array.ConvertAll(kinds, StunServerTests.Dropped);
        await RawClient.AskAsync(client, server.At());

        Assert.Empty(await ThrownAnywhere.LastRunAsync(async () =>
        {
            for (int i = 0; i < 100_000; i++)
            {
                client.SendTo(datagrams[i % datagrams.Length], server.At());
            }

            byte[] request = Wire.Request();
            Assert.True(Wire.IsAnswerTo(await AskUntilAnsweredAsync(client, server.At(), request), request));
        }));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connections_ThatPromiseLongMessages_HoldWhatHasArrived()
    {
        var time = new ManualTimeProvider();
        await using StunServer server = await Servers.StartAsync(StunTransport.Tcp, time);
        using (Socket warmUp = await RawClient.TcpAsync(server.At()))
        {
            await warmUp.SendAsync(Wire.Request());
            await RawClient.ReadMessageAsync(warmUp);
        }

        const int Count = 31;
        const long MostForEach = 24 * 1024;
        var open = new List<Socket>();
        long growth = await LiveMemory.LeastGrowthAsync(Count * MostForEach, async () =>
        {
            // Those of earlier attempts stay, so that none of them goes while this one is measured; a source has few connections.
            string source = $"127.0.0.{30 + (open.Count / Count)}";
            for (int i = 0; i < Count; i++)
            {
                Socket client = await RawClient.TcpAsync(server.At(), source);
                open.Add(client);
                byte[] request = Wire.Request();
                await client.SendAsync((byte[])[.. request, .. Wire.WithLength(Wire.Request(), 4076)]);
                Assert.True(Wire.IsAnswerTo(await RawClient.ReadMessageAsync(client), request));
            }
        });

        open.ForEach(socket => socket.Dispose());
        Assert.InRange(growth / Count, long.MinValue, MostForEach);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Everything_FaultsAndResets_LeaveNoUnobservedException() => Assert.Empty(await Unobserved.LastRunAsync(AbuseAsync));

    private static int AskFromEverywhere(BindingServer server, byte[] request, byte[] reply, int first, int count)
    {
        TransportAddress local = TransportAddress.FromIPv4(0x7F000001, 3478);
        int answered = 0;
        for (int i = first; i < first + count; i++)
        {
            var source = TransportAddress.FromIPv4(0x0A000000 + (uint)i, (ushort)(1024 + (i % 60000)));
            var arrival = new BindingArrival(source, local, Reliable: false, Instant.Zero + TimeSpan.FromMilliseconds(i));
            answered += server.HandleDatagram(request, arrival, reply, out _) == BindingDisposition.Answered ? 1 : 0;
        }

        return answered;
    }

    private static async Task AbuseAsync()
    {
        var time = new FaultyTimeProvider();
        await using StunServer server = await Servers.StartAsync(StunTransport.Tls, time, static o => o with
        {
            Listen = [Servers.Listen(StunTransport.Tls), Servers.Listen(StunTransport.Tcp), Servers.Listen(StunTransport.Udp)],
        });
        foreach (StunTransport transport in new[] { StunTransport.Tls, StunTransport.Tcp })
        {
            foreach (byte[] bytes in new[] { [], new byte[300], Wire.Request()[..9], [.. Wire.Request(), .. Wire.Request()] })
            {
                using Socket client = await RawClient.TcpAsync(server.At(transport));
                await client.SendAsync(bytes);
                client.LingerState = new LingerOption(enable: true, 0);
            }
        }

        using Socket victim = await RawClient.TcpAsync(server.At(StunTransport.Tcp));
        await victim.SendAsync(Wire.Request());
        Assert.NotEmpty(await RawClient.ReadMessageAsync(victim));

        // Requests of the others may still be in progress and take a fault each.
        time.Fail(int.MaxValue);
        await victim.SendAsync(Wire.Request());
        Assert.True(await RawClient.IsClosedAsync(victim));
        time.Fail(0);
    }

    // The flood before may have filled the server's receive buffer; each empty one is asked for again.
    private static async Task<byte[]> AskUntilAnsweredAsync(Socket client, IPEndPoint server, byte[] request)
    {
        Task<(byte[] Bytes, IPEndPoint From)> answer = RawClient.ReceiveAsync(client);
        while (!answer.IsCompleted)
        {
            await client.SendToAsync(request, server);
            await Task.Yield();
        }

        return (await answer).Bytes;
    }
}
