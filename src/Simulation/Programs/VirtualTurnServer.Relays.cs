using System;
using System.Collections.Generic;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Simulation;

/// <content>The relay sockets: sockets of the host.</content>
public sealed partial class VirtualTurnServer
{
    private static readonly AddressPrefix[] DocumentationNetworks =
    [
        Endpoint.ParsePrefix("192.0.2.0/24"),
        Endpoint.ParsePrefix("198.51.100.0/24"),
        Endpoint.ParsePrefix("203.0.113.0/24"),
        Endpoint.ParsePrefix("2001:db8::/32"),
    ];

    private static IcmpError IcmpErrorOf(UnreachableReason reason, StunAddressFamily family)
    {
        bool isIPv4 = family == StunAddressFamily.IPv4;
        return reason switch
        {
            UnreachableReason.TooBig => new IcmpError(isIPv4 ? (byte)3 : (byte)2, isIPv4 ? (byte)4 : (byte)0, 1280),
            UnreachableReason.Port => new IcmpError(isIPv4 ? (byte)3 : (byte)1, isIPv4 ? (byte)3 : (byte)4, 0),
            UnreachableReason.Prohibited => new IcmpError(isIPv4 ? (byte)3 : (byte)1, isIPv4 ? (byte)13 : (byte)1, 0),
            UnreachableReason.Host => new IcmpError(isIPv4 ? (byte)3 : (byte)1, isIPv4 ? (byte)1 : (byte)3, 0),
            _ => new IcmpError(isIPv4 ? (byte)3 : (byte)1, 0, 0),
        };
    }

    private sealed class RelaySockets(VirtualTurnServer server) : IRelaySockets
    {
        private readonly Dictionary<RelayId, VirtualSocket> _open = [];
        private readonly Dictionary<TransportAddress, VirtualSocket> _reserved = [];

        public RelayOpenStatus Open(RelayId id, RelayProtocol protocol, TransportAddress address)
        {
            if (protocol != RelayProtocol.Udp || server._host.FindInterface(address) is null)
            {
                return RelayOpenStatus.Unavailable;
            }

            if (!server._host.TryBindUdp(address, out VirtualSocket? socket))
            {
                return RelayOpenStatus.AddressInUse;
            }

            Use(id, socket!);
            return RelayOpenStatus.Opened;
        }

        public RelayOpenStatus Reserve(TransportAddress address)
        {
            if (server._host.FindInterface(address) is null)
            {
                return RelayOpenStatus.Unavailable;
            }

            if (!server._host.TryBindUdp(address, out VirtualSocket? socket))
            {
                return RelayOpenStatus.AddressInUse;
            }

            socket!.Received = static (_, _, _) => { };
            _reserved.Add(address, socket);
            return RelayOpenStatus.Opened;
        }

        public RelayOpenStatus Claim(RelayId id, TransportAddress address)
        {
            if (!_reserved.Remove(address, out VirtualSocket? socket))
            {
                return RelayOpenStatus.Unavailable;
            }

            Use(id, socket);
            return RelayOpenStatus.Opened;
        }

        public void CancelReservation(TransportAddress address)
        {
            if (_reserved.Remove(address, out VirtualSocket? socket))
            {
                socket.Dispose();
            }
        }

        public void Close(RelayId id)
        {
            if (_open.Remove(id, out VirtualSocket? socket))
            {
                socket.Dispose();
            }
        }

        public void CloseAll()
        {
            foreach (VirtualSocket socket in _open.Values)
            {
                socket.Dispose();
            }

            foreach (VirtualSocket socket in _reserved.Values)
            {
                socket.Dispose();
            }
        }

        public void Send(RelayId id, TransportAddress peer, ReadOnlySpan<byte> payload, bool dontFragment)
        {
            if (_open.TryGetValue(id, out VirtualSocket? socket))
            {
                socket.Send(peer, payload, dontFragment);
            }
        }

        private void Use(RelayId id, VirtualSocket socket)
        {
            _open.Add(id, socket);
            socket.Received = (_, source, payload) => server.HandlePeerDatagram(id, source, payload);
            socket.Unreachable = (_, destination, reason) => server.HandlePeerError(id, destination, reason);
        }
    }
}
