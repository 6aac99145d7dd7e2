using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Stack.Ice;
using Stack.Simulation;
using Stack.Stun;
using static Stack.Fuzz.Sessions.PropertyViolationException;

namespace Stack.Fuzz.Sessions;

/// <summary>Application data of one agent to the other one: counted, and told from everybody else's.</summary>
internal sealed class DataFlow
{
    private const uint Magic = 0xDA7A_F10E;
    private const int HeaderSize = 9;

    private readonly VirtualIceAgent _from;
    private readonly AgentWatch _watch;
    private readonly IReadOnlyList<int> _streams;
    private readonly byte _side;
    private readonly bool _mayComeBack;
    private readonly byte[] _buffer = new byte[1024];
    private readonly HashSet<uint> _received = [];
    private readonly List<(Instant When, string Route)> _routes = [];
    private uint _next;

    public DataFlow(SessionWorld world, int side, AgentWatch watch, SessionPlan plan)
    {
        _from = world.Agents[side];
        _watch = watch;
        _streams = plan.Streams;
        _mayComeBack = plan.Meeting != Meeting.Internet && plan.Disturbances.Any(static one => one.Kind is DisturbanceKind.Flush or DisturbanceKind.Rebind);
        _side = (byte)side;
        world.Agents[1 - side].Received = Receive;
    }

    public long Sent { get; private set; }

    public long Received => _received.Count;

    /// <summary>The first datagram that has not arrived; null where all have.</summary>
    public string? FindMissing()
    {
        for (int number = 0; number < _routes.Count; number++)
        {
            if (!_received.Contains((uint)number))
            {
                return $"datagram {number} of {Sent}, sent at {_routes[number].When} by {_routes[number].Route}";
            }
        }

        return null;
    }

    public void Send()
    {
        for (int stream = 0; stream < _streams.Count; stream++)
        {
            for (int component = 1; component <= _streams[stream]; component++)
            {
                _watch.CheckConsent(stream, component);
                BinaryPrimitives.WriteUInt32BigEndian(_buffer, Magic);
                _buffer[4] = _side;
                BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(5), _next);
                if (_from.Send(_buffer.AsSpan(0, HeaderSize + (int)(_next * 37 % 900)), stream, component))
                {
                    _next++;
                    Sent++;
                    _routes.Add((_from.Host.Simulator.Now, $"{stream}/{component} {_from.Agent.GetPath(stream, component)}"));
                }
            }
        }
    }

    private void Receive(VirtualIceAgent agent, IceArrival arrival, ReadOnlySpan<byte> payload)
    {
        // A NAT that both are behind, and that forgets its mappings, may give one of them the endpoint that the other one had: what goes there comes back, as
        // from the peer. Data has no authentication but that of its own protocol, until consent expires.
        if (_mayComeBack && payload.Length >= HeaderSize && BinaryPrimitives.ReadUInt32BigEndian(payload) == Magic && payload[4] == 1 - _side)
        {
            return;
        }

        Require(
            payload.Length >= HeaderSize && BinaryPrimitives.ReadUInt32BigEndian(payload) == Magic && payload[4] == _side,
            $"{agent.Host.Name} takes data that its peer has not sent");
        uint number = BinaryPrimitives.ReadUInt32BigEndian(payload[5..]);
        Require(number < _next, "data from the future");
        _received.Add(number);
    }
}
