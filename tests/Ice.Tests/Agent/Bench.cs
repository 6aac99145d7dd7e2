using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stack.Stun;
using Stack.TestKit;

namespace Stack.Ice.Tests;

/// <summary>One agent against a script that knows the credentials, in virtual time, driven by the contract.</summary>
internal sealed class Bench : IDisposable
{
    public static readonly TransportAddress Here = Wire.Address("192.0.2.1:5000");
    public static readonly TransportAddress There = Wire.Address("192.0.2.2:6000");

    private readonly PriorityQueue<Action, (Instant When, long Order)> _script = new();
    private readonly byte[] _buffer = new byte[IceAgent.MaxMessageSize];
    private readonly SeededRandom _random;
    private long _order;

    public Bench(IceAgentOptions? options = null, bool host = true, ulong seed = 7)
    {
        _random = new SeededRandom(seed);
        Agent = new IceAgent(options ?? new IceAgentOptions(), _random);
        if (host)
        {
            Add(0, Here);
        }
    }

    public IceAgent Agent { get; }

    public Instant Now { get; set; } = new(TimeSpan.TicksPerHour);

    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(20);

    public IceCredentials Theirs { get; set; } = new("them", "aaaaaaaaaaaaaaaaaaaaaa");

    public Dictionary<int, TransportAddress> Bases { get; } = [];

    public List<SentPacket> Sent { get; } = [];

    public List<(Instant When, IceEvent Event)> Events { get; } = [];

    /// <summary>What answers the agent's packets; null for nobody.</summary>
    public Func<SentPacket, byte[]?>? Responder { get; set; }

    public IEnumerable<SentPacket> Requests => Sent.Where(static packet => packet.Class == StunClass.Request);

    public IEnumerable<SentPacket> Responses => Sent.Where(static packet => packet.Class is StunClass.SuccessResponse or StunClass.ErrorResponse);

    public Candidate? Add(
        int id, TransportAddress address, int stream = 0, int component = 1, CandidateTransport transport = CandidateTransport.Udp,
        TcpCandidateType tcp = TcpCandidateType.None, CandidateType type = CandidateType.Host, int preference = 65535, TransportAddress? of = null)
    {
        Bases.TryAdd(id, of ?? address);
        Candidate? signaled = Agent.AddLocalCandidate(
            new LocalCandidate
            {
                Stream = stream,
                ComponentId = component,
                Type = type,
                Transport = transport,
                TcpType = tcp,
                BaseId = id,
                Address = address,
                Base = of ?? address,
                LocalPreference = preference,
            },
            Now);
        Drain();
        return signaled;
    }

    public Bench Begin(bool lite = false, TimeSpan? pacing = null)
    {
        Agent.SetRemoteParameters(new IceParameters { Credentials = Theirs, IsLite = lite, SupportsIce2 = true, Trickles = true, Pacing = pacing }, Now);
        Drain();
        return this;
    }

    public static Candidate Remote(
        TransportAddress address, int component = 1, uint priority = 0x7E7FFEFF, string foundation = "f", CandidateType type = CandidateType.Host,
        CandidateTransport transport = CandidateTransport.Udp, TcpCandidateType tcp = TcpCandidateType.None) => new()
        {
            Foundation = foundation,
            ComponentId = component,
            Transport = transport,
            TcpType = tcp,
            Priority = priority,
            Address = address,
            Type = type,
        };

    public RemoteCandidateStatus AddRemote(Candidate candidate, int stream = 0)
    {
        RemoteCandidateStatus status = Agent.AddRemoteCandidate(stream, candidate, Now);
        Drain();
        return status;
    }

    public CandidatePair AddRemoteOf(string address, uint priority)
    {
        AddRemote(Remote(Wire.Address(address), priority: priority, foundation: "p" + priority));
        return Pair(Wire.Address(address)) ?? throw new InvalidOperationException("Not paired.");
    }

