using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Simulation;
using Stack.Stun;

namespace Stack.Ice.Tests;

/// <summary>
/// Two agents on a virtual internet with a STUN and TURN server. A packet takes a quarter of the round trip from a side to the internet, so that the
/// round trip between the sides, direct or by the relay, is <see cref="RoundTrip"/>.
/// </summary>
internal sealed class IceScenario : IDisposable
{
    private const string Turn = "198.51.100.1:3478";
    private const string TurnOverTcp = "198.51.100.1:443";
    private readonly List<IDisposable> _owned = [];

    public IceScenario(ulong seed = 1, double roundTrip = 100, bool traces = false)
    {
        RoundTrip = TimeSpan.FromMilliseconds(roundTrip);
        Link = LinkProfile.WithLatency(RoundTrip / 4);
        Simulator = new Simulator(seed, traces ? new PacketTrace() : null);
        VirtualHost server = Simulator.CreateHost("turn");
        server.AddInterface(Simulator.Internet, "198.51.100.1", "2001:db8:aaaa::1");
        Server = new VirtualTurnServer(server, new VirtualTurnServerOptions
        {
            Udp = [At(Turn), At("[2001:db8:aaaa::1]:3478")],
            Tcp = [At(TurnOverTcp)],
            Users = [new("user", "pass")],
        });
        _owned.Add(Server);
    }

    public TimeSpan RoundTrip { get; }

    /// <summary>The access link of either side: a quarter of the round trip.</summary>
    public LinkProfile Link { get; }

    public Simulator Simulator { get; }

    public VirtualTurnServer Server { get; }

    public VirtualIceAgent Left { get; private set; } = null!;

    public VirtualIceAgent Right { get; private set; } = null!;

    public SignalPath ToLeft { get; private set; } = null!;

    public SignalPath ToRight { get; private set; } = null!;

    /// <summary>The routers of <see cref="Place"/>, the outermost last.</summary>
    public Dictionary<string, List<Router>> Routers { get; } = [];

    /// <summary>When both sides had each other's description.</summary>
    public Instant Exchanged { get; private set; }

    public bool AreUsable => Left.UsableAt is not null && Right.UsableAt is not null;

    public bool AreCompleted => Left.Agent.State == IceSessionState.Completed && Right.Agent.State == IceSessionState.Completed;

    public static VirtualIceAgentOptions HostsOnly { get; } = new();

    public static VirtualIceAgentOptions WithStun { get; } = new() { StunServers = [At(Turn)] };

    public static VirtualIceAgentOptions WithTurn { get; } = WithStun with { TurnServers = [new VirtualTurnAddress(At(Turn), "user", "pass")] };

    public static VirtualIceAgentOptions RelayOnly { get; } = WithTurn with { UsesHosts = false, StunServers = [] };

    /// <summary>Active and passive TCP candidates too.</summary>
    public static VirtualIceAgentOptions WithTcp { get; } = WithTurn with { Tcp = VirtualTcpCandidates.ActiveAndPassive };

    /// <summary>And a relay over TCP to port 443.</summary>
    public static VirtualIceAgentOptions WithTurnOverTcp { get; } = WithTcp with
    {
        TurnServers = [.. WithTurn.TurnServers, new VirtualTurnAddress(At(TurnOverTcp), "user", "pass", StunTransport.Tcp)],
    };

    public static TransportAddress At(string text) => Endpoint.Parse(text);

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    public VirtualHost PlaceLeft(Access access) => Place("left", access, "203.0.113.1", "192.168.1.2");

    public VirtualHost PlaceRight(Access access) => Place("right", access, "192.0.2.1", "192.168.1.3");

    /// <summary>Makes a host with an access, or gives one that it has got another.</summary>
    public VirtualHost Place(string name, Access access, string outside, string inside, VirtualHost? known = null)
    {
        VirtualHost host = known ?? Simulator.CreateHost(name);
        List<Router> routers = [];
        Routers[name] = routers;
        if (access == Access.Open)
        {
            host.AddInterface(Simulator.Internet, outside).Link.Both = Link;
            return host;
        }

        Network lan = Simulator.CreateNetwork(name + "-lan");
        if (FirewallOf(access) is { } rules)
        {
            var router = new PlainRouter(name + "-firewall", lan, Simulator.Internet, Endpoint.ParsePrefix(outside + "/32")) { Firewall = rules };
            host.AddInterface(lan, outside);
            routers.Add(router);
        }
        else if (access is Access.DoubleCone or Access.SymmetricThenCone)
        {
            Network carrier = Simulator.CreateNetwork(name + "-carrier");
            routers.Add(new NatRouter(name + "-nat", lan, carrier, NatOptions.FullCone, At("100.64.1.2")));
            routers.Add(new NatRouter(name + "-cgn", carrier, Simulator.Internet, access == Access.DoubleCone ? NatOptions.FullCone : NatOptions.Symmetric, At(outside)));
            host.AddInterface(lan, inside);
        }
        else
        {
            routers.Add(new NatRouter(name + "-nat", lan, Simulator.Internet, NatOf(access), At(outside)));
            host.AddInterface(lan, inside);
        }

        routers[^1].Outside.Link.Both = Link;
        return host;
    }

