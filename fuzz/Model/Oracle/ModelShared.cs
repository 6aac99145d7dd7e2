using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>What the servers of a process share.</summary>
internal sealed class ModelShared
{
    public const int Udp = 17;
    public const int Tcp = 6;

    private readonly Dictionary<(int Protocol, ReferenceAddress Local), ModelPorts> _ports = [];
    private readonly Dictionary<string, ModelNonce> _nonces = [];
    private ModelReplyBudget? _unprovenReplies;
    private ModelReplyBudget? _provenReplies;

    public ModelShared(ModelSettings settings, long wallClockSeconds)
    {
        WallClockSeconds = wallClockSeconds;
        Settings = settings;
        Total = (new ModelBucket(settings.TotalRate), new ModelBucket(settings.TotalRate));
        SetReplies(settings);
    }

    public ModelSettings Settings { get; private set; }

    public List<ModelServer> Servers { get; } = [];

    public Dictionary<ulong, ModelReservation> Reservations { get; } = [];

    public Dictionary<string, (ModelBucket ToPeers, ModelBucket ToClient)> AccountBandwidth { get; } = [];

    public (ModelBucket ToPeers, ModelBucket ToClient) Total { get; }

    public ModelFailures ProvenFailures { get; } = new();

    public ModelFailures UnprovenFailures { get; } = new();

    /// <summary>Counts keys of nonces; those of this one and the one before are valid.</summary>
    public int NonceKey { get; private set; }

    public long WallClockSeconds { get; }

    public int PortsInUse => _ports.Values.Sum(static ports => ports.InUse);

    public IEnumerable<ModelAllocation> Allocations => Servers.SelectMany(static server => server.Allocations);

    public static ReferenceAddress Network(ReferenceAddress address)
    {
        bool mapped = address.Family == 2 && address.Number >> 32 == 0xFFFF;
        if (address.Family == 1 || mapped)
        {
            return new ReferenceAddress(1, 0, address.Number & 0xFFFF_FFFF);
        }

        return new ReferenceAddress(2, 0, address.Number >> 64 << 64);
    }

    public void Reconfigure(ModelSettings settings)
    {
        Settings = settings;
        SetReplies(settings);
        SetRate(Total, settings.TotalRate);
        foreach ((ModelBucket ToPeers, ModelBucket ToClient) pair in AccountBandwidth.Values)
        {
            SetRate(pair, settings.UserRate);
        }
    }

    public void ChangeNonceKey() => NonceKey++;

    public ModelPorts Ports(int protocol, ReferenceAddress local)
    {
        (int, ReferenceAddress) key = (protocol, local with { Port = 0 });
        if (!_ports.TryGetValue(key, out ModelPorts? ports))
        {
            ports = new ModelPorts();
            _ports.Add(key, ports);
        }

        return ports;
    }

    /// <summary>Null where there is room, else 486, or 508 where it is the server that is full.</summary>
    public int? RefusesAllocation(string account, ReferenceAddress client)
    {
        if (Allocations.Count() >= Settings.Allocations)
        {
            return 508;
        }

        ReferenceAddress network = Network(client);
        bool full = Allocations.Count(allocation => allocation.Account == account) >= Settings.AllocationsPerUser
            || Allocations.Count(allocation => Network(allocation.Tuple.Client) == network) >= Settings.AllocationsPerSource;
        return full ? 486 : null;
    }

    public bool IsLiveRelay(ReferenceAddress peer)
    {
        foreach (ModelServer server in Servers)
        {
            foreach (ModelAllocation allocation in server.Allocations)
            {
                foreach (ModelRelay relay in allocation.Relays)
                {
                    if (allocation.Protocol == Udp && (relay.Local == peer || relay.Advertised == peer))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    public bool TryTakeReply(ReferenceAddress client, bool proven, long now)
        => (proven ? _provenReplies : _unprovenReplies)?.TryTake(Network(client), now) ?? true;

    /// <summary>A nonce, cookie left out, was seen in a challenge.</summary>
    public void NoteNonce(string nonce, ReferenceAddress client, long now)
    {
        if (_nonces.TryGetValue(nonce, out ModelNonce known))
        {
            // RFC 8489 section 9.2.4: the same only for the same source.
            ModelViolationException.Require(known.Client == client, "one nonce for two clients");
            return;
        }

        _nonces.Add(nonce, new ModelNonce(client, Units(now), NonceKey));
    }

    public bool IsValidNonce(string nonce, ReferenceAddress client, long now)
        => _nonces.TryGetValue(nonce, out ModelNonce known)
            && known.Client == client
            && known.Key >= NonceKey - 1
            && Units(now) - known.Units <= Settings.NonceLifetime / TimeSpan.TicksPerSecond / 4;

    private static void SetRate((ModelBucket ToPeers, ModelBucket ToClient) pair, long rate)
    {
        pair.ToPeers.BytesPerSecond = rate;
        pair.ToClient.BytesPerSecond = rate;
    }

    // Nonces tell the time in units of 4 s.
    private long Units(long now) => (WallClockSeconds + (now / TimeSpan.TicksPerSecond)) / 4;

    private void SetReplies(ModelSettings settings)
    {
        if (settings.Replies is not { } limit)
        {
            _unprovenReplies = null;
            _provenReplies = null;
            return;
        }

        int half = Math.Max(1, limit.Global / 2);
        _unprovenReplies = new ModelReplyBudget(limit.PerSecond, limit.Burst, half);
        _provenReplies = new ModelReplyBudget(limit.PerSecond, limit.Burst, half);
    }
}