    public byte[] Check(CheckForm? form = null, StunClass kind = StunClass.Request)
    {
        form ??= CheckForm.Usual;
        byte[] buffer = new byte[2048];
        var writer = new StunMessageWriter(buffer, new StunMessageType(StunMethod.Binding, kind), TransactionId.Create(_random));
        if (form.HasUsername)
        {
            writer.Add(StunAttributeType.Username, Encoding.ASCII.GetBytes(form.Username ?? $"{Agent.LocalParameters.Credentials.UsernameFragment}:{Theirs.UsernameFragment}"));
        }

        if (form.Priority is { } priority)
        {
            writer.AddUInt32(StunAttributeType.Priority, priority);
        }

        if (form.HasRole)
        {
            writer.AddIceRole(form.Role ?? (Agent.Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling), form.TieBreaker);
        }

        if (form.UseCandidate)
        {
            writer.AddUseCandidate();
        }

        foreach ((StunAttributeType type, byte[] value) in form.Extra)
        {
            writer.Add(type, value);
        }

        if (form.HasIntegrity)
        {
            using var key = new IntegrityKey(Encoding.ASCII.GetBytes(form.Password ?? Agent.LocalParameters.Credentials.Password));
            writer.AddMessageIntegrity(key);
        }

        if (form.HasFingerprint)
        {
            writer.AddFingerprint();
        }

        return writer.Written.ToArray();
    }

    /// <summary>An answer to a request of the agent.</summary>
    public byte[] Answer(SentPacket request, TransportAddress? mapped = null, StunErrorCode error = default, string? password = null, bool integrity = true)
    {
        StunMessage.Decode(request.Bytes, out StunMessage message);
        byte[] buffer = new byte[512];
        StunMessageWriter writer = StunMessageWriter.Respond(buffer, message, error == default ? StunClass.SuccessResponse : StunClass.ErrorResponse);
        if (error == default)
        {
            writer.AddXorMappedAddress(mapped ?? request.From);
        }
        else
        {
            writer.AddErrorCode(error);
        }

        if (integrity)
        {
            using var key = new IntegrityKey(Encoding.ASCII.GetBytes(password ?? Theirs.Password));
            writer.AddMessageIntegrity(key);
        }

        writer.AddFingerprint();
        return writer.Written.ToArray();
    }

    /// <summary>A responder that grants every request.</summary>
    public byte[]? Grant(SentPacket packet) => packet.Class == StunClass.Request ? Answer(packet) : null;

    public IceDisposition Receive(ReadOnlySpan<byte> bytes, TransportAddress? from = null, int baseId = 0)
    {
        IceDisposition disposition = Agent.HandleDatagram(baseId, from ?? There, bytes, Now, out _);
        Drain();
        return disposition;
    }

    public void After(TimeSpan delay, Action action) => _script.Enqueue(action, (Now + delay, _order++));

    public void Run(TimeSpan time)
    {
        Instant end = Now + time;
        Drain();
        int idle = 0;
        while (true)
        {
            Instant? next = Agent.NextTimeout;
            if (_script.TryPeek(out _, out (Instant When, long Order) first) && (next is null || first.When < next))
            {
                next = first.When;
            }

            if (next is null || next > end)
            {
                Now = end;
                return;
            }

            int before = Sent.Count + Events.Count;
            if (next > Now)
            {
                Now = next.Value;
                idle = 0;
            }

            if (_script.TryPeek(out Action? action, out first) && first.When <= Now)
            {
                _script.Dequeue();
                action();
                Drain();
                continue;
            }

            Agent.HandleTimeout(Now);
            Drain();
            if (Sent.Count + Events.Count == before && Agent.NextTimeout <= Now && ++idle > 3)
            {
                throw new InvalidOperationException($"No progress at {Now}.");
            }
        }
    }

    public void Drain()
    {
        while (Agent.TryReadTransmit(_buffer, Now, out IceTransmit transmit))
        {
            var packet = new SentPacket(Now, Bases[transmit.BaseId], transmit.Destination, _buffer.AsSpan(0, transmit.Length).ToArray());
            Sent.Add(packet);
            if (Responder?.Invoke(packet) is { } answer)
            {
                int id = transmit.BaseId;
                After(Latency, () => Receive(answer, packet.To, id));
            }
        }

        while (Agent.TryReadEvent(out IceEvent happened))
        {
            Events.Add((Now, happened));
        }
    }

    public int Count(IceEventKind kind) => Events.Count(e => e.Event.Kind == kind);

    public CandidatePair? Pair(TransportAddress remote, int baseId = 0)
        => Agent.Pairs.FirstOrDefault(pair => pair.BaseId == baseId && pair.Remote.Address == remote);

    public bool CanSend(int stream = 0, int component = 1) => Agent.TryGetRoute(stream, component, Now, out _);

    public void Dispose() => Agent.Dispose();
}
