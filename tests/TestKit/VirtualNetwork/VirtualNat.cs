using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;

namespace Stack.TestKit;

/// <summary>An RFC 4787 NAT in virtual time: the mapping, filtering and lifetime of bindings, and nothing of the network.</summary>
public sealed class VirtualNat(VirtualNatOptions options, SeededRandom random)
{
    private readonly Dictionary<(TransportAddress Internal, TransportAddress Toward), Binding> _byInternal = [];
    private readonly Dictionary<TransportAddress, Binding> _byExternal = [];

    public VirtualNatOptions Options => options;

    /// <summary>How many bindings were made in all.</summary>
    public int BindingsMade { get; private set; }

    public bool IsExternal(TransportAddress address) => options.Translates && options.ExternalAddresses.Any(address.HasSameAddress);

    /// <summary>Takes a packet from inside.</summary>
    /// <returns>The source that the world sees.</returns>
    public TransportAddress TranslateOutbound(TransportAddress from, TransportAddress to, Instant now)
    {
        (TransportAddress, TransportAddress) key = (from, Scope(to));
        if (!_byInternal.TryGetValue(key, out Binding? binding) || binding.HasExpired(now, options.BindingTimeout))
        {
            if (binding is not null)
            {
                _byExternal.Remove(binding.External);
            }

            binding = new Binding(from, Allocate(from, now));
            _byInternal[key] = binding;
            _byExternal[binding.External] = binding;
            BindingsMade++;
        }

        binding.LastOutbound = now;
        binding.Contacts.Add(to);
        return binding.External;
    }

    /// <summary>Takes a packet from outside, or one that hairpins.</summary>
    /// <returns>The internal endpoint that it goes to; null where it is dropped.</returns>
    public TransportAddress? TranslateInbound(TransportAddress from, TransportAddress to, Instant now)
    {
        if (!_byExternal.TryGetValue(to, out Binding? binding) || binding.HasExpired(now, options.BindingTimeout))
        {
            return null;
        }

        bool passes = options.Filtering switch
        {
            NatFiltering.EndpointIndependent => true,
            NatFiltering.AddressDependent => binding.Contacts.Any(from.HasSameAddress),
            _ => binding.Contacts.Contains(from),
        };
        return passes ? binding.Internal : null;
    }

    /// <summary>Replaces the external endpoint by the internal one wherever it stands in the clear.</summary>
    public void RewritePayload(Span<byte> payload, TransportAddress external, TransportAddress inside)
    {
        if (!options.RewritesPayload || external.Family != StunAddressFamily.IPv4)
        {
            return;
        }

        Span<byte> pattern = stackalloc byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(pattern, (ushort)external.Port);
        BinaryPrimitives.WriteUInt32BigEndian(pattern[2..], (uint)external.Bits);
        for (int at = payload.IndexOf(pattern); at >= 0; at = payload.IndexOf(pattern))
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload[at..], (ushort)inside.Port);
            BinaryPrimitives.WriteUInt32BigEndian(payload[(at + 2)..], (uint)inside.Bits);
        }
    }

    private TransportAddress Scope(TransportAddress to) => options.Mapping switch
    {
        NatMapping.EndpointIndependent => default,
        NatMapping.AddressDependent => to.WithPort(0),
        _ => to,
    };

    private TransportAddress Allocate(TransportAddress from, Instant now)
    {
        if (!options.Translates)
        {
            return from;
        }

        int index = options.PairedAddresses ? 0 : random.Next(options.ExternalAddresses.Count);
        TransportAddress address = options.ExternalAddresses[index];
        if (options.Ports == PortAllocation.Preserving && IsFree(address.WithPort(from.Port), now))
        {
            return address.WithPort(from.Port);
        }

        while (true)
        {
            int port = 1024 + random.Next(64512);
            if (options.Ports == PortAllocation.Parity)
            {
                port = (port & ~1) | (from.Port & 1);
            }

            // A port that happens to be the internal one would make a random NAT look like a preserving one.
            TransportAddress candidate = address.WithPort(port);
            if (port != from.Port && IsFree(candidate, now))
            {
                return candidate;
            }
        }
    }

    private bool IsFree(TransportAddress external, Instant now)
        => !_byExternal.TryGetValue(external, out Binding? binding) || binding.HasExpired(now, options.BindingTimeout);

    private sealed class Binding(TransportAddress inside, TransportAddress external)
    {
        public TransportAddress Internal { get; } = inside;

        public TransportAddress External { get; } = external;

        public Instant LastOutbound { get; set; }

        public HashSet<TransportAddress> Contacts { get; } = [];

        public bool HasExpired(Instant now, TimeSpan timeout) => now - LastOutbound >= timeout;
    }
}
