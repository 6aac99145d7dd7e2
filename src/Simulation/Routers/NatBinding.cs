using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>A mapping of a NAT, and the filter that goes with it.</summary>
internal sealed class NatBinding(PacketProtocol protocol, TransportAddress inside, TransportAddress toward, TransportAddress outside)
{
    private const int MaxContacts = 4096;

    private Dictionary<TransportAddress, Instant>? _contacts;

    public PacketProtocol Protocol { get; } = protocol;

    public TransportAddress Internal { get; } = inside;

    /// <summary>The destination, or its address, that the mapping is for; the default value for all.</summary>
    public TransportAddress Toward { get; } = toward;

    public TransportAddress External { get; } = outside;

    public Instant LastUsed { get; set; }

    /// <summary>Whether it was made by hand: it lets in everybody and never expires.</summary>
    public bool IsStatic { get; init; }

    /// <summary>Whether something came back, so that a TCP connection is more than a SYN.</summary>
    public bool IsAnswered { get; set; }

    public bool IsClosing { get; set; }

    public bool HasExpired(NatOptions options, Instant now)
    {
        TimeSpan timeout = Protocol != PacketProtocol.Tcp
            ? options.UdpTimeout
            : IsAnswered && !IsClosing ? options.TcpTimeout : options.TcpTransitoryTimeout;
        return !IsStatic && now - LastUsed >= timeout;
    }

    public void NoteContact(TransportAddress destination, NatFiltering filtering, Instant now)
    {
        if (filtering == NatFiltering.EndpointIndependent)
        {
            return;
        }

        _contacts ??= [];
        if (_contacts.Count >= MaxContacts)
        {
            _contacts.Clear();
        }

        _contacts[Scope(destination, filtering)] = now;
    }

    public bool LetsIn(TransportAddress source, NatFiltering filtering)
        => IsStatic || filtering == NatFiltering.EndpointIndependent || _contacts?.ContainsKey(Scope(source, filtering)) == true;

    private static TransportAddress Scope(TransportAddress address, NatFiltering filtering)
        => filtering == NatFiltering.AddressDependent ? address.WithPort(0) : address;
}
