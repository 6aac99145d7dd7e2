using System;
using System.Linq;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// Which peers a server relays to. Immutable and safe for concurrent use. Asked where a permission or a channel is made, a connection opened or
/// accepted, and where data goes to an endpoint for the first time.
/// </summary>
/// <remarks>
/// <para>
/// The first rule that applies decides: what is nobody's; the server's own endpoints; what the operator denies; live relayed addresses, which are
/// allowed whatever their port; <see cref="PeerAddressRules.RelaysOnly"/>; the addresses of this machine and the networks denied by default, both
/// of which <see cref="PeerAddressRules.Allow"/> lifts; ports.
/// </para>
/// <para>
/// An IPv4-mapped IPv6 address is the IPv4 address: allowing 127.0.0.0/8 allows ::ffff:127.0.0.1. Every other IPv6 address that an IPv4 address is
/// embedded in has to pass as itself and as each IPv4 address that it may stand for: allowing 64:ff9b::/96 does not allow 64:ff9b::7f00:1, for
/// which 127.0.0.0/8 has to be allowed as well. In 64:ff9b:1::/48, where the length of a translator's prefix is the site's choice, every layout
/// of RFC 6052 section 2.2 counts that is not shorter than the network allowed: allow the /96 of the translator itself.
/// </para>
/// </remarks>
public sealed class PeerAddressPolicy
{
    private const int MappedPrefixLength = 96;

    private readonly AddressSet _allow;
    private readonly AddressSet _deny;
    private readonly AddressPrefix[] _allowedTranslators;
    private readonly OwnAddresses _own;
    private readonly PeerPorts _ports;
    private readonly bool _relaysOnly;

    /// <summary>Makes a policy.</summary>
    /// <param name="rules">The operator's part of it.</param>
    /// <exception cref="ArgumentException">A network is the default value, or a range of ports is none.</exception>
    public PeerAddressPolicy(PeerAddressRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _allow = new AddressSet(rules.Allow.Select(Unmapped));
        _deny = new AddressSet(rules.Deny.Concat(rules.Deny.Select(Unmapped)));
        _allowedTranslators = rules.Allow.Where(ReachesTranslators).OrderByDescending(static prefix => prefix.Length).ToArray();
        _own = new OwnAddresses(rules);
        _ports = new PeerPorts(rules.AllowPorts);
        _relaysOnly = rules.RelaysOnly;
    }

    /// <summary>Judges an address without its port, as for a permission. The server's own relay addresses pass: their ports are judged later.</summary>
    /// <param name="peer">The peer.</param>
    public PeerVerdict JudgeAddress(PeerAddress peer) => Judge(peer.Value, anyPort: true, isLiveRelay: true);

    /// <summary>Judges an endpoint.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="isLiveRelay">Whether it is the relayed address of a live allocation of this server.</param>
    public PeerVerdict Judge(PeerAddress peer, bool isLiveRelay) => Judge(peer.Value, anyPort: false, isLiveRelay);

    private static bool IsNobodys(TransportAddress address) => address.Family switch
    {
        StunAddressFamily.IPv4 => IsNobodys((uint)address.Bits),
        StunAddressFamily.IPv6 => address.Bits == UInt128.Zero || address.Bits >> 120 == 0xFF,
        _ => true,
    };

    private static bool IsNobodys(uint address) => address is 0 or uint.MaxValue || address >> 28 == 0xE;

    private static AddressPrefix Unmapped(AddressPrefix prefix)
    {
        if (prefix.Family != StunAddressFamily.IPv6 || prefix.Length < MappedPrefixLength)
        {
            return prefix;
        }

        TransportAddress network = TransportAddress.FromIPv6(prefix.Bits, 0).Unmapped;
        return network.Family == StunAddressFamily.IPv4 ? new AddressPrefix(network, prefix.Length - MappedPrefixLength) : prefix;
    }

    private static bool ReachesTranslators(AddressPrefix prefix)
        => prefix.Family == StunAddressFamily.IPv6
            && prefix.Bits <= EmbeddedIPv4.LocalNat64.LastBits
            && prefix.LastBits >= EmbeddedIPv4.LocalNat64.Bits;

    private PeerVerdict Judge(TransportAddress peer, bool anyPort, bool isLiveRelay)
    {
        TransportAddress address = peer.Unmapped;
        if (peer.ScopeId != 0 || IsNobodys(address) || (!anyPort && peer.Port == 0))
        {
            return PeerVerdict.NotUnicast;
        }

        Span<uint> embedded = stackalloc uint[EmbeddedIPv4.MaxCount];
        embedded = embedded[..ReadEmbedded(address, embedded)];
        foreach (uint inner in embedded)
        {
            if (IsNobodys(inner))
            {
                return PeerVerdict.NotUnicast;
            }
        }

        if (!anyPort && IsOwnEndPoint(address, embedded))
        {
            return PeerVerdict.OwnEndPoint;
        }

        if (IsDenied(peer, address, embedded))
        {
            return PeerVerdict.DeniedByOperator;
        }

        if (isLiveRelay && _own.IsRelay(address))
        {
            return PeerVerdict.Allowed;
        }

        if (_relaysOnly)
        {
            return PeerVerdict.DeniedByOperator;
        }

        PeerVerdict verdict = JudgeNetworks(address, embedded);
        return verdict == PeerVerdict.Allowed && !anyPort && _ports.IsForbidden(peer.Port) ? PeerVerdict.ForbiddenPort : verdict;
    }

    private int ReadEmbedded(TransportAddress address, Span<uint> embedded)
        => address.Family == StunAddressFamily.IPv6 ? EmbeddedIPv4.Read(address.Bits, TranslatorLength(address), embedded) : 0;

    // The prefix of a translator that the operator allows is as long as the network that he allows, or longer. Longest first.
    private int TranslatorLength(TransportAddress address)
    {
        foreach (AddressPrefix prefix in _allowedTranslators)
        {
            if (prefix.Contains(address))
            {
                return Math.Min(prefix.Length, MappedPrefixLength);
            }
        }

        return EmbeddedIPv4.LocalNat64.Length;
    }

    private bool IsOwnEndPoint(TransportAddress address, ReadOnlySpan<uint> embedded)
    {
        foreach (uint inner in embedded)
        {
            if (_own.IsEndPoint(TransportAddress.FromIPv4(inner, (ushort)address.Port)))
            {
                return true;
            }
        }

        return _own.IsEndPoint(address);
    }

    private bool IsDenied(TransportAddress peer, TransportAddress address, ReadOnlySpan<uint> embedded)
    {
        foreach (uint inner in embedded)
        {
            if (_deny.ContainsIPv4(inner))
            {
                return true;
            }
        }

        return _deny.Contains(address) || _deny.Contains(peer);
    }

    private PeerVerdict JudgeNetworks(TransportAddress address, ReadOnlySpan<uint> embedded)
    {
        bool allowed = _allow.Contains(address);
        bool isLocal = !allowed && IsMachines(address);
        bool isDenied = !allowed && DeniedNetworks.Contain(address);
        foreach (uint inner in embedded)
        {
            if (!_allow.ContainsIPv4(inner))
            {
                isLocal |= IsMachines(TransportAddress.FromIPv4(inner, 0));
                isDenied |= DeniedNetworks.ContainIPv4(inner);
            }
        }

        return isLocal ? PeerVerdict.LocalAddress : isDenied ? PeerVerdict.DeniedByDefault : PeerVerdict.Allowed;
    }

    private bool IsMachines(TransportAddress address) => _own.IsLocal(address) || _own.IsRelay(address);
}
