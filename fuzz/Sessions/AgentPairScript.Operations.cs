using System;
using System.Linq;
using Stack.Ice;
using Stack.Stun;
using static Stack.Fuzz.Sessions.PropertyViolationException;

namespace Stack.Fuzz.Sessions;

/// <content>The operations, and the peace at the end.</content>
public sealed partial class AgentPairScript
{
    private void Operate(int operation)
    {
        switch (operation % 24)
        {
            case < 5:
                Arrive(0);
                break;
            case 5:
                Arrive(_script.Next());
                break;
            case 6:
                Lose();
                break;
            case 7:
                Repeat();
                break;
            case 8:
                Mutate();
                break;
            case 9:
                Redirect();
                break;
            case 10:
                Forge();
                break;
            case 11:
                ReplayLast();
                break;
            case < 15:
                Pass(TimeSpan.FromMilliseconds(5 + _script.Next()));
                break;
            case 15:
                Pass(TimeSpan.FromSeconds(_script.Next() / 4.0));
                break;
            case 16:
                Introduce();
                break;
            case 17:
                Restart();
                break;
            case 18:
                SendData();
                break;
            case 19:
                Rebind();
                break;
            case 20:
                Unreachable();
                break;
            case 21:
                MisleadByCandidate();
                break;
            case 22:
                ChangePlaces();
                break;
            default:
                End();
                break;
        }
    }

    private ScriptedAgent Pick() => _agents[_script.Next() & 1];

    private void Arrive(int index)
    {
        if (_flight.Count != 0)
        {
            FlyingPacket packet = _flight[index % _flight.Count];
            _flight.Remove(packet);
            Deliver(packet);
        }
    }

    private void Lose()
    {
        if (_flight.Count != 0)
        {
            _flight.RemoveAt(_script.Next() % _flight.Count);
        }
    }

    private void Repeat()
    {
        if (_flight.Count is > 0 and < MaxInFlight)
        {
            _flight.Add(_flight[_script.Next() % _flight.Count]);
        }
    }

    private void Mutate()
    {
        if (_flight.Count == 0)
        {
            return;
        }

        int index = _script.Next() % _flight.Count;
        FlyingPacket packet = _flight[index];
        byte[] bytes = (byte[])packet.Bytes.Clone();
        int at = _script.Next() % bytes.Length;
        int change = _script.Next();
        if ((change & 1) == 0)
        {
            Array.Resize(ref bytes, at);
        }
        else
        {
            bytes[at] ^= (byte)change;
        }

        // A good checksum leads further in. Whoever changes a packet does not know the key, and what follows the MAC is under none.
        bool isSame = packet.Bytes.AsSpan().SequenceEqual(bytes) || IsBehindIntegrity(packet.Bytes, at);
        _flight[index] = packet with { Bytes = bytes, IsGenuine = packet.IsGenuine && isSame };
    }

    private static bool IsBehindIntegrity(byte[] bytes, int at)
    {
        // The CRC is the last attribute; behind it there is nothing, and a changed one is found out.
        return at >= bytes.Length - 8;
    }

    /// <summary>The packet comes from another address than it was sent from.</summary>
    private void Redirect()
    {
        if (_flight.Count == 0)
        {
            return;
        }

        int index = _script.Next() % _flight.Count;
        int where = _script.Next();
        TransportAddress from = (where & 1) == 0 ? Stranger.WithPort(6000 + (where >> 1)) : _flight[index].From.WithPort(1024 + where);
        _flight[index] = _flight[index] with { From = from };
    }

