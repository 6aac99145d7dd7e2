using System;
using System.Collections.Generic;
using Stack.Ice;
using Stack.Simulation;
using Stack.Stun;

namespace Stack.Fuzz.Sessions;

/// <summary>One of the two agents of a script, with its sockets; each stands behind a NAT that gives it one external endpoint, or none.</summary>
internal sealed class ScriptedAgent : IDisposable
{
    private readonly SimulationRandom _random;

    public ScriptedAgent(int side, IceAgentOptions options, ulong seed)
    {
        Side = side;
        Options = options;
        _random = new SimulationRandom(seed);
        Agent = new IceAgent(options, _random);
    }

    public int Side { get; }

    public IceAgentOptions Options { get; }

    public IceAgent Agent { get; }

    /// <summary>What a socket is seen as, by its number.</summary>
    public Dictionary<int, TransportAddress> External { get; } = [];

    /// <summary>Where something authentic has come from, by socket.</summary>
    public HashSet<(int Base, TransportAddress Source)> Validated { get; } = [];

    /// <summary>Requests to what has never answered nor asked, by the credentials of the session.</summary>
    public Dictionary<(int Base, TransportAddress Remote, string Fragment), int> Unanswered { get; } = [];

    public int NextBase { get; set; }

    public bool IsClosed { get; set; }

    public void Dispose()
    {
        Agent.Dispose();
        _random.Dispose();
    }
}
