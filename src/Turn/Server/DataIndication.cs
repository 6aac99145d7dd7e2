using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// Writes Data indications around bytes that are already in place (RFC 8656 section 11.3): header, XOR-PEER-ADDRESS, and the header of DATA.
/// </summary>
internal sealed class DataIndication(RandomNumberGenerator random)
{
    private const int AttributeHeaderSize = 4;
    private const int AddressSizeIPv4 = 8;
    private const int AddressSizeIPv6 = 20;
    private const int PoolSize = 4096;

    private static readonly StunMessageType Type = new(StunMethod.Data, StunClass.Indication);

    // Drawn in one go, since a draw costs more than a packet.
    private readonly byte[] _ids = new byte[PoolSize];
    private int _used = PoolSize;

    /// <summary>What stands in front of the data: 36 bytes for an IPv4 peer, 48 for an IPv6 one.</summary>
    public static int GetHeaderSize(PeerAddress peer)
        => StunMessage.HeaderSize + AttributeHeaderSize + GetAddressSize(peer) + AttributeHeaderSize;

    /// <summary>Writes the header of an indication whose data follows in the buffer.</summary>
    /// <param name="header">Exactly the header.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="length">The length of the data.</param>
    public void WriteHeader(Span<byte> header, PeerAddress peer, int length)
    {
        var writer = new StunMessageWriter(header, Type, NextId());
        writer.AddXorPeerAddress(peer.Value);
        BinaryPrimitives.WriteUInt32BigEndian(header[^AttributeHeaderSize..], ((uint)StunAttributeType.Data << 16) | (uint)length);

        // The writer does not know of the data: the message's length is set here.
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(header.Length - StunMessage.HeaderSize + ((length + 3) & ~3)));
    }

    /// <summary>Writes an indication with an ICMP error.</summary>
    /// <returns>Its length.</returns>
    public int Write(Span<byte> buffer, PeerAddress peer, IcmpError error)
    {
        var writer = new StunMessageWriter(buffer, Type, NextId());
        writer.AddXorPeerAddress(peer.Value);
        writer.AddIcmp(error);
        return writer.Length;
    }

    private static int GetAddressSize(PeerAddress peer) => peer.Value.Family == StunAddressFamily.IPv4 ? AddressSizeIPv4 : AddressSizeIPv6;

    private TransactionId NextId()
    {
        if (_used + TransactionId.Size > PoolSize)
        {
            random.GetBytes(_ids);
            _used = 0;
        }

        TransactionId id = TransactionId.Read(_ids.AsSpan(_used, TransactionId.Size));
        _used += TransactionId.Size;
        return id;
    }
}