    private void Forge()
    {
        ScriptedAgent victim = Pick();
        if (victim.External.Count == 0)
        {
            return;
        }

        int kind = _script.Next();
        TransportAddress destination = victim.External.Values.ElementAt(kind % victim.External.Count);
        TransportAddress from = (kind & 128) == 0 ? Stranger : _lastFrom;
        StunClass type = (StunClass)((kind >> 4) & 3);
        Span<byte> buffer = stackalloc byte[200];
        TransactionId id = StunMessage.Decode(_lastBytes, out StunMessage last) == StunDecodeStatus.Ok ? last.TransactionId : default;
        var writer = new StunMessageWriter(buffer, new StunMessageType(StunMethod.Binding, type), id);
        using var key = new IntegrityKey("not the password of it"u8);
        if (type == StunClass.Request)
        {
            writer.AddUsername(System.Text.Encoding.ASCII.GetBytes(
                $"{victim.Agent.LocalParameters.Credentials.UsernameFragment}:{_agents[1 - victim.Side].Agent.LocalParameters.Credentials.UsernameFragment}"));
            writer.AddPriority(0x6E0001FF);
            writer.AddIceRole((IceRole)(kind & 1), ulong.MaxValue);
            writer.AddUseCandidate();
        }
        else if (type == StunClass.SuccessResponse)
        {
            writer.AddXorMappedAddress(destination);
        }
        else
        {
            writer.AddErrorCode((kind & 2) == 0 ? StunErrorCode.RoleConflict : StunErrorCode.Forbidden);
        }

        if ((kind & 8) == 0)
        {
            writer.AddMessageIntegrity(key);
        }

        writer.AddFingerprint();
        Deliver(new FlyingPacket(victim.Side, from, destination, buffer[..writer.Length].ToArray(), IsGenuine: false));
    }

    /// <summary>What somebody has overheard comes again, from where it came or from elsewhere.</summary>
    private void ReplayLast()
    {
        ScriptedAgent victim = Pick();
        int kind = _script.Next();
        if (victim.External.Count != 0)
        {
            TransportAddress destination = victim.External.Values.ElementAt(kind % victim.External.Count);
            Deliver(new FlyingPacket(victim.Side, (kind & 64) == 0 ? _lastFrom : Stranger, destination, _lastBytes, IsGenuine: true));
        }
    }

    private void SendData()
    {
        ScriptedAgent from = Pick();
        if (from.Agent.TryGetRoute(0, 1, _now, out IceRoute route))
        {
            Require(!from.IsClosed, "a route after Close");
            Require(from.Validated.Contains((route.BaseId, route.Destination)), "a route to somebody who has never answered");
            Launch(from, route.BaseId, route.Destination, [0x80, (byte)from.Side, 1, 2, 3, 4]);
        }
    }

    private void Rebind()
    {
        ScriptedAgent agent = Pick();
        foreach (int id in agent.External.Keys.ToArray())
        {
            agent.External[id] = agent.External[id].WithPort(40000 + ((agent.External[id].Port + 7) % 20000));
        }
    }

    private void Unreachable()
    {
        ScriptedAgent agent = Pick();
        if (agent.External.Count != 0)
        {
            agent.Agent.HandleUnreachable(agent.External.Keys.First(), _lastFrom, _now);
            Drain();
        }
    }

    /// <summary>The signaling is hostile: candidates that nobody has.</summary>
    private void MisleadByCandidate()
    {
        ScriptedAgent agent = Pick();
        int what = _script.Next();
        TransportAddress address = (what & 1) == 0 ? Stranger.WithPort(2000 + what) : Stack.Simulation.Endpoint.Parse($"{what}.0.0.{what}:{what}");
        agent.Agent.AddRemoteCandidate(
            0,
            new Candidate
            {
                Foundation = "f",
                ComponentId = 1 + (what & 1),
                Priority = 0x6E0001FF + ((uint)what << 4),
                Address = address,
                Type = (CandidateType)((what >> 2) & 3),
            },
            _now);
        Drain();
    }

