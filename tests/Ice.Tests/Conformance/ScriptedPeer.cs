using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stack.Stun;
using Stack.TestKit;

namespace Stack.Ice.Tests;

/// <summary>One agent, and a peer of whom each message is written by the test: nothing is answered but what the test answers.</summary>
internal sealed class ScriptedPeer : IDisposable
{
    public const ulong Low = 0;
    public const ulong High = ulong.MaxValue;

    private readonly byte[] _buffer = new byte[IceAgent.MaxMessageSize];
    private readonly Dictionary<int, TransportAddress> _bases = [];
    private readonly SeededRandom _random = new(7);

    public ScriptedPeer(IceAgentOptions? options = null) => Agent = new IceAgent(options ?? new IceAgentOptions(), new SeededRandom(3));

    public IceAgent Agent { get; }

    public IceCredentials Credentials { get; set; } = new("peer", "passwordofthepeer12345");

    public Instant Now { get; private set; } = new(TimeSpan.TicksPerHour);

    public List<SentMessage> Sent { get; } = [];

    public List<IceEvent> Events { get; } = [];

    public IEnumerable<SentMessage> Requests => Sent.Where(static message => message.Class == StunClass.Request);

    public SentMessage LastRequest => Requests.Last();

    public SentMessage LastResponse => Sent.Last(static message => message.Class is StunClass.SuccessResponse or StunClass.ErrorResponse);

    /// <summary>An agent with a host candidate, which knows the peer's parameters and its one candidate.</summary>
    public static ScriptedPeer Begun(IceAgentOptions? options = null)
    {
        var peer = new ScriptedPeer(options);
        peer.AddBase(0, "192.0.2.1:5000");
        peer.Begin();
        peer.AddRemote("192.0.2.2:6000");
        return peer;
    }

    /// <summary>The same, with a pair that is valid and selected.</summary>
    public static ScriptedPeer Completed(IceAgentOptions? options = null)
    {
        ScriptedPeer peer = Begun((options ?? new IceAgentOptions()) with { Role = IceRole.Controlled });
        peer.Request("192.0.2.2:6000", nominates: true);
        peer.Answer(peer.LastRequest);
        return peer;
    }

    public Candidate? AddBase(
        int id, string address, CandidateType type = CandidateType.Host, TcpCandidateType tcp = TcpCandidateType.None, int stream = 0, int component = 1, string? over = null)
    {
        TransportAddress own = Wire.Address(over ?? address);
        _bases[id] = own;
        Candidate? told = Agent.AddLocalCandidate(
            new LocalCandidate
            {
                Stream = stream,
                ComponentId = component,
                BaseId = id,
                Type = type,
                Address = Wire.Address(address),
                Base = own,
                TcpType = tcp,
                Transport = tcp == TcpCandidateType.None ? CandidateTransport.Udp : CandidateTransport.Tcp,
            },
            Now);
        Drain();
        return told;
    }

    public bool Begin(bool lite = false, TimeSpan? pacing = null)
    {
        bool taken = Agent.SetRemoteParameters(new IceParameters { Credentials = Credentials, IsLite = lite, SupportsIce2 = true, Trickles = true, Pacing = pacing }, Now);
        Drain();
        return taken;
    }

    public RemoteCandidateStatus AddRemote(
        string address,
        CandidateType type = CandidateType.Host,
        uint priority = 2_000_000_000,
        string foundation = "1",
        TcpCandidateType tcp = TcpCandidateType.None,
        int stream = 0,
        int component = 1,
        string? fragment = null)
    {
        RemoteCandidateStatus status = Agent.AddRemoteCandidate(
            stream,
            new Candidate
            {
                Foundation = foundation,
                ComponentId = component,
                Priority = priority,
                Address = Wire.Address(address),
                Type = type,
                TcpType = tcp,
                Transport = tcp == TcpCandidateType.None ? CandidateTransport.Udp : CandidateTransport.Tcp,
                Extensions = fragment is null ? [] : [new("ufrag", fragment)],
            },
            Now);
        Drain();
        return status;
    }

