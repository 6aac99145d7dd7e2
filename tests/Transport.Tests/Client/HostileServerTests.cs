using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

[Collection(ProcessWide.Name)]
public sealed class HostileServerTests
{
    [Fact(Timeout = Patience.FloodMilliseconds)]
    public async Task Bind_FloodOfGarbage_IsAnsweredWithoutExceptionsOrGrowth()
    {
        const int Flood = 100_000;
        const long MostGrowth = 256 * 1024;
        byte[] flooded = [];
        await using var server = new ScriptedUdpServer((request, from) =>
        {
            // What is sent again is answered.
            bool again = request.AsSpan(8, 12).SequenceEqual(flooded);
            flooded = request[8..20];
            return again ? [Wire.Success(request, from)] : Garbage(request, Flood);
        });
        await using StunClient client = await StunClient.ConnectAsync(server.Reference, new StunClientOptions());
        string thrown = "";

        long growth = await LiveMemory.LeastGrowthAsync(MostGrowth, async () => thrown += await ThrownAnywhere.LastRunAsync(async () =>
        {
            StunBinding binding = await client.BindAsync();
            Assert.Equal(client.Local, binding.Mapped);
        }));

        Assert.Empty(thrown);
        Assert.InRange(growth, long.MinValue, MostGrowth);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_StreamOfGarbageBehindALongHeader_StaysWithinOneMessage()
    {
        // What the header promises is the most that is ever held; then the connection is given up.
        await using var server = new ScriptedStreamServer(static async (stream, from, token) =>
        {
            byte[] request = await ScriptedStreamServer.ReadRequestAsync(stream, token);
            byte[] header = Wire.WithLength(Wire.Success(request, from)[..20], 65532);
            await stream.WriteAsync(header, token);
            byte[] block = new byte[64 * 1024];
            while (true)
            {
                await stream.WriteAsync(block, token);
            }
        });
        await using StunClient client = await StunClient.ConnectAsync(
            server.Reference, new StunClientOptions { Transport = StunTransport.Tcp, TimeProvider = new SlowTimeProvider(20) });

        StunException error = await Assert.ThrowsAsync<StunException>(() => client.BindAsync());

        Assert.Contains(error.Failure, new[] { StunFailure.ConnectionLost, StunFailure.BadAnswer });
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Everything_CancelledAndDisposedMidway_LeavesNoUnobservedException() =>
        Assert.Empty(await Unobserved.LastRunAsync(AbandonEverythingAsync));

    private static async Task AbandonEverythingAsync()
    {
        using var full = new FullListener();
        await using var silentUdp = ScriptedUdpServer.Silent();
        await using var silentTcp = new ScriptedStreamServer(static (_, _, token) => ScriptedStreamServer.HoldAsync(token));
        foreach (bool cancels in new[] { true, false })
        {
            foreach ((StunServerReference server, StunTransport transport) in new[]
            {
                (silentUdp.Reference, StunTransport.Udp),
                (silentTcp.Reference, StunTransport.Tcp),
            })
            {
                using var cancel = new CancellationTokenSource();
                StunClient client = await StunClient.ConnectAsync(server, new StunClientOptions { Transport = transport, TimeProvider = new SlowTimeProvider(20) });
                Task[] tasks = [.. Enumerable.Range(0, 20).Select(_ => (Task)client.BindAsync(cancel.Token))];
                if (cancels)
                {
                    await cancel.CancelAsync();
                }

                await client.DisposeAsync();
                await IgnoreAsync(tasks);
            }

            foreach ((StunServerReference server, StunTransport transport) in new[]
            {
                (full.Reference, StunTransport.Tcp),
                (silentTcp.Reference, StunTransport.Tls),
            })
            {
                var time = new ManualTimeProvider();
                using var cancel = new CancellationTokenSource();
                Task task = StunClient.ConnectAsync(server, new StunClientOptions { Transport = transport, TimeProvider = time }, cancel.Token);
                await time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
                if (cancels)
                {
                    await cancel.CancelAsync();
                }
                else
                {
                    time.Advance(TimeSpan.FromSeconds(10));
                }

                await IgnoreAsync(task);
            }
        }
    }

    private static async Task IgnoreAsync(params Task[] tasks)
    {
        foreach (Task task in tasks)
        {
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.False(task.IsCompletedSuccessfully);
        }
    }

    private static IEnumerable<byte[]> Garbage(byte[] request, int count)
    {
        byte[] noise = RandomNumberGenerator.GetBytes(2048);
        for (int i = 0; i < count; i++)
        {
            switch (i % 4)
            {
                case 0:
                    yield return noise[(i % 1000)..((i % 1000) + (i % 700))];
                    break;
                case 1:
                    byte[] mutated = Wire.Success(request, new IPEndPoint(IPAddress.Loopback, 9));
                    mutated[i % 8] ^= (byte)(1 + (i % 255));
                    mutated[8] ^= 1;
                    yield return mutated;
                    break;
                case 2:
                    yield return Wire.Success(request, new IPEndPoint(IPAddress.Loopback, 9))[..(i % 32)];
                    break;
                default:
                    yield return Wire.WithLength(Wire.Success(request, new IPEndPoint(IPAddress.Loopback, 9)), (ushort)(i % 65536 == 12 ? 16 : i));
                    break;
            }
        }
    }
}
