using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Ice;
using static Stack.Simulation.Tests.Scene;

namespace Stack.Simulation.Tests;

/// <summary>Two agents, a STUN and TURN server, and what the test puts between them. Every link to the internet takes 25 ms: the round trip is 100 ms.</summary>
internal sealed class IceScene : IDisposable
{
    public const string Turn = "198.51.100.1:3478";
    private readonly List<IDisposable> _owned = [];

    public IceScene(ulong seed = 1, bool traces = true)
    {
        Simulator = new Simulator(seed, traces ? new PacketTrace() : null);
        VirtualHost server = Simulator.PublicHost("turn", "198.51.100.1", "2001:db8:aaaa::1");
        TurnServer = new VirtualTurnServer(server, new VirtualTurnServerOptions
        {
            Udp = [At(Turn), At("[2001:db8:aaaa::1]:3478")],
            Tcp = [At("198.51.100.1:443")],
            Users = [new("user", "pass")],
        });
        _owned.Add(TurnServer);
    }

    public static TimeSpan RoundTrip { get; } = Ms(100);

    public static LinkProfile Access { get; } = LinkProfile.WithLatency(Ms(25));

    public static VirtualIceAgentOptions Options { get; } = new()
    {
        StunServers = [At(Turn)],
        TurnServers = [new VirtualTurnAddress(At(Turn), "user", "pass")],
    };

    public Simulator Simulator { get; }

    public VirtualTurnServer TurnServer { get; }

    public VirtualIceAgent Left { get; private set; } = null!;

    public VirtualIceAgent Right { get; private set; } = null!;

    public VirtualSignaling Signaling { get; private set; } = null!;

    public VirtualHost Public(string name, string address)
    {
        VirtualHost host = Simulator.PublicHost(name, address);
        host.Interfaces[0].Link.Both = Access;
        return host;
    }

    public VirtualHost Natted(string name, NatOptions options, string outside, out NatRouter nat)
    {
        (VirtualHost host, nat) = Simulator.NattedHost(name, options, outside: outside);
        nat.Outside.Link.Both = Access;
        return host;
    }

    public void Start(VirtualHost left, VirtualHost right, VirtualIceAgentOptions? leftOptions = null, VirtualIceAgentOptions? rightOptions = null, bool trickles = true)
    {
        leftOptions ??= Options;
        rightOptions ??= Options;
        Left = new VirtualIceAgent(left, leftOptions with { Agent = leftOptions.Agent with { Role = IceRole.Controlling } });
        Right = new VirtualIceAgent(right, rightOptions with { Echoes = true, Agent = rightOptions.Agent with { Role = IceRole.Controlled } });
        _owned.AddRange([Left, Right]);
        Signaling = new VirtualSignaling(Left, Right, LatencyDistribution.Constant(Ms(30)), trickles);
        Left.Start();
        Right.Start();
    }

    /// <summary>Runs until both have nominated.</summary>
    public bool Completes(TimeSpan limit) => Simulator.RunUntil(
        () => Left.Agent.State == IceSessionState.Completed && Right.Agent.State == IceSessionState.Completed, limit);

    public (CandidateType Left, CandidateType Right) Selected()
    {
        CandidatePair left = Left.Agent.GetSelectedPair(0, 1)!;
        return (left.Local.Type, left.Remote.Type);
    }

    /// <summary>Sends a datagram that the other side echoes.</summary>
    public bool Echoes()
    {
        int before = Left.DataReceived;
        return Left.Send("hello"u8) && Simulator.RunUntil(() => Left.DataReceived > before, Seconds(2));
    }

    public override string ToString() => $"{Simulator}\n{Left} {Right}\n{string.Join('\n', Left.Agent.Pairs.Concat(Right.Agent.Pairs))}\n{Simulator.Trace}";

    public void Dispose() => _owned.AsEnumerable().Reverse().ToList().ForEach(static one => one.Dispose());
}
