using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Reads and writes the operating system's form of an endpoint, without the allocations of <see cref="IPEndPoint"/>.</summary>
internal static class SocketAddressConversion
{
    private const int PortOffset = 2;
    private const int IPv4Offset = 4;
    private const int IPv6Offset = 8;
    private const int ScopeOffset = 24;

    public static TransportAddress ToTransportAddress(SocketAddress address)
        => ToTransportAddress(address.Family, address.Buffer.Span);

    public static TransportAddress ToTransportAddress(AddressFamily family, ReadOnlySpan<byte> bytes)
    {
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(bytes[PortOffset..]);
        return family switch
        {
            AddressFamily.InterNetwork => TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[IPv4Offset..]), port),
            AddressFamily.InterNetworkV6 => TransportAddress.FromIPv6(
                BinaryPrimitives.ReadUInt128BigEndian(bytes[IPv6Offset..]),
                port,
                MemoryMarshal.Read<uint>(bytes[ScopeOffset..])),
            _ => default,
        };
    }

    /// <summary>Overwrites address and port; the family must be the one that the target was made for.</summary>
    public static void Write(TransportAddress address, SocketAddress target) => Write(address, target.Buffer.Span);

    /// <summary>Writes all but the family.</summary>
    public static void Write(TransportAddress address, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes[PortOffset..], (ushort)address.Port);
        if (address.Family == StunAddressFamily.IPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[IPv4Offset..], (uint)address.Bits);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes[IPv6Offset..], address.Bits);
            MemoryMarshal.Write(bytes[ScopeOffset..], address.ScopeId);
        }
    }
}