    /// <summary>The peer checks. What is null is left out.</summary>
    public IceDisposition Request(
        string from,
        bool nominates = false,
        IceRole? role = null,
        ulong tieBreaker = Low,
        string? username = null,
        string? password = null,
        uint? priority = 1_000_000,
        bool hasRole = true,
        bool hasFingerprint = true,
        int baseId = 0,
        StunAttributeType[]? extra = null)
    {
        byte[] bytes = new byte[512];
        var writer = new StunMessageWriter(bytes, new StunMessageType(StunMethod.Binding, StunClass.Request), TransactionId.Create(_random));
        IceCredentials local = Agent.LocalParameters.Credentials;
        writer.AddUsername(Encoding.ASCII.GetBytes(username ?? $"{local.UsernameFragment}:{Credentials.UsernameFragment}"));
        if (priority is { } value)
        {
            writer.AddUInt32(StunAttributeType.Priority, value);
        }

        if (hasRole)
        {
            writer.AddIceRole(role ?? (Agent.Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling), tieBreaker);
        }

        if (nominates)
        {
            writer.AddUseCandidate();
        }

        foreach (StunAttributeType type in extra ?? [])
        {
            writer.AddUInt32(type, 0);
        }

        using IntegrityKey key = KeyOf(password ?? local.Password);
        writer.AddMessageIntegrity(key);
        if (hasFingerprint)
        {
            writer.AddFingerprint();
        }

        return Deliver(from, writer.Written.ToArray(), baseId);
    }

    /// <summary>The peer answers a request of ours.</summary>
    public IceDisposition Answer(
        SentMessage request, StunErrorCode error = default, string? from = null, string? mapped = null, int? to = null, string? password = null, string? alternate = null)
    {
        byte[] bytes = new byte[512];
        var writer = new StunMessageWriter(
            bytes, new StunMessageType(StunMethod.Binding, error == default ? StunClass.SuccessResponse : StunClass.ErrorResponse), request.Id);
        if (error == default)
        {
            writer.AddXorMappedAddress(mapped is null ? _bases[request.BaseId] : Wire.Address(mapped));
        }
        else
        {
            writer.AddErrorCode(error);
        }

        if (alternate is not null)
        {
            writer.AddAlternateServer(Wire.Address(alternate));
        }

        using IntegrityKey key = KeyOf(password ?? Credentials.Password);
        writer.AddMessageIntegrity(key);
        writer.AddFingerprint();
        return Deliver(from ?? request.To.ToString(), writer.Written.ToArray(), to ?? request.BaseId);
    }

    public IceDisposition Deliver(string from, byte[] bytes, int baseId = 0)
    {
        IceDisposition disposition = Agent.HandleDatagram(baseId, Wire.Address(from), bytes, Now, out _);
        Drain();
        return disposition;
    }

    /// <summary>Lets time pass; <paramref name="answers"/> sees each request of ours when it is sent.</summary>
    public void Run(double seconds, Action<SentMessage>? answers = null)
    {
        Instant end = Now + TimeSpan.FromSeconds(seconds);
        int seen = Sent.Count;
        for (int idle = 0; ;)
        {
            Drain();
            for (; seen < Sent.Count; seen++)
            {
                if (Sent[seen].Class == StunClass.Request)
                {
                    answers?.Invoke(Sent[seen]);
                }
            }

            if (Agent.NextTimeout is not { } next || next > end)
            {
                Now = end;
                return;
            }

            idle = next > Now ? 0 : idle + 1;
            if (idle > 1000)
            {
                throw new InvalidOperationException("No progress.");
            }

            Now = next > Now ? next : Now;
            Agent.HandleTimeout(Now);
        }
    }

    public bool HasRoute(out IceRoute route, int stream = 0, int component = 1) => Agent.TryGetRoute(stream, component, Now, out route);

    public CandidatePair Pair(string remote, int baseId = 0)
        => Agent.Pairs.Single(pair => pair.BaseId == baseId && pair.RemoteAddress == Wire.Address(remote));

    public void Drain()
    {
        while (Agent.TryReadTransmit(_buffer, Now, out IceTransmit transmit))
        {
            Sent.Add(new SentMessage(Now, transmit.BaseId, transmit.Destination, _buffer.AsSpan(0, transmit.Length).ToArray()));
        }

        while (Agent.TryReadEvent(out IceEvent happened))
        {
            Events.Add(happened);
        }
    }

    public void Dispose() => Agent.Dispose();

    private static IntegrityKey KeyOf(string password) => new(Encoding.ASCII.GetBytes(password));
}
