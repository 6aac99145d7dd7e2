using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>What is the server's own: the endpoints of its services, the addresses of its machine, and those that it relays from.</summary>
internal sealed class OwnAddresses
{
    private readonly HashSet<TransportAddress> _endPoints = [];
    private readonly HashSet<int> _portsOfAnyIPv4 = [];
    private readonly HashSet<int> _portsOfAnyIPv6 = [];
    private readonly HashSet<TransportAddress> _local = [];
    private readonly HashSet<TransportAddress> _relays = [];

    public OwnAddresses(PeerAddressRules rules)
    {
        foreach (TransportAddress endPoint in rules.OwnEndPoints)
        {
            AddEndPoint(endPoint);
        }

        foreach (TransportAddress address in rules.LocalAddresses)
        {
            _local.Add(Bare(address));
        }

        foreach (TransportAddress address in rules.RelayAddresses)
        {
            _relays.Add(Bare(address));
        }
    }

    /// <summary>Whether a service of the server listens there.</summary>
    /// <param name="endPoint">The endpoint, unmapped and without a zone.</param>
    public bool IsEndPoint(TransportAddress endPoint)
    {
        if (_endPoints.Contains(endPoint))
        {
            return true;
        }

        HashSet<int> ports = endPoint.Family == StunAddressFamily.IPv4 ? _portsOfAnyIPv4 : _portsOfAnyIPv6;
        return ports.Contains(endPoint.Port) && (endPoint.IsLoopback || IsLocal(endPoint) || IsRelay(endPoint));
    }

    /// <summary>Whether it is an address of this machine.</summary>
    /// <param name="address">The address, unmapped and without a zone.</param>
    public bool IsLocal(TransportAddress address) => _local.Contains(address.WithPort(0));

    /// <summary>Whether relayed addresses are made of it.</summary>
    /// <param name="address">The address, unmapped and without a zone.</param>
    public bool IsRelay(TransportAddress address) => _relays.Contains(address.WithPort(0));

    // A zone says where a link-local address is, which a peer that is asked for cannot do: it is compared without.
    private static TransportAddress Bare(TransportAddress address)
    {
        TransportAddress unmapped = address.Unmapped.WithPort(0);
        return unmapped.ScopeId == 0 ? unmapped : TransportAddress.FromIPv6(unmapped.Bits, 0);
    }

    private void AddEndPoint(TransportAddress endPoint)
    {
        TransportAddress address = Bare(endPoint);
        if (!address.IsUnspecified)
        {
            _endPoints.Add(address.WithPort(endPoint.Port));
            return;
        }

        // A socket on :: may serve both families.
        _portsOfAnyIPv4.Add(endPoint.Port);
        if (address.Family == StunAddressFamily.IPv6)
        {
            _portsOfAnyIPv6.Add(endPoint.Port);
        }
    }
}