    private void ChangePlaces()
    {
        ScriptedAgent agent = Pick();
        if (agent.Options.IsLite || agent.IsClosed)
        {
            return;
        }

        if (agent.NextBase > 24)
        {
            return;
        }

        if ((_script.Next() & 1) == 0 && agent.External.Count > 0)
        {
            int id = agent.External.Keys.First();
            agent.Agent.RemoveBase(id, _now);
            agent.External.Remove(id);
            Drain();
        }
        else
        {
            AddPlace(agent, 2 + agent.NextBase, isNatted: false, isTold: false);
        }
    }

    private void Restart()
    {
        if (_restarts++ < MaxRestarts)
        {
            ScriptedAgent agent = Pick();
            agent.Agent.Restart(_now);
            Drain();
        }
    }

    private void End()
    {
        ScriptedAgent agent = Pick();

        // Rarely, or few scripts would get far.
        if (_script.Next() < 32)
        {
            agent.Agent.Close(_now);
            agent.IsClosed = true;
            Drain();
            Require(agent.Agent.NextTimeout is null && agent.Agent.State == IceSessionState.Closed, "a closed agent waits for something");
        }
    }

    /// <summary>Time passes; the packets in flight wait for their operations, or all arrive in peace.</summary>
    private void Pass(TimeSpan time)
    {
        Instant end = _now + time;
        int steps = 0;
        while (true)
        {
            Instant? next = null;
            foreach (ScriptedAgent agent in _agents)
            {
                next = agent.Agent.NextTimeout is { } at && (next is null || at < next) ? at : next;
            }

            if (_isPeaceful && _flight.Count != 0 && (next is null || next > _now + Latency))
            {
                next = _now + Latency;
            }

            if (next is null || next > end)
            {
                _now = end;
                return;
            }

            steps = next > _now ? 0 : steps + 1;
            Require(steps < MaxStepsAtOnce, "a timeout without progress");
            _now = next > _now ? next.Value : _now;
            foreach (ScriptedAgent agent in _agents)
            {
                if (agent.Agent.NextTimeout <= _now)
                {
                    agent.Agent.HandleTimeout(_now);
                    Drain();
                }
            }

            for (int count = _isPeaceful ? _flight.Count : 0; count > 0 && _flight.Count != 0; count--)
            {
                Arrive(0);
            }
        }
    }

    /// <summary>The wire is left in peace: after a restart the agents must connect, whatever has been before.</summary>
    private void MakePeace()
    {
        _flight.Clear();
        _isPeaceful = true;
        bool canConnect = !_agents[0].IsClosed && !_agents[1].IsClosed && Array.TrueForAll(_agents, HasEveryComponent);
        Pass(TimeSpan.FromSeconds(61));
        if (canConnect)
        {
            _agents[0].Agent.Restart(_now);
            Drain();
            Introduce();
            Pass(TimeSpan.FromSeconds(45));
            foreach (ScriptedAgent agent in _agents)
            {
                Require(agent.Agent.State == IceSessionState.Completed, $"not connected after a restart in peace: {Describe(_agents[0])} / {Describe(_agents[1])}");
            }

            bool mayAgree = !_agents[1].Options.IsLite;
            Require(!mayAgree || _agents[0].Agent.Role != _agents[1].Agent.Role, "both have one role");
        }

        foreach (ScriptedAgent agent in _agents)
        {
            agent.Agent.Close(_now);
            agent.IsClosed = true;
        }

        Drain();
        Require(Array.TrueForAll(_agents, static agent => agent.Agent.NextTimeout is null), "a closed agent waits for something");
    }

    /// <summary>Two agents that are both behind NATs and tell nobody cannot meet; a NAT that was rebound is only found by the other side's address.</summary>
    private bool HasEveryComponent(ScriptedAgent agent)
    {
        int components = agent.Options.Streams.Sum();
        return agent.External.Count >= components
            && Enumerable.Range(0, agent.Options.Streams.Count).All(stream => Enumerable.Range(1, agent.Options.Streams[stream]).All(component
                => agent.Agent.GetLocalCandidates(stream).Any(candidate
                    => candidate.ComponentId == component && agent.External.ContainsValue(candidate.Address))));
    }
}
