using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>A router that shares a few external addresses among the hosts inside: what NAT and NAT64 have in common.</summary>
public abstract class TranslatingRouter : Router
{
    private readonly NatTable _table;

    private protected TranslatingRouter(
        string name, Network inside, Network outside, NatOptions options, IReadOnlyList<TransportAddress> externalAddresses)
        : base(name, inside, outside)
    {
        ArgumentNullException.ThrowIfNull(options);
        NatOptions.Verify(options);
        Options = options;
        _table = new NatTable(options, Simulator.Random.Fork());
        ReplaceExternalAddresses(externalAddresses);
    }

    /// <summary>The behaviour.</summary>
    public NatOptions Options { get; }

    /// <summary>The addresses that the world sees, with port 0.</summary>
    public IReadOnlyList<TransportAddress> ExternalAddresses => _table.Addresses;

    /// <summary>How many mappings there are; those that have expired and were not missed yet count.</summary>
    public int MappingCount => _table.Count;

    /// <summary>How many mappings were made in all.</summary>
    public long MappingsMade => _table.Made;

    /// <summary>Forgets all mappings, as a restart does. What was made by hand stays.</summary>
    public void Flush() => _table.Clear(shun: false);

    /// <summary>Gives every mapping another external port, as of the next packet from inside: the session goes on from another endpoint.</summary>
    public void Rebind() => _table.Clear(shun: true);

    /// <summary>Gets other external addresses, as after a reconnection to the provider; all mappings are forgotten.</summary>
    /// <param name="addresses">At least one, all of one family; ports do not count.</param>
    /// <exception cref="ArgumentException">There is none, they are of several families, or one is taken on the outer network.</exception>
    public void ReplaceExternalAddresses(params IReadOnlyList<TransportAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        if (addresses.Count == 0)
        {
            throw new ArgumentException("A NAT needs an external address.", nameof(addresses));
        }

        foreach (TransportAddress old in new List<TransportAddress>(Outside.Addresses))
        {
            Outside.Release(old);
        }

        foreach (TransportAddress address in addresses)
        {
            if (address.Family != addresses[0].Family)
            {
                throw new ArgumentException("The external addresses of a NAT are of one family.", nameof(addresses));
            }

            Outside.Claim(address);
        }

        _table.Clear(shun: false);
        _table.Addresses = new List<TransportAddress>(Outside.Addresses);
    }

    /// <summary>Opens a port for good, as a user does in his router or a program by PCP: everybody gets in.</summary>
    /// <param name="inside">Where to.</param>
    /// <param name="outside">An external address and a port.</param>
    /// <exception cref="ArgumentException">The address is not one of this NAT's.</exception>
    public void Open(TransportAddress inside, TransportAddress outside)
    {
        if (!_table.IsExternal(outside))
        {
            throw new ArgumentException("The address is not an external one of this NAT.", nameof(outside));
        }

        _table.AddStatic(PacketProtocol.Udp, inside, outside);
        _table.AddStatic(PacketProtocol.Tcp, inside, outside);
    }

    /// <summary>The external endpoint that UDP from an internal one to a destination leaves from; null where there is no mapping.</summary>
    /// <param name="inside">The internal endpoint.</param>
    /// <param name="destination">The destination, as the outer network knows it.</param>
    public TransportAddress? FindMapping(TransportAddress inside, TransportAddress destination)
        => _table.Find(PacketProtocol.Udp, inside, destination, Simulator.Now)?.External;

    internal sealed override void HandleOutbound(Packet packet)
    {
        if (!PassesOut(packet))
        {
            return;
        }

        TransportAddress source = packet.Source;
        if (!TryTranslateOut(packet))
        {
            return;
        }

        if (!_table.IsExternal(packet.Destination))
        {
            Simulator.Note(PacketFate.Translated, Name, packet);
            Outside.Link.SendUp(packet);
            return;
        }

        if (Options.Hairpinning == NatHairpinning.None)
        {
            Simulator.End(PacketFate.NotHairpinned, Name, packet);
        }
        else if (TryTranslateIn(packet))
        {
            packet.Source = Options.Hairpinning == NatHairpinning.InternalSource ? source : packet.Source;
            Simulator.Note(PacketFate.Translated, Name, packet);
            Inside.Link.SendUp(packet);
        }
    }