    public NatRouter NatOfSide(string name) => (NatRouter)Routers[name][^1];

    /// <summary>Makes the agents, which gather and signal to each other when <see cref="Exchange"/> is called. The left one controls.</summary>
    public void Prepare(VirtualHost left, VirtualHost right, VirtualIceAgentOptions? leftOptions = null, VirtualIceAgentOptions? rightOptions = null)
    {
        leftOptions ??= WithTurn;
        rightOptions ??= leftOptions with { Agent = leftOptions.Agent with { Role = IceRole.Controlled } };
        Left = new VirtualIceAgent(left, leftOptions);
        Right = new VirtualIceAgent(right, rightOptions);
        _owned.AddRange([Left, Right]);
        ToLeft = new SignalPath(Simulator, Left);
        ToRight = new SignalPath(Simulator, Right);
        Left.Signaled = ToRight.Take;
        Right.Signaled = ToLeft.Take;
    }

    /// <summary>Gathers to the end while nothing is told.</summary>
    public void Gather()
    {
        Left.Start();
        Right.Start();
        if (!Simulator.RunUntil(() => Ended(ToLeft) && Ended(ToRight), Seconds(60)))
        {
            throw new InvalidOperationException($"Gathering has not come to its end: {this}");
        }

        static bool Ended(SignalPath path) => path.Said.Exists(static signal => signal.IsEnd);
    }

    /// <summary>Tells both sides all that there is, the right one earlier by some time; from then on everything is told at once.</summary>
    public void Exchange(TimeSpan rightEarlier = default)
    {
        ToRight.Open();
        Simulator.RunFor(rightEarlier);
        ToLeft.Open();
        Exchanged = Simulator.Now;
    }

    /// <summary>Places nothing but agents: gathers while it trickles, with a signaling delay.</summary>
    public void Start(VirtualHost left, VirtualHost right, VirtualIceAgentOptions? leftOptions = null, VirtualIceAgentOptions? rightOptions = null, double delay = 30)
    {
        Prepare(left, right, leftOptions, rightOptions);
        ToLeft.Delay = ToRight.Delay = Ms(delay);
        Exchange();
        Left.Start();
        Right.Start();
    }

    public bool Becomes(Func<bool> condition, double seconds) => Simulator.RunUntil(condition, Seconds(seconds));

    public bool Completes(double seconds = 10) => Becomes(() => AreCompleted, seconds);

    public void Run(double seconds) => Simulator.RunFor(Seconds(seconds));

    /// <summary>How long after the exchange the first pair was usable on the slower side; null where it was not within the time.</summary>
    public TimeSpan? FirstUsable(double seconds = 30)
        => Becomes(() => AreUsable, seconds) ? (Left.UsableAt > Right.UsableAt ? Left.UsableAt : Right.UsableAt) - Exchanged : null;

    /// <summary>Sends a packet each way on a component; whether both arrive.</summary>
    public bool Flows(int stream = 0, int component = 1, double seconds = 2)
    {
        int left = Left.DataReceived;
        int right = Right.DataReceived;
        return Left.Send("to the right"u8, stream, component) && Right.Send("to the left"u8, stream, component)
            && Becomes(() => Left.DataReceived > left && Right.DataReceived > right, seconds);
    }

    public static bool IsDirect(VirtualIceAgent agent, int stream = 0, int component = 1)
        => agent.Agent.GetPath(stream, component) is { } path && path.Local.Type != CandidateType.Relayed && path.Remote.Type != CandidateType.Relayed;

    public override string ToString()
        => $"{Simulator}\n{Left} {Right}\n{string.Join('\n', Left.Agent.Pairs)}\n---\n{string.Join('\n', Right.Agent.Pairs)}\n{Simulator.Trace}";

    public void Dispose() => _owned.AsEnumerable().Reverse().ToList().ForEach(static one => one.Dispose());

    private static NatOptions NatOf(Access access) => access switch
    {
        Access.FullCone => NatOptions.FullCone,
        Access.AddressRestricted => NatOptions.AddressRestricted,
        Access.PortRestricted => NatOptions.PortRestricted,
        _ => NatOptions.Symmetric,
    };

    private static FirewallRules? FirewallOf(Access access) => access switch
    {
        Access.NoUdp => FirewallRules.NoUdp,
        Access.NoUdpAndNoIncomingTcp => new FirewallRules { OutboundUdpPorts = [], InboundUdp = NatFiltering.Unknown },
        Access.HttpOnly => new FirewallRules { OutboundUdpPorts = [], InboundUdp = NatFiltering.Unknown, OutboundTcpPorts = [new(80, 80), new(443, 443)] },
        _ => null,
    };
}
