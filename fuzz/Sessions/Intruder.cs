using System;
using Stack.Ice;
using Stack.Simulation;
using Stack.Stun;

namespace Stack.Fuzz.Sessions;

/// <summary>Somebody off the path who knows all candidates and no password: sends data, requests and answers of his own.</summary>
internal sealed class Intruder : IDisposable
{
    private const int MaxPackets = 200;

    private readonly SessionWorld _world;
    private readonly VirtualSocket _socket;
    private readonly VirtualTimer _timer;
    private readonly SimulationRandom _random;
    private readonly IntegrityKey _key = new("no password at all"u8.ToArray());
    private readonly byte[] _buffer = new byte[256];
    private int _sent;

    public Intruder(SessionWorld world)
    {
        _world = world;
        VirtualHost host = world.Simulator.CreateHost("intruder");
        host.AddInterface(world.Simulator.Internet, "203.0.113.250");
        _socket = host.BindUdp(Endpoint.Parse("203.0.113.250:4000"));
        _random = host.Random;
        _timer = host.CreateTimer(Act);
        _timer.Due = host.Now + TimeSpan.FromMilliseconds(100);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _socket.Dispose();
        _key.Dispose();
    }

    private void Act()
    {
        foreach (VirtualIceAgent agent in _world.Agents)
        {
            foreach (Candidate candidate in agent.Agent.GetLocalCandidates(0))
            {
                if (candidate.Transport == CandidateTransport.Udp && candidate.Address.Family == StunAddressFamily.IPv4 && _sent++ < MaxPackets)
                {
                    _socket.Send(candidate.Address, _buffer.AsSpan(0, Write(agent)));
                }
            }
        }

        _timer.Due = _sent < MaxPackets ? _socket.Host.Now + TimeSpan.FromMilliseconds(400) : null;
    }

    private int Write(VirtualIceAgent victim)
    {
        int kind = _random.Next(4);
        if (kind == 0)
        {
            _random.GetBytes(_buffer.AsSpan(0, 40));
            return 40;
        }

        StunClass type = kind == 1 ? StunClass.Request : kind == 2 ? StunClass.SuccessResponse : StunClass.ErrorResponse;
        var writer = new StunMessageWriter(_buffer, new StunMessageType(StunMethod.Binding, type), TransactionId.Create(_random));
        switch (kind)
        {
            case 1:
                string fragment = victim.Agent.LocalParameters.Credentials.UsernameFragment;
                writer.AddUsername(System.Text.Encoding.ASCII.GetBytes($"{fragment}:evil"));
                writer.AddPriority(uint.MaxValue / 4);
                writer.AddIceRole(IceRole.Controlling, ulong.MaxValue);
                writer.AddUseCandidate();
                break;
            case 2:
                writer.AddXorMappedAddress(_socket.Local);
                break;
            default:
                writer.AddErrorCode(StunErrorCode.RoleConflict);
                break;
        }

        writer.AddMessageIntegrity(_key);
        writer.AddFingerprint();
        return writer.Length;
    }
}
