using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.TestKit;

/// <summary>
/// One client host behind a NAT, servers beyond it, and a lossy path between, in virtual time: the same seed gives the same run.
/// </summary>
public sealed class VirtualInternet(VirtualNat nat, LinkConditions link, SeededRandom random, IEnumerable<VirtualServer> servers)
{
    private static readonly TimeSpan LocalLatency = TimeSpan.FromMilliseconds(1);

    private readonly PriorityQueue<Action<Instant>, (Instant When, long Order)> _inFlight = new();
    private readonly Dictionary<TransportAddress, VirtualServer> _servers = Index(servers);
    private readonly Queue<VirtualDatagram> _arrived = new();
    private long _order;

    /// <summary>When the next datagram arrives somewhere; null where none is on its way.</summary>
    public Instant? NextArrival => _inFlight.TryPeek(out _, out (Instant When, long Order) next) ? next.When : null;

    public long Lost { get; private set; }

    public long Filtered { get; private set; }

    /// <summary>Sends from the client host.</summary>
    public void Send(TransportAddress from, TransportAddress to, ReadOnlyMemory<byte> payload, Instant now)
    {
        if (!nat.Options.PassesUdp)
        {
            return;
        }

        TransportAddress external = nat.TranslateOutbound(from, to, now);
        var datagram = new VirtualDatagram(external, to, payload);
        if (nat.IsExternal(to))
        {
            if (nat.Options.Hairpinning)
            {
                Schedule(now + LocalLatency, when => DeliverInside(datagram, when));
            }

            return;
        }

        Transit(now, when => DeliverToServer(datagram, when));
    }

    /// <summary>Lets everything happen that is due.</summary>
    public void Advance(Instant now)
    {
        while (NextArrival is { } next && next <= now)
        {
            _inFlight.Dequeue()(next);
        }
    }

    /// <summary>Reads what has arrived at the client host.</summary>
    public bool TryReceive(out VirtualDatagram? datagram) => _arrived.TryDequeue(out datagram);

    private static Dictionary<TransportAddress, VirtualServer> Index(IEnumerable<VirtualServer> servers)
    {
        var index = new Dictionary<TransportAddress, VirtualServer>();
        foreach (VirtualServer server in servers)
        {
            foreach (TransportAddress endpoint in server.Endpoints)
            {
                index.Add(endpoint, server);
            }
        }

        return index;
    }

    private void DeliverToServer(VirtualDatagram datagram, Instant now)
    {
        if (_servers.TryGetValue(datagram.Destination, out VirtualServer? server))
        {
            foreach (VirtualDatagram answer in server.Receive(datagram, now))
            {
                Transit(now, when => DeliverInside(answer, when));
            }
        }
    }

    private void DeliverInside(VirtualDatagram datagram, Instant now)
    {
        if (nat.TranslateInbound(datagram.Source, datagram.Destination, now) is not { } inside)
        {
            Filtered++;
            return;
        }

        byte[] payload = datagram.Payload.ToArray();
        nat.RewritePayload(payload, datagram.Destination, inside);
        _arrived.Enqueue(new VirtualDatagram(datagram.Source, inside, payload));
    }

    private void Transit(Instant now, Action<Instant> arrive)
    {
        int copies = random.Chance(link.Duplication) ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            if (random.Chance(link.Loss))
            {
                Lost++;
                continue;
            }

            TimeSpan delay = random.Between(link.MinLatency, link.MaxLatency);
            if (random.Chance(link.Reordering))
            {
                delay += random.Between(TimeSpan.Zero, link.ReorderDelay);
            }

            Schedule(now + delay, arrive);
        }
    }

    private void Schedule(Instant when, Action<Instant> arrive) => _inFlight.Enqueue(arrive, (when, _order++));
}
