using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>The mappings of a NAT: made by packets from inside, found by packets from outside.</summary>
internal sealed class NatTable(NatOptions options, SimulationRandom random)
{
    private const int RandomAttempts = 64;

    private readonly Dictionary<(PacketProtocol Protocol, TransportAddress Internal, TransportAddress Toward), NatBinding> _byInternal = [];
    private readonly Dictionary<(PacketProtocol Protocol, TransportAddress External), NatBinding> _byExternal = [];
    private readonly Dictionary<TransportAddress, int> _paired = [];
    private HashSet<TransportAddress>? _shunned;
    private int _nextPort = options.FirstPort;

    public IReadOnlyList<TransportAddress> Addresses { get; set; } = [];

    public int Count => _byInternal.Count;

    public long Made { get; private set; }

    public bool IsExternal(TransportAddress address)
    {
        for (int i = 0; i < Addresses.Count; i++)
        {
            if (Addresses[i].HasSameAddress(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The mapping for a packet from inside; made where there is none. Null where no port is free.</summary>
    public NatBinding? Map(Packet packet, TransportAddress destination, Instant now)
    {
        NatBinding? binding = Find(packet.Protocol, packet.Source, destination, now) ?? Make(packet.Protocol, packet.Source, destination, now);
        if (binding is null)
        {
            return null;
        }

        binding.LastUsed = now;
        binding.NoteContact(destination, options.Filtering, now);
        NoteFlags(binding, packet.Flags);
        return binding;
    }

    /// <summary>The mapping that a packet from inside would use.</summary>
    public NatBinding? Find(PacketProtocol protocol, TransportAddress inside, TransportAddress destination, Instant now)
    {
        if (_byInternal.TryGetValue((protocol, inside, default), out NatBinding? found) && found.IsStatic)
        {
            return found;
        }

        return _byInternal.TryGetValue((protocol, inside, Scope(destination)), out found) && !RemoveExpired(found, now) ? found : null;
    }

    /// <summary>The mapping that a packet from outside has come to, and whether it is let in.</summary>
    public NatBinding? Admit(Packet packet, TransportAddress source, Instant now, out PacketFate refusal)
    {
        refusal = PacketFate.NoMapping;
        if (FindExternal(packet.Protocol, packet.Destination, now) is not { } binding)
        {
            return null;
        }

        if (!binding.LetsIn(source, options.Filtering))
        {
            refusal = PacketFate.Filtered;
            return null;
        }

        binding.IsAnswered = true;
        NoteFlags(binding, packet.Flags);
        if (packet.Protocol == PacketProtocol.Tcp || options.RefreshesOnInbound)
        {
            binding.LastUsed = now;
        }

        return binding;
    }

    public NatBinding? FindExternal(PacketProtocol protocol, TransportAddress outside, Instant now)
        => _byExternal.TryGetValue((protocol, outside), out NatBinding? found) && !RemoveExpired(found, now) ? found : null;

    public void AddStatic(PacketProtocol protocol, TransportAddress inside, TransportAddress outside)
    {
        Add(new NatBinding(protocol, inside, default, outside) { IsStatic = true });
    }

    /// <summary>Forgets all mappings but those made by hand.</summary>
    /// <param name="shun">Whether what comes next gets other ports than before.</param>
    public void Clear(bool shun)
    {
        var kept = new List<NatBinding>();
        _shunned = shun ? [] : null;
        foreach (NatBinding binding in _byInternal.Values)
        {
            if (binding.IsStatic)
            {
                kept.Add(binding);
            }
            else
            {
                _shunned?.Add(binding.External);
            }
        }

        _byInternal.Clear();
        _byExternal.Clear();
        _paired.Clear();
        kept.ForEach(Add);
    }

    private static void NoteFlags(NatBinding binding, TcpFlags flags)
    {
        if ((flags & (TcpFlags.Fin | TcpFlags.Rst)) != TcpFlags.None)
        {
            binding.IsClosing = true;
        }
        else if ((flags & TcpFlags.Syn) != TcpFlags.None)
        {
            binding.IsClosing = false;
        }
    }

    private NatBinding? Make(PacketProtocol protocol, TransportAddress inside, TransportAddress destination, Instant now)
    {
        if (_byInternal.Count >= options.MaxMappings)
        {
            RemoveAllExpired(now);
            if (_byInternal.Count >= options.MaxMappings)
            {
                return null;
            }
        }

        TransportAddress outside = Allocate(protocol, inside, now);
        if (outside.IsNone)
        {
            return null;
        }

        var binding = new NatBinding(protocol, inside, Scope(destination), outside) { LastUsed = now };
        Add(binding);
        Made++;
        return binding;
    }

    private void Add(NatBinding binding)
    {
        _byInternal[(binding.Protocol, binding.Internal, binding.Toward)] = binding;
        _byExternal[(binding.Protocol, binding.External)] = binding;
    }

    private bool RemoveExpired(NatBinding binding, Instant now)
    {
        if (!binding.HasExpired(options, now))
        {
            return false;
        }

        _byInternal.Remove((binding.Protocol, binding.Internal, binding.Toward));
        _byExternal.Remove((binding.Protocol, binding.External));
        return true;
    }

    private void RemoveAllExpired(Instant now)
    {
        var all = new List<NatBinding>(_byInternal.Values);
        foreach (NatBinding binding in all)
        {
            RemoveExpired(binding, now);
        }
    }

    private TransportAddress Scope(TransportAddress destination) => options.Mapping switch
    {
        NatMapping.EndpointIndependent => default,
        NatMapping.AddressDependent => destination.WithPort(0),
        _ => destination,
    };

    private TransportAddress Allocate(PacketProtocol protocol, TransportAddress inside, Instant now)
    {
        TransportAddress address = Addresses[ChooseAddress(inside)];
        if (options.Ports == NatPortAllocation.Preserving && IsInRange(inside.Port) && IsFree(protocol, address.WithPort(inside.Port), now))
        {
            return address.WithPort(inside.Port);
        }

        int range = options.LastPort - options.FirstPort + 1;
        bool isSequential = options.Ports == NatPortAllocation.Sequential;
        for (int i = 0; !isSequential && i < RandomAttempts; i++)
        {
            TransportAddress drawn = address.WithPort(WithParity(options.FirstPort + random.Next(range), inside.Port));

            // A port that happens to be the internal one would make a random NAT look like a preserving one.
            if (drawn.Port != inside.Port && IsFree(protocol, drawn, now))
            {
                return drawn;
            }
        }

        for (int i = 0; i < range; i++)
        {
            TransportAddress next = address.WithPort(_nextPort);
            _nextPort = _nextPort == options.LastPort ? options.FirstPort : _nextPort + 1;
            if (WithParity(next.Port, inside.Port) == next.Port && IsFree(protocol, next, now))
            {
                return next;
            }
        }

        return default;
    }

    private int ChooseAddress(TransportAddress inside)
    {
        if (Addresses.Count == 1)
        {
            return 0;
        }

        if (!options.PairsAddresses)
        {
            return random.Next(Addresses.Count);
        }

        TransportAddress key = inside.WithPort(0);
        if (!_paired.TryGetValue(key, out int index))
        {
            index = _paired.Count % Addresses.Count;
            _paired.Add(key, index);
        }

        return index;
    }

    private int WithParity(int port, int like)
    {
        if (options.Ports != NatPortAllocation.Parity || (port & 1) == (like & 1))
        {
            return port;
        }

        return port == options.LastPort ? port - 1 : port + 1;
    }

    private bool IsInRange(int port) => port >= options.FirstPort && port <= options.LastPort;

    private bool IsFree(PacketProtocol protocol, TransportAddress outside, Instant now)
        => _shunned?.Contains(outside) != true && FindExternal(protocol, outside, now) is null;
}
