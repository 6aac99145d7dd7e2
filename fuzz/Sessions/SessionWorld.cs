using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Ice;
using Stack.Simulation;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Fuzz.Sessions;

/// <summary>The virtual internet of a plan, with both agents on it.</summary>
public sealed class SessionWorld : IDisposable
{
    private const string Server4 = "198.51.100.1";
    private const string Server6 = "2001:db8:aaaa::1";

    private readonly SessionPlan _plan;
    private readonly List<TranslatingRouter>[] _nats = [[], []];
    private int _networks;

    /// <summary>Builds it; the agents do not run yet.</summary>
    public SessionWorld(SessionPlan plan, bool traces)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        Simulator = new Simulator(plan.Seed, traces ? new PacketTrace(200_000) : null);
        VirtualHost turn = Simulator.CreateHost("turn");
        turn.AddInterface(Simulator.Internet, Server4, Server6);
        Server = new VirtualTurnServer(turn, new VirtualTurnServerOptions
        {
            Udp = [Endpoint.Parse(Server4 + ":3478"), Endpoint.Parse($"[{Server6}]:3478")],
            Tcp = [Endpoint.Parse(Server4 + ":443"), Endpoint.Parse($"[{Server6}]:443")],
            Users = [new("user", "pass")],

            // Nine components on two interfaces over two transports: more than the ten allocations that a user has by default.
            Limits = new TurnServerLimits { AllocationsPerUser = 1000, AllocationsPerSource = 1000 },
        });
        Hosts = [Simulator.CreateHost("A"), Simulator.CreateHost("B")];
        Connect();
        Agents = [new VirtualIceAgent(Hosts[0], OptionsOf(plan.A)), new VirtualIceAgent(Hosts[1], OptionsOf(plan.B))];
        Signaling = new VirtualSignaling(Agents[0], Agents[1], LatencyDistribution.Uniform(plan.SignalLeast, plan.SignalMost), plan.Trickles);
    }

    /// <summary>The simulation.</summary>
    public Simulator Simulator { get; }

    /// <summary>The STUN and TURN server.</summary>
    public VirtualTurnServer Server { get; }

    /// <summary>Both hosts.</summary>
    public IReadOnlyList<VirtualHost> Hosts { get; }

    /// <summary>Both agents.</summary>
    public IReadOnlyList<VirtualIceAgent> Agents { get; }

    /// <summary>What they tell each other by.</summary>
    public VirtualSignaling Signaling { get; }

    /// <summary>The NATs of a side, the one next to the host first.</summary>
    public IReadOnlyList<TranslatingRouter> NatsOf(int side) => _nats[side];

    /// <summary>Adds an interface to a host that runs.</summary>
    public void Attach(int side, Access access)
    {
        ArgumentNullException.ThrowIfNull(access);
        AddInterface(side, access, _networks++);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Agents[0].Dispose();
        Agents[1].Dispose();
        Server.Dispose();
    }

    private void Connect()
    {
        switch (_plan.Meeting)
        {
            case Meeting.SameLan:
                Network lan = Simulator.CreateNetwork("lan");
                _nats[0].Add(new NatRouter("nat", lan, Simulator.Internet, _plan.A.Accesses[0].Nat, Endpoint.Parse("203.0.113.1")));
                _nats[1].Add(_nats[0][0]);
                for (int side = 0; side < 2; side++)
                {
                    Hosts[side].AddInterface(lan, $"192.168.1.{side + 2}").Link.Both = _plan[side].Link;
                }

                break;
            case Meeting.SharedCarrier:
                Network carrier = Simulator.CreateNetwork("carrier");
                var outer = new NatRouter("carrier-nat", carrier, Simulator.Internet, _plan.A.Accesses[0].Outer, Endpoint.Parse("203.0.113.1"));
                for (int side = 0; side < 2; side++)
                {
                    Network home = Simulator.CreateNetwork($"home{side}");
                    _nats[side].Add(new NatRouter($"nat{side}", home, carrier, _plan[side].Accesses[0].Nat, Endpoint.Parse($"100.64.0.{side + 2}")));
                    _nats[side].Add(outer);
                    Hosts[side].AddInterface(home, "192.168.1.2").Link.Both = _plan[side].Link;
                }

                break;
            default:
                for (int side = 0; side < 2; side++)
                {
                    foreach (Access access in _plan[side].Accesses)
                    {
                        AddInterface(side, access, _networks++);
                    }
                }

                break;
        }
    }

    private void AddInterface(int side, Access access, int number)
    {
        VirtualHost host = Hosts[side];
        VirtualInterface added;
        string external = $"203.0.113.{10 + (number * 4)}";
        TransportAddress[] externals = access.ExternalAddresses == 1
            ? [Endpoint.Parse(external)]
            : [Endpoint.Parse(external), Endpoint.Parse($"203.0.113.{11 + (number * 4)}")];
        switch (access.Kind)
        {
            case AccessKind.Open:
                added = host.AddInterface(Simulator.Internet, external);
                break;
            case AccessKind.Open6:
                added = host.AddInterface(Simulator.Internet, $"2001:db8:{number + 1:x}::2");
                break;
            case AccessKind.Firewalled or AccessKind.Firewalled6:
                Network office = Simulator.CreateNetwork($"office{number}");
                string prefix = access.Is6 ? $"2001:db8:{number + 1:x}::/64" : external + "/32";
                _ = new PlainRouter($"firewall{number}", office, Simulator.Internet, Endpoint.ParsePrefix(prefix)) { Firewall = FirewallRules.Stateful };
                added = host.AddInterface(office, access.Is6 ? $"2001:db8:{number + 1:x}::2" : external);
                break;
            case AccessKind.Nat64:
                Network mobile = Simulator.CreateNetwork($"mobile{number}");
                _nats[side].Add(new Nat64Router($"nat64-{number}", mobile, Simulator.Internet, Nat64Prefix.WellKnown, access.Nat, externals));
                added = host.AddInterface(mobile, $"2001:db8:{number + 1:x}::2");
                break;
            default:
                // Homes look alike: half of all sessions have the same private addresses on both sides.
                string lan = _plan.Seed % 2 == 0 ? $"192.168.{number}" : $"192.168.{100 + (number / 2)}";
                Network home = Simulator.CreateNetwork($"home{number}");
                Network outside = Simulator.Internet;
                NatRouter? outer = null;
                if (access.Kind == AccessKind.DoubleNat)
                {
                    outside = Simulator.CreateNetwork($"carrier{number}");
                    outer = new NatRouter($"outer{number}", outside, Simulator.Internet, access.Outer, externals[0]);
                    externals = [Endpoint.Parse("100.64.0.2")];
                }

                var nat = new NatRouter($"nat{number}", home, outside, access.Nat, externals);
                nat.Firewall = access.Kind == AccessKind.UdpBlocked ? FirewallRules.HttpsOnly : nat.Firewall;
                _nats[side].Add(nat);
                if (outer is not null)
                {
                    _nats[side].Add(outer);
                }

                // Two interfaces of one host have two addresses.
                added = host.AddInterface(home, $"{lan}.{2 + host.Interfaces.Count}");
                break;
        }

        added.Link.Both = _plan[side].Link;
    }

    private VirtualIceAgentOptions OptionsOf(SidePlan side)
    {
        bool has64 = side.Accesses.Any(static access => access.Kind == AccessKind.Nat64);
        TransportAddress server = Endpoint.Parse(Server4 + ":3478");
        var udp = new List<TransportAddress> { server, Endpoint.Parse($"[{Server6}]:3478") };
        var tcp = new List<TransportAddress> { server.WithPort(443), Endpoint.Parse($"[{Server6}]:443") };
        if (has64)
        {
            udp.Add(Nat64Prefix.WellKnown.Synthesize(udp[0]));
            tcp.Add(Nat64Prefix.WellKnown.Synthesize(tcp[0]));
        }

        var turn = new List<VirtualTurnAddress>();
        if (side.UsesTurn)
        {
            turn.AddRange(udp.Select(static address => new VirtualTurnAddress(address, "user", "pass")));
        }

        if (side.UsesTurnOverTcp)
        {
            turn.AddRange(tcp.Select(static address => new VirtualTurnAddress(address, "user", "pass", StunTransport.Tcp)));
        }

        var stun = new List<TransportAddress>();
        if (side.UsesStun)
        {
            stun.AddRange(udp);
        }

        if (side.HasDeadServer)
        {
            stun.Add(Endpoint.Parse("198.51.100.200:3478"));
        }

        return new VirtualIceAgentOptions
        {
            StunServers = stun,
            TurnServers = turn,
            UsesHosts = !side.IsRelayOnly,
            Tcp = side.Tcp,
            Agent = new IceAgentOptions
            {
                Role = side.Role,
                IsLite = side.IsLite,
                Streams = _plan.Streams,
                Strategy = side.IsByTheBook ? IceStrategy.Rfc8445 : IceStrategy.Default,
            },
        };
    }
}