    internal sealed override void HandleInbound(Packet packet)
    {
        if (TryTranslateIn(packet) && PassesIn(packet))
        {
            Simulator.Note(PacketFate.Translated, Name, packet);
            Inside.Link.SendUp(packet);
        }
    }

    /// <summary>What the outer network knows a destination as; the default value where it cannot know it.</summary>
    private protected abstract TransportAddress ToOuter(TransportAddress destination);

    /// <summary>What the inner network knows an outer endpoint as.</summary>
    private protected abstract TransportAddress ToInner(TransportAddress source);

    private bool TryTranslateOut(Packet packet)
    {
        TransportAddress destination = ToOuter(packet.Destination);
        if (destination.IsNone)
        {
            Simulator.End(PacketFate.NoRoute, Name, packet);
            return false;
        }

        bool isError = packet.Protocol == PacketProtocol.Icmp;
        NatBinding? binding = isError
            ? _table.Find(packet.QuotedProtocol, packet.Quoted, destination, Simulator.Now)
            : _table.Map(packet, destination, Simulator.Now);
        if (binding is null)
        {
            Simulator.End(isError ? PacketFate.NoMapping : PacketFate.NatFull, Name, packet);
            return false;
        }

        packet.Source = binding.External;
        packet.Destination = destination;
        packet.Quoted = isError ? binding.External : packet.Quoted;
        return true;
    }

    private bool TryTranslateIn(Packet packet)
    {
        PacketFate refusal = PacketFate.NoMapping;
        bool isError = packet.Protocol == PacketProtocol.Icmp;
        NatBinding? binding = isError
            ? _table.FindExternal(packet.QuotedProtocol, packet.Destination, Simulator.Now)
            : _table.Admit(packet, packet.Source, Simulator.Now, out refusal);
        if (binding is null)
        {
            if (packet.Protocol == PacketProtocol.Tcp && Options.RejectsConnections && packet.Flags == TcpFlags.Syn)
            {
                Reject(packet);
            }

            Simulator.End(refusal, Name, packet);
            return false;
        }

        TransportAddress outside = packet.Destination;
        packet.Destination = binding.Internal;
        packet.Source = ToInner(packet.Source);
        if (isError)
        {
            packet.Quoted = ToInner(packet.Quoted);
        }
        else if (Options.RewritesPayload && packet.Protocol == PacketProtocol.Udp)
        {
            RewritePayload(packet.MutablePayload, outside, binding.Internal);
        }

        return true;
    }

    private void Reject(Packet packet)
    {
        Packet reset = Simulator.Rent();
        reset.Protocol = PacketProtocol.Tcp;
        reset.Source = packet.Destination;
        reset.Destination = packet.Source;
        reset.Flags = TcpFlags.Rst | TcpFlags.Ack;
        reset.Acknowledgment = packet.Sequence + 1;
        Simulator.Note(PacketFate.Sent, Name, reset);
        Outside.Link.SendUp(reset);
    }

    private static void RewritePayload(Span<byte> payload, TransportAddress outside, TransportAddress inside)
    {
        if (outside.Family != StunAddressFamily.IPv4 || inside.Family != StunAddressFamily.IPv4)
        {
            return;
        }

        Span<byte> pattern = stackalloc byte[6];
        Span<byte> replacement = stackalloc byte[6];
        Write(pattern, outside);
        Write(replacement, inside);
        for (int at = payload.IndexOf(pattern); at >= 0 && !pattern.SequenceEqual(replacement); at = payload.IndexOf(pattern))
        {
            replacement.CopyTo(payload[at..]);
        }
    }

    private static void Write(Span<byte> destination, TransportAddress endpoint)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)endpoint.Port);
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], (uint)endpoint.Bits);
    }
}
