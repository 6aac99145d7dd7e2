using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// The multicast groups of RFC 6762 on all interfaces of this host: one for a process, opened when the first name is published or asked for. Where
/// the system does not let us, nothing is sent and no name resolves.
/// </summary>
internal sealed class MdnsSockets : IMdnsLink
{
    private static readonly Lazy<MdnsNames?> Shared = new(Open);
    private static readonly IPEndPoint GroupV4 = new(IPAddress.Parse("224.0.0.251"), MdnsNames.Port);

    private readonly List<(Socket Socket, TransportAddress Address, int PrefixLength)> _links = [];
    private readonly Lock _gate = new();

    private MdnsSockets()
    {
    }

    /// <summary>The names of this process; null where no link can be used.</summary>
    public static MdnsNames? Names => Shared.Value;

    public bool SendToAll(ReadOnlySpan<byte> message)
    {
        bool isSent = false;
        lock (_gate)
        {
            foreach ((Socket socket, _, _) in _links)
            {
                isSent |= TrySend(socket, message, GroupV4);
            }
        }

        return isSent;
    }

    public void Send(ReadOnlySpan<byte> message, TransportAddress destination)
    {
        lock (_gate)
        {
            foreach ((Socket socket, TransportAddress address, int length) in _links)
            {
                if (IsWithin(destination, address, length))
                {
                    TrySend(socket, message, destination.ToIPEndPoint());
                    return;
                }
            }
        }
    }

    public bool IsOnLink(TransportAddress source) => _links.Exists(link => IsWithin(source, link.Address, link.PrefixLength));

    private static bool IsWithin(TransportAddress source, TransportAddress address, int prefixLength)
        => source.Family == address.Family && prefixLength is > 0 and <= 32 && (source.Bits ^ address.Bits) >> (32 - prefixLength) == UInt128.Zero;

    private static bool TrySend(Socket socket, ReadOnlySpan<byte> message, IPEndPoint destination)
    {
        try
        {
            socket.SendTo(message, SocketFlags.None, destination);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static MdnsNames? Open()
    {
        var sockets = new MdnsSockets();
        foreach (IceInterfaceAddress entry in SystemInterfaceAddresses.Instance.List())
        {
            if (entry.Address.Family == StunAddressFamily.IPv4 && !entry.Address.IsLoopback && !InterfaceNoise.Contains(entry.InterfaceName))
            {
                sockets.TryJoin(entry);
            }
        }

        if (sockets._links.Count == 0)
        {
            return null;
        }

        var names = new MdnsNames(sockets, TimeProvider.System);
        foreach ((Socket socket, _, _) in sockets._links)
        {
            _ = Task.Run(() => ReceiveAsync(socket, names));
        }

        return names;
    }

    private static async Task ReceiveAsync(Socket socket, MdnsNames names)
    {
        byte[] buffer = new byte[MdnsMessage.MaxSize + 1];
        var source = new SocketAddress(AddressFamily.InterNetwork);
        while (true)
        {
            try
            {
                int length = await socket.ReceiveFromAsync(buffer, SocketFlags.None, source).ConfigureAwait(false);
                names.Handle(buffer.AsSpan(0, length), SocketAddressConversion.ToTransportAddress(source));
            }
            catch (SocketException error) when (UdpSockets.IsTransient(error.SocketErrorCode))
            {
                // A datagram that did not fit, or an ICMP error.
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void TryJoin(IceInterfaceAddress entry)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            IPAddress local = entry.Address.ToIPAddress();
            socket.ExclusiveAddressUse = false;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Any, MdnsNames.Port));
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(GroupV4.Address, local));
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, local.GetAddressBytes());

            // RFC 6762 section 11: 255, as a sign that it comes from the link.
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 255);
            _links.Add((socket, entry.Address, entry.PrefixLength));
        }
        catch (SocketException)
        {
            socket.Dispose();
        }
    }
}
