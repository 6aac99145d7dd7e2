using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Ice.Tests;

internal sealed class Peer(string name, IceAgentOptions options, RandomNumberGenerator random)
{
    private int _nextBase;

    public IceAgent Agent { get; } = new(options, random);

    public Peer Other { get; set; } = null!;

    public int Streams => options.Streams.Count;

    public Dictionary<int, TransportAddress> Bases { get; } = [];

    public List<SentPacket> Sent { get; } = [];

    public List<(Instant When, IceEvent Event)> Events { get; } = [];

    public List<(Instant When, byte[] Bytes)> Received { get; } = [];

    public Dictionary<IceDisposition, int> Dispositions { get; } = [];

    public int DataSent { get; set; }

    public Instant? UsableAt => Events.Where(static e => e.Event.Kind == IceEventKind.PathChanged).Select(static e => (Instant?)e.When).FirstOrDefault();

    public int Requests => Sent.Count(static packet => packet.Class == StunClass.Request);

    public Candidate? AddHost(string address, Instant now, int stream = 0, int component = 1)
    {
        TransportAddress parsed = Wire.Address(address);
        int id = _nextBase++;
        Bases.Add(id, parsed);
        return Agent.AddLocalCandidate(
            new LocalCandidate { Stream = stream, ComponentId = component, Type = CandidateType.Host, BaseId = id, Address = parsed, Base = parsed }, now);
    }

    public override string ToString() => $"{name}: {Agent.State}";
}
