using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stack.Ice;
using Stack.Stun;
using static Stack.Fuzz.Sessions.PropertyViolationException;

namespace Stack.Fuzz.Sessions;

/// <summary>
/// Two agents and the wire between them, driven by bytes: which addresses and NATs there are, what becomes of each packet - lost, twice, late, changed,
/// from somebody else - and what else happens. Whatever it was, a restart over a wire that is left in peace connects. One instance serves one thread.
/// </summary>
public sealed partial class AgentPairScript
{
    /// <summary>How many operations of a script are run at most.</summary>
    public const int MaxOperations = 160;

    private const int MaxInFlight = 256;
    private const int MaxStepsAtOnce = 2000;
    private const int MaxRestarts = 6;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);
    private static readonly TransportAddress Stranger = Stack.Simulation.Endpoint.Parse("203.0.113.66:6666");

    private readonly List<FlyingPacket> _flight = [];
    private readonly byte[] _buffer = new byte[IceAgent.MaxMessageSize];
    private ScriptedAgent[] _agents = [];
    private ScriptBytes _script = new([]);
    private byte[] _lastBytes = [];
    private TransportAddress _lastFrom;
    private Instant _now;
    private int _restarts;
    private bool _isPeaceful;

    /// <summary>How many packets were taken by an agent.</summary>
    public long Accepted { get; private set; }

    /// <summary>Runs a script.</summary>
    /// <param name="script">Any bytes.</param>
    /// <returns>The property that does not hold; null where all do.</returns>
    public string? Run(byte[] script)
    {
        ArgumentNullException.ThrowIfNull(script);
        _script = new ScriptBytes(script);
        _flight.Clear();
        _lastBytes = [1];
        _lastFrom = Stranger;
        _now = new Instant(TimeSpan.TicksPerHour);
        _restarts = 0;
        _isPeaceful = false;
        Create(_script.Next(), _script.Next());
        try
        {
            for (int i = 0; i < MaxOperations && !_script.IsAtEnd; i++)
            {
                Operate(_script.Next());
            }

            MakePeace();
            return null;
        }
        catch (PropertyViolationException violation)
        {
            return violation.Message;
        }
        finally
        {
            _agents[0].Dispose();
            _agents[1].Dispose();
        }
    }

    private void Create(int bits, int places)
    {
        int[] streams = (bits & 3) switch
        {
            0 => [1],
            1 => [2],
            2 => [1, 1],
            _ => [2, 1],
        };
        IceRole first = (bits & 4) == 0 ? IceRole.Controlling : IceRole.Controlled;
        IceRole second = (bits & 8) == 0 ? IceRole.Controlled : IceRole.Controlling;
        IceStrategy Strategy(int bit) => (bits & bit) == 0 ? IceStrategy.Default : IceStrategy.Rfc8445;
        _agents =
        [
            new ScriptedAgent(0, new IceAgentOptions { Role = first, Streams = streams, Strategy = Strategy(16) }, 1),
            new ScriptedAgent(1, new IceAgentOptions { Role = second, Streams = streams, Strategy = Strategy(32), IsLite = (bits & 64) != 0 }, 2),
        ];
        for (int side = 0; side < 2; side++)
        {
            int count = 1 + ((places >> (side * 4)) & 1);
            bool isNatted = ((places >> (side * 4)) & 2) != 0 && !_agents[side].Options.IsLite;
            bool isTold = ((places >> (side * 4)) & 4) != 0;
            for (int i = 0; i < count; i++)
            {
                AddPlace(_agents[side], i, isNatted, isTold);
            }
        }

        if ((bits & 128) == 0)
        {
            Introduce();
        }
    }

    /// <summary>A socket for every component; behind a NAT it is seen as another endpoint, which is told or not.</summary>
    private void AddPlace(ScriptedAgent agent, int number, bool isNatted, bool isTold)
    {
        for (int stream = 0; stream < agent.Options.Streams.Count; stream++)
        {
            for (int component = 1; component <= agent.Options.Streams[stream]; component++)
            {
                int id = agent.NextBase++;
                TransportAddress local = Stack.Simulation.Endpoint.Parse(
                    isNatted ? $"10.{agent.Side}.{number}.1:{20000 + id}" : $"203.0.113.{10 + (agent.Side * 10) + number}:{20000 + id}");
                TransportAddress external = isNatted ? Stack.Simulation.Endpoint.Parse($"198.51.100.{10 + (agent.Side * 10) + number}:{30000 + id}") : local;
                agent.External.Add(id, external);
                var host = new LocalCandidate { Stream = stream, ComponentId = component, Type = CandidateType.Host, BaseId = id, Address = local, Base = local };
                agent.Agent.AddLocalCandidate(host, _now);
                Drain();
                if (isNatted && isTold)
                {
                    agent.Agent.AddLocalCandidate(host with { Type = CandidateType.ServerReflexive, Address = external, RelatedAddress = local, Server = Stranger }, _now);
                    Drain();
                }
            }
        }
    }

    /// <summary>Tells each agent all of the other one.</summary>
    private void Introduce()
    {
        Tell(0);
        Tell(1);

        // The first one may have restarted because the second one has.
        Tell(0);
    }

    private void Tell(int side)
    {
        ScriptedAgent from = _agents[side];
        ScriptedAgent to = _agents[1 - side];
        if (from.IsClosed || to.IsClosed)
        {
            return;
        }

        to.Agent.SetRemoteParameters(from.Agent.LocalParameters, _now);
        Drain();
        for (int stream = 0; stream < from.Options.Streams.Count; stream++)
        {
            foreach (Candidate candidate in from.Agent.GetLocalCandidates(stream))
            {
                to.Agent.AddRemoteCandidate(stream, candidate, _now);
                Drain();
            }
        }
    }

    private void Drain()
    {
        foreach (ScriptedAgent agent in _agents)
        {
            int outputs = 0;
            while (agent.Agent.TryReadTransmit(_buffer, _now, out IceTransmit transmit))
            {
                Require(++outputs <= MaxStepsAtOnce, "transmits without an end");
                Require(!agent.IsClosed, "a message after Close");
                Transmit(agent, transmit);
            }

            while (agent.Agent.TryReadEvent(out IceEvent happened))
            {
                Require(++outputs <= MaxStepsAtOnce, "events without an end");
                Check(agent, happened);
            }
        }
    }

    private static void Check(ScriptedAgent agent, in IceEvent happened)
    {
        if (happened.Kind == IceEventKind.StateChanged)
        {
            bool isBad = happened.State is IceSessionState.Failed or IceSessionState.Disconnected;
            Require(isBad == (happened.Reason != IceFailureReason.None), $"{happened.State} because of {happened.Reason}");
            Require(agent.Agent.Pairs.Count <= 2 * agent.Options.Limits.MaxPairs, "too many pairs");
        }
    }

    private void Transmit(ScriptedAgent agent, in IceTransmit transmit)
    {
        byte[] bytes = _buffer.AsSpan(0, transmit.Length).ToArray();
        Require(StunMessage.Decode(bytes, out StunMessage message) == StunDecodeStatus.Ok && message.HasFingerprint, "a message that is not well formed");
        Require(agent.External.ContainsKey(transmit.BaseId), "a message from a base that there is not");
        if (message.Class == StunClass.Request)
        {
            Require(!agent.Options.IsLite, "a lite agent makes a check");
            if (!agent.Validated.Contains((transmit.BaseId, transmit.Destination)))
            {
                // While a restart goes on, the old session and the new one both make checks; the name says which.
                Require(message.ReadUsername(out ReadOnlySpan<byte> name) == StunAttributeStatus.Present, "a check without a name");
                (int, TransportAddress, string) way = (transmit.BaseId, transmit.Destination, Encoding.UTF8.GetString(name));
                int count = agent.Unanswered[way] = agent.Unanswered.GetValueOrDefault(way) + 1;
                Require(count <= agent.Options.Limits.MaxTransmissions, $"request {count} to {transmit.Destination}, which has never answered");
            }
        }

        Launch(agent, transmit.BaseId, transmit.Destination, bytes);
    }

    private void Launch(ScriptedAgent from, int baseId, TransportAddress destination, byte[] bytes)
    {
        _lastBytes = bytes;
        _lastFrom = from.External[baseId];
        if (_flight.Count < MaxInFlight)
        {
            _flight.Add(new FlyingPacket(1 - from.Side, from.External[baseId], destination, bytes, IsGenuine: true));
        }
    }

    private void Deliver(FlyingPacket packet)
    {
        ScriptedAgent to = _agents[packet.To];
        foreach ((int id, TransportAddress external) in to.External)
        {
            if (external != packet.Destination)
            {
                continue;
            }

            IceDisposition disposition = to.Agent.HandleDatagram(id, packet.From, packet.Bytes, _now, out _);
            Require(!to.IsClosed || disposition == IceDisposition.UnknownBase, "a closed agent takes something");
            if (disposition == IceDisposition.ApplicationData)
            {
                Require(to.Validated.Contains((id, packet.From)), $"data from {packet.From}, which has never been validated");
            }
            else if (disposition is IceDisposition.Taken or IceDisposition.NotExpected or IceDisposition.LimitReached)
            {
                Vouch(to, id, packet);
            }

            Accepted += disposition is IceDisposition.Taken or IceDisposition.ApplicationData ? 1 : 0;
            Drain();
            return;
        }
    }

    /// <summary>Only what the peer has written, byte for byte, may count as authentic; the address that it comes from is not under a MAC.</summary>
    private static void Vouch(ScriptedAgent to, int id, FlyingPacket packet)
    {
        bool isStun = StunMessage.Decode(packet.Bytes, out StunMessage message) == StunDecodeStatus.Ok;
        if (!isStun || message.Class == StunClass.Indication || message.Method != StunMethod.Binding)
        {
            return;
        }

        Require(packet.IsGenuine, $"a forged {message.Class} is believed");
        to.Validated.Add((id, packet.From));
    }

    private static string Describe(ScriptedAgent agent)
    {
        var text = new StringBuilder();
        text.Append(agent.Agent.State).Append(' ').Append(agent.Agent.FailureReason).Append(": ");
        return text.AppendJoin("; ", agent.Agent.Pairs.Take(6)).ToString();
    }
}
