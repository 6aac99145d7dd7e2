using System;
using System.Collections.Generic;
using System.Text;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>design.md section 2: no input throws, every deadline makes progress, nothing grows without bound, and steady state allocates nothing.</summary>
public sealed class SansIoContractTests
{
    private static readonly TransportAddress[] Addresses =
    [
        Wire.Address("192.0.2.1:5000"), Wire.Address("192.0.2.2:6000"), Wire.Address("[2001:db8::1]:5000"), Wire.Address("[2001:db8::2]:6000"),
        Wire.Address("203.0.113.9:7000"), Wire.Address("[fe80::1]:5000"), Wire.Address("127.0.0.1:9"), Wire.Address("[::ffff:10.0.0.1]:5"),
    ];

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, true, false)]
    [InlineData(3, false, true)]
    [InlineData(4, true, true)]
    public void Driver_TenThousandRandomSteps_NeverThrowsSpinsOrGrows(ulong seed, bool byTheBook, bool lite)
    {
        var random = new SeededRandom(seed);
        IceAgentOptions options = new() { Streams = [2, 1], Strategy = byTheBook ? IceStrategy.Rfc8445 : IceStrategy.Default };
        using var a = new IceAgent(options with { Role = IceRole.Controlling }, random);
        using var b = new IceAgent(options with { Role = IceRole.Controlled, IsLite = lite }, random);
        IceAgent[] agents = [a, b];
        Instant now = new(TimeSpan.TicksPerHour);
        List<byte[]> seen = [[0]];
        byte[] buffer = new byte[IceAgent.MaxMessageSize];
        var spins = new Dictionary<IceAgent, int> { [a] = 0, [b] = 0 };
        for (int step = 0; step < 10_000; step++)
        {
            IceAgent agent = agents[random.Next(2)];
            IceAgent other = agent == a ? b : a;
            int stream = random.Next(2);
            int component = 1 + random.Next(stream == 0 ? 2 : 1);
            int baseId = (stream * 100) + (component * 10) + random.Next(3);
            TransportAddress address = Addresses[random.Next(Addresses.Length)];
            switch (random.Next(24))
            {
                case 0:
                    Add(agent, stream, component, baseId, random, now);
                    break;
                case 1:
                    agent.AddRemoteCandidate(stream, AnyRemote(random, component, address), now);
                    break;
                case 2 or 3:
                    foreach (Candidate candidate in other.GetLocalCandidates(stream))
                    {
                        agent.AddRemoteCandidate(stream, candidate, now);
                    }

                    break;
                case 4 when !Equals(agent.RemoteParameters?.Credentials, other.LocalParameters.Credentials):
                    agent.SetRemoteParameters(other.LocalParameters, now);
                    break;
                case 5 when random.Chance(0.05):
                    agent.Restart(now);
                    break;
                case 6 when random.Chance(0.02):
                    agent.EndLocalCandidates(now);
                    other.EndRemoteCandidates(now);
                    break;
                case 7 when random.Chance(0.1):
                    agent.RemoveBase(baseId, now);
                    break;
                case 8:
                    agent.HandleConnected(baseId, address, now);
                    break;
                case 9:
                    agent.HandleConnectionLost(baseId, address, now);
                    break;
                case 10:
                    agent.HandleUnreachable(baseId, address, now);
                    break;
                case 11:
                    agent.TryGetRoute(stream, component, now, out _);
                    break;
                case 12 or 13 or 14 or 15:
                    agent.HandleDatagram(baseId, address, Mutate(seen[random.Next(seen.Count)], random), now, out _);
                    break;
                case 17 or 18 or 19:
                    agent.HandleDatagram(baseId, address, Forge(agent, other, random), now, out _);
                    break;
                case 16:
                    now += random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(random.Chance(0.05) ? 40 : 0.1));
                    break;
                default:
                    agent.HandleDatagram(baseId, address, seen[random.Next(seen.Count)], now, out _);
                    break;
            }

            foreach (IceAgent each in agents)
            {
                if (Drain(each, buffer, seen, now, random, agents))
                {
                    spins[each] = 0;
                }

                if (each.NextTimeout <= now)
                {
                    Instant? before = each.NextTimeout;
                    each.HandleTimeout(now);
                    bool progressed = Drain(each, buffer, seen, now, random, agents) || each.NextTimeout != before;
                    spins[each] = progressed ? 0 : spins[each] + 1;
                    Assert.True(spins[each] < 2, $"step {step}: {each.NextTimeout} at {now} without progress");
                }

                Assert.InRange(each.Pairs.Count, 0, 160);
                Assert.False(each.TryReadTransmit(buffer, now, out _));
            }
        }

        Assert.InRange(seen.Count, 400, 600);
        Assert.InRange(Selections, 1, 10_000);
    }

    // The next deadline is in the future once everything was read: on every kind of session.
    [Fact]
    public void NextTimeout_AfterDraining_IsNeverInThePast()
    {
        using var wire = new Wire(seed: 5) { Loss = 0.3 };
        wire.A.AddHost("192.0.2.1:5000", wire.Now);
        wire.B.AddHost("192.0.2.2:6000", wire.Now);
        wire.Signal();
        for (int i = 0; i < 2000; i++)
        {
            wire.Run(TimeSpan.FromMilliseconds(20));
            Assert.True(wire.A.Agent.NextTimeout is null || wire.A.Agent.NextTimeout > wire.Now - TimeSpan.FromTicks(1));
            Assert.True(wire.B.Agent.NextTimeout is null || wire.B.Agent.NextTimeout > wire.Now - TimeSpan.FromTicks(1));
        }
    }

    // security.md section 4: nothing per packet.
    [Fact]
    public void ConsentAndData_SteadyState_AllocateNothing()
    {
        using var random = new SeededRandom(9);
        using var a = new IceAgent(new IceAgentOptions { Role = IceRole.Controlling }, random);
        using var b = new IceAgent(new IceAgentOptions { Role = IceRole.Controlled }, random);
        Instant now = new(TimeSpan.TicksPerHour);
        byte[] buffer = new byte[IceAgent.MaxMessageSize];
        byte[] payload = new byte[172];
        payload.AsSpan().Fill(0x80);
        foreach ((IceAgent agent, TransportAddress address) in ((IceAgent, TransportAddress)[])[(a, Bench.Here), (b, Bench.There)])
        {
            agent.AddLocalCandidate(new LocalCandidate { Type = CandidateType.Host, BaseId = 0, Address = address, Base = address }, now);
        }

        a.SetRemoteParameters(b.LocalParameters, now);
        b.SetRemoteParameters(a.LocalParameters, now);
        a.AddRemoteCandidate(0, b.GetLocalCandidates(0)[0], now);
        b.AddRemoteCandidate(0, a.GetLocalCandidates(0)[0], now);
        int requests = 0;
        int data = 0;
        for (int i = 0; i < 100; i++)
        {
            Exchange();
            now += TimeSpan.FromMilliseconds(100);
        }

        Assert.Equal(IceSessionState.Completed, a.State);
        Assert.Equal(IceSessionState.Completed, b.State);
        requests = 0;
        long bytes = Allocations.Measure(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                now += TimeSpan.FromSeconds(1);
                Exchange();
                data += a.TryGetRoute(0, 1, now, out _) && b.HandleDatagram(0, Bench.Here, payload, now, out _) == IceDisposition.ApplicationData ? 1 : 0;
            }
        });
        Assert.Equal(0, bytes);
        Assert.InRange(requests, 53 * 20 / 6, 53 * 2 * 20 * 4);
        Assert.Equal(53 * 20, data);

        void Exchange()
        {
            a.HandleTimeout(now);
            b.HandleTimeout(now);
            bool more = true;
            while (more)
            {
                more = false;
                while (a.TryReadTransmit(buffer, now, out IceTransmit transmit))
                {
                    requests++;
                    b.HandleDatagram(0, Bench.Here, buffer.AsSpan(0, transmit.Length), now, out _);
                    more = true;
                }

                while (b.TryReadTransmit(buffer, now, out IceTransmit transmit))
                {
                    requests++;
                    a.HandleDatagram(0, Bench.There, buffer.AsSpan(0, transmit.Length), now, out _);
                    more = true;
                }

                while (a.TryReadEvent(out _) || b.TryReadEvent(out _))
                {
                    more = true;
                }
            }
        }
    }

    private int Selections { get; set; }

    private bool Drain(IceAgent agent, byte[] buffer, List<byte[]> seen, Instant now, SeededRandom random, IceAgent[] agents)
    {
        bool any = false;
        int count = 0;
        while (agent.TryReadTransmit(buffer, now, out IceTransmit transmit))
        {
            any = true;
            Assert.True(++count < 1000, "Transmits without end.");
            byte[] bytes = buffer.AsSpan(0, transmit.Length).ToArray();
            if (seen.Count < 500)
            {
                seen.Add(bytes);
            }
            else
            {
                seen[random.Next(seen.Count)] = bytes;
            }

            // Some of it is answered, with the right key and anything in it.
            if (random.Chance(0.3) && StunMessage.Decode(bytes, out StunMessage request) == StunDecodeStatus.Ok && request.Class == StunClass.Request
                && agent.RemoteParameters is { } remote)
            {
                StunMessageWriter writer = StunMessageWriter.Respond(buffer, request, random.Chance(0.8) ? StunClass.SuccessResponse : StunClass.ErrorResponse);
                writer.AddXorMappedAddress(Addresses[random.Next(Addresses.Length)]);
                writer.AddErrorCode((StunErrorCode)(300 + random.Next(400)));
                using var key = new IntegrityKey(Encoding.ASCII.GetBytes(remote.Credentials.Password));
                writer.AddMessageIntegrity(key);
                writer.AddFingerprint();
                agent.HandleDatagram(transmit.BaseId, random.Chance(0.9) ? transmit.Destination : Bench.There, writer.Written.ToArray(), now, out _);
            }

            // Half of what is sent arrives, at a base of the same component, from where the peer was told.
            if (random.Chance(0.5))
            {
                IceAgent other = agents[0] == agent ? agents[1] : agents[0];
                other.HandleDatagram(transmit.BaseId, Addresses[transmit.BaseId % 10 * 2 % Addresses.Length], bytes, now, out _);
            }
        }

        while (agent.TryReadEvent(out IceEvent happened))
        {
            any = true;
            Selections += happened.Kind == IceEventKind.Selected ? 1 : 0;
        }

        return any;
    }

    private static void Add(IceAgent agent, int stream, int component, int baseId, SeededRandom random, Instant now)
    {
        TransportAddress address = Addresses[baseId % 10 * 2 % Addresses.Length];
        try
        {
            agent.AddLocalCandidate(
                new LocalCandidate
                {
                    Stream = stream,
                    ComponentId = component,
                    Type = random.Chance(0.7) ? CandidateType.Host : CandidateType.Relayed,
                    BaseId = baseId,
                    Transport = baseId % 10 == 2 ? CandidateTransport.Tcp : CandidateTransport.Udp,
                    TcpType = baseId % 10 == 2 ? (TcpCandidateType)(1 + random.Next(3)) : TcpCandidateType.None,
                    Address = address,
                    Base = address,
                    LocalPreference = random.Next(65536),
                },
                now);
        }
        catch (ArgumentException)
        {
            // The caller's mistake: said at once, and nothing changed.
        }
    }

    private static Candidate AnyRemote(SeededRandom random, int component, TransportAddress address)
    {
        bool tcp = random.Chance(0.2);
        return Bench.Remote(
            address, random.Chance(0.1) ? random.Next(300) - 20 : component, (uint)random.Next(int.MaxValue), "f" + random.Next(4), (CandidateType)random.Next(4),
            tcp ? CandidateTransport.Tcp : CandidateTransport.Udp, tcp ? (TcpCandidateType)random.Next(4) : TcpCandidateType.None);
    }

    /// <summary>What a peer with the credentials can say: any class and any attributes, and proper hashes.</summary>
    private static byte[] Forge(IceAgent agent, IceAgent other, SeededRandom random)
    {
        byte[] buffer = new byte[1024];
        var writer = new StunMessageWriter(
            buffer, new StunMessageType(random.Chance(0.95) ? StunMethod.Binding : StunMethod.Allocate, (StunClass)(random.Chance(0.8) ? 0 : random.Next(4))), TransactionId.Create(random));
        writer.Add(
            StunAttributeType.Username, Encoding.ASCII.GetBytes($"{agent.LocalParameters.Credentials.UsernameFragment}:{other.LocalParameters.Credentials.UsernameFragment}"));
        if (random.Chance(0.9))
        {
            writer.AddUInt32(StunAttributeType.Priority, (uint)random.NextUInt64().GetHashCode() & (random.Chance(0.9) ? 0x7FFFFFFFu : 0xFFFFFFFFu));
        }

        if (random.Chance(0.95))
        {
            writer.AddIceRole(random.Chance(0.97) ? other.Role : agent.Role, random.NextUInt64());
        }

        if (random.Chance(0.1))
        {
            writer.AddUseCandidate();
        }

        if (random.Chance(0.1))
        {
            byte[] value = new byte[random.Next(30)];
            random.GetBytes(value);
            writer.Add((StunAttributeType)random.Next(65536), value);
        }

        using var key = new IntegrityKey(Encoding.ASCII.GetBytes(agent.LocalParameters.Credentials.Password));
        writer.AddMessageIntegrity(key);
        writer.AddFingerprint();
        return writer.Written.ToArray();
    }

    private static byte[] Mutate(byte[] message, SeededRandom random)
    {
        byte[] copy = [.. message];
        for (int i = random.Next(4); i >= 0; i--)
        {
            copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
        }

        return random.Chance(0.2) ? copy[..random.Next(copy.Length)] : copy;
    }
}
