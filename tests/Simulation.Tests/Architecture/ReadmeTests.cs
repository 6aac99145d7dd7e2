using System;
using System.IO;
using System.Linq;
using Stack.Ice;
using Stack.TestKit;
using Xunit;

namespace Stack.Simulation.Tests;

/// <summary>The example of the README does what it says, line for line.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void Example_IsTheOneThatIsTested()
    {
        string readme = File.ReadAllText(RepositoryFiles.PathOf("src", "Simulation", "README.md"));
        string source = File.ReadAllText(RepositoryFiles.PathOf("tests", "Simulation.Tests", "Architecture", "ReadmeTests.cs"));
        string example = readme[(readme.IndexOf("```csharp", StringComparison.Ordinal) + 9)..];
        example = example[..example.IndexOf("```", StringComparison.Ordinal)];
        foreach (string line in example.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length != 0 && !line.StartsWith("using S", StringComparison.Ordinal)))
        {
            Assert.Contains(line, source, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Example_Runs_BothBecomeUsable()
    {
        var simulator = new Simulator(seed: 42, new PacketTrace());

        // A TURN server, which is a STUN server too, 20 ms from everybody.
        VirtualHost turn = simulator.CreateHost("turn");
        turn.AddInterface(simulator.Internet, "198.51.100.1").Link.Both = LinkProfile.WithLatency(TimeSpan.FromMilliseconds(10));
        using var server = new VirtualTurnServer(turn, new VirtualTurnServerOptions
        {
            Udp = [Endpoint.Parse("198.51.100.1:3478")],
            Users = [new("user", "pass")],
        });

        VirtualHost Home(string name, string external, NatOptions behaviour)
        {
            Network lan = simulator.CreateNetwork(name + "-lan");
            var nat = new NatRouter(name + "-nat", lan, simulator.Internet, behaviour, Endpoint.Parse(external));
            nat.Outside.Link.Both = new LinkProfile { Latency = LatencyDistribution.Bell(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(40)), Loss = 0.05 };
            VirtualHost host = simulator.CreateHost(name);
            host.AddInterface(lan, "192.168.1.2");
            return host;
        }

        var options = new VirtualIceAgentOptions
        {
            StunServers = [Endpoint.Parse("198.51.100.1:3478")],
            TurnServers = [new VirtualTurnAddress(Endpoint.Parse("198.51.100.1:3478"), "user", "pass")],
        };
        using var alice = new VirtualIceAgent(Home("alice", "203.0.113.1", NatOptions.PortRestricted), options);
        using var bob = new VirtualIceAgent(
            Home("bob", "203.0.113.2", NatOptions.Symmetric), options with { Echoes = true, Agent = options.Agent with { Role = Stack.Ice.IceRole.Controlled } });
        _ = new VirtualSignaling(alice, bob, LatencyDistribution.Constant(TimeSpan.FromMilliseconds(50)));

        alice.Start();
        bob.Start();
        if (!simulator.RunUntil(() => alice.UsableAt is not null && bob.UsableAt is not null, TimeSpan.FromSeconds(30)))
        {
            Console.WriteLine($"{simulator}\n{simulator.Trace}");
        }

        Assert.NotNull(alice.UsableAt);
        Assert.NotNull(bob.UsableAt);
        Assert.True(alice.Send("hello"u8));
        Assert.Contains(alice.Agent.State, (IceSessionState[])[IceSessionState.Connected, IceSessionState.Completed]);
    }
}
