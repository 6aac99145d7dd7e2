using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Stack.Stun;
using Stack.TestKit;

namespace Stack.Ice.Tests;

/// <summary>
/// Two agents on one wire in virtual time, driven exactly by the contract: after each input transmits, events, deadline. A deadline that comes back
/// without progress fails.
/// </summary>
internal sealed class Wire : IDisposable
{
    private readonly PriorityQueue<(Peer To, TransportAddress From, TransportAddress Dest, byte[] Bytes), (Instant When, long Order)> _flight = new();
    private readonly SeededRandom _random;
    private readonly byte[] _buffer = new byte[IceAgent.MaxMessageSize];
    private long _order;

    public Wire(IceAgentOptions? a = null, IceAgentOptions? b = null, int seed = 1, bool sameTieBreaker = false)
    {
        _random = new SeededRandom((ulong)seed);
        RandomNumberGenerator random = sameTieBreaker ? new FixedFirst(_random) : _random;
        A = new Peer("A", (a ?? new IceAgentOptions()) with { Role = a?.Role ?? IceRole.Controlling }, random);
        B = new Peer("B", b ?? new IceAgentOptions { Role = IceRole.Controlled }, sameTieBreaker ? new FixedFirst(_random) : random);
        A.Other = B;
        B.Other = A;
    }

    public Peer A { get; }

    public Peer B { get; }

    public Instant Now { get; set; } = new(TimeSpan.TicksPerHour);

    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(25);

    public double Loss { get; set; }

    /// <summary>What the wire does with a packet before it is sent off: true loses it.</summary>
    public Func<Peer, TransportAddress, TransportAddress, ReadOnlyMemory<byte>, bool>? Drops { get; set; }

    public static TransportAddress Address(string text) => TransportAddress.TryParse(text, out TransportAddress address) ? address : throw new FormatException(text);

    /// <summary>Exchanges parameters and all candidates both ways.</summary>
    public void Signal(bool end = true)
    {
        A.Agent.SetRemoteParameters(B.Agent.LocalParameters, Now);
        Drain();
        B.Agent.SetRemoteParameters(A.Agent.LocalParameters, Now);
        Drain();
        SignalCandidates(A, end);
        SignalCandidates(B, end);
    }

    public void SignalCandidates(Peer from, bool end = true)
    {
        for (int stream = 0; stream < from.Streams; stream++)
        {
            foreach (Candidate candidate in from.Agent.GetLocalCandidates(stream))
            {
                from.Other.Agent.AddRemoteCandidate(stream, candidate, Now);
                Drain();
            }
        }

        if (end)
        {
            from.Agent.EndLocalCandidates(Now);
            from.Other.Agent.EndRemoteCandidates(Now);
            Drain();
        }
    }

    public void Run(TimeSpan time, Func<bool>? until = null)
    {
        Instant end = Now + time;
        Drain();
        int idle = 0;
        while (until?.Invoke() != true)
        {
            Instant? next = Earliest(A.Agent.NextTimeout, B.Agent.NextTimeout, _flight.TryPeek(out _, out (Instant When, long Order) first) ? first.When : null);
            if (next is null || next > end)
            {
                Now = end;
                return;
            }

            if (next > Now)
            {
                Now = next.Value;
                idle = 0;
            }
            else if (++idle > 1000)
            {
                throw new InvalidOperationException($"No progress at {Now}: {A.Agent.NextTimeout} {B.Agent.NextTimeout}");
            }

            while (_flight.TryPeek(out var packet, out first) && first.When <= Now)
            {
                _flight.Dequeue();
                Deliver(packet.To, packet.From, packet.Dest, packet.Bytes);
            }

            foreach (Peer peer in (ReadOnlySpan<Peer>)[A, B])
            {
                if (peer.Agent.NextTimeout <= Now)
                {
                    peer.Agent.HandleTimeout(Now);
                    Drain();
                }
            }
        }
    }

    public void Inject(Peer to, TransportAddress from, TransportAddress dest, byte[] bytes)
    {
        Deliver(to, from, dest, bytes);
    }

    public void Drain()
    {
        foreach (Peer peer in (ReadOnlySpan<Peer>)[A, B])
        {
            while (peer.Agent.TryReadTransmit(_buffer, Now, out IceTransmit transmit))
            {
                byte[] bytes = _buffer.AsSpan(0, transmit.Length).ToArray();
                peer.Sent.Add(new SentPacket(Now, peer.Bases[transmit.BaseId], transmit.Destination, bytes));
                Send(peer, peer.Bases[transmit.BaseId], transmit.Destination, bytes);
            }

            while (peer.Agent.TryReadEvent(out IceEvent happened))
            {
                peer.Events.Add((Now, happened));
            }
        }
    }

    public void SendData(Peer from, byte[] payload)
    {
        if (from.Agent.TryGetRoute(0, 1, Now, out IceRoute route))
        {
            from.DataSent++;
            Send(from, from.Bases[route.BaseId], route.Destination, payload);
        }
    }

    public void Dispose()
    {
        A.Agent.Dispose();
        B.Agent.Dispose();
    }

    private static Instant? Earliest(params ReadOnlySpan<Instant?> instants)
    {
        Instant? first = null;
        foreach (Instant? instant in instants)
        {
            first = instant is { } at && (first is null || at < first) ? at : first;
        }

        return first;
    }

    private void Send(Peer from, TransportAddress source, TransportAddress destination, byte[] bytes)
    {
        if (Drops?.Invoke(from, source, destination, bytes) == true || (Loss > 0 && _random.NextDouble() < Loss))
        {
            return;
        }

        _flight.Enqueue((from.Other, source, destination, bytes), (Now + Latency, _order++));
    }

    private void Deliver(Peer to, TransportAddress from, TransportAddress dest, byte[] bytes)
    {
        foreach ((int id, TransportAddress address) in to.Bases)
        {
            if (address == dest)
            {
                IceDisposition disposition = to.Agent.HandleDatagram(id, from, bytes, Now, out _);
                to.Dispositions[disposition] = to.Dispositions.GetValueOrDefault(disposition) + 1;
                if (disposition == IceDisposition.ApplicationData)
                {
                    to.Received.Add((Now, bytes));
                }

                Drain();
                return;
            }
        }
    }
}
