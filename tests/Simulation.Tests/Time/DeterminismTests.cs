using Stack.Stun;
using Xunit;
using static Stack.Simulation.Tests.Scene;

namespace Stack.Simulation.Tests;

/// <summary>A seed replays: the same packets at the same times with the same bytes.</summary>
public sealed class DeterminismTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(12345)]
    public void Run_SameSeed_HasTheSameTraceAndAnotherSeedAnother(ulong seed)
    {
        PacketTrace first = Run(seed);
        PacketTrace second = Run(seed);
        Assert.True(first.Count > 2000);
        Assert.Equal((first.Count, first.Digest), (second.Count, second.Digest));
        Assert.Equal(first.ToString(), second.ToString());
        Assert.NotEqual(first.Digest, Run(seed + 1).Digest);
    }

    // A seed of a failure on one machine must replay on another: the digest of a run is pinned.
    [Fact]
    public void Run_OnEveryMachine_IsTheSame() => Assert.Equal("D4A5554B2BC0A015", Run(1).Digest.ToString("X16", System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Trace_Bounded_KeepsTheLastLines()
    {
        var trace = new PacketTrace(capacity: 3);
        var simulator = new Simulator(1, trace);
        using VirtualSocket socket = simulator.PublicHost("a", "203.0.113.1").BindUdp(At("203.0.113.1:1"));
        for (int i = 0; i < 3; i++)
        {
            socket.Send(At("203.0.113.9:1"), "lost");
        }

        trace.Add(simulator.Now, "test", "a remark");
        Assert.Equal(7, trace.Count);
        Assert.Equal(
            """
            00:00:00 a: Sent udp 203.0.113.1:1 > 203.0.113.9:1 4 bytes 6c6f7374
            00:00:00 internet: NoRoute udp 203.0.113.1:1 > 203.0.113.9:1 4 bytes 6c6f7374
            00:00:00 test: a remark

            """.ReplaceLineEndings(),
            trace.ToString());
    }

    private static PacketTrace Run(ulong seed)
    {
        var trace = new PacketTrace(capacity: 100_000);
        var simulator = new Simulator(seed, trace);
        var bad = new LinkProfile
        {
            Latency = LatencyDistribution.Bell(Ms(5), Ms(80)),
            Loss = 0.1,
            MeanLossBurst = 3,
            Duplication = 0.05,
            Reordering = 0.1,
            BitsPerSecond = 5_000_000,
        };
        VirtualHost server = simulator.PublicHost("server", "198.51.100.1", "198.51.100.2");
        using var stun = new VirtualStunServer(server, new AlternateAddresses(At("198.51.100.1:3478"), At("198.51.100.2:3479")));
        using VirtualListener listener = server.Listen(At("198.51.100.1:80"));
        listener.Accepted = static connection => connection.Received = static (echo, bytes) => echo.Send(bytes);
        (VirtualHost host, NatRouter nat) = simulator.NattedHost("home", NatOptions.Symmetric, outside: "203.0.113.1");
        nat.Outside.Link.Both = bad;
        VirtualConnection connection = host.Connect(At("192.168.1.2"), At("198.51.100.1:80"));
        byte[] bytes = new byte[200_000];
        host.Random.GetBytes(bytes);
        connection.Send(bytes);
        NatDiscoveryProgram.Run(host, At("192.168.1.2"), At("198.51.100.1:3478"));
        simulator.RunFor(Seconds(20));
        return trace;
    }
}
