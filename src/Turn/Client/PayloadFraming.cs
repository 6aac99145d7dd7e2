using System;
using System.Buffers.Binary;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>Frames application data in place: the header is written in front of the payload, the padding behind it. Allocates nothing.</summary>
internal static class PayloadFraming
{
    /// <summary>The header of a Send indication to an IPv6 peer with DONT-FRAGMENT: the largest there is.</summary>
    public const int MaxHeaderSize = StunMessage.HeaderSize + AttributeHeaderSize + 20 + AttributeHeaderSize + AttributeHeaderSize;

    public const int MaxPadding = 3;

    /// <summary>The largest payload of an IPv4 datagram; what exceeds it the socket refuses.</summary>
    private const int MaxDatagram = 65507;

    private const int AttributeHeaderSize = 4;

    public static bool TryFrameChannelData(Span<byte> buffer, int length, ChannelNumber channel, bool isStream, out Range message)
    {
        int size = isStream ? ChannelData.GetPaddedSize(length) : ChannelData.HeaderSize + length;
        int start = MaxHeaderSize - ChannelData.HeaderSize;
        message = start..(start + size);
        if (length > ushort.MaxValue || (!isStream && size > MaxDatagram))
        {
            return false;
        }

        ChannelData.WriteHeader(buffer[start..], channel, length);
        buffer[(MaxHeaderSize + length)..message.End.Value].Clear();
        return true;
    }

    public static bool TryFrameIndication(
        Span<byte> buffer, int length, TransportAddress peer, bool dontFragment, bool isStream, TransactionId id, out Range message)
    {
        int header = MaxHeaderSize - (peer.Family == StunAddressFamily.IPv4 ? 12 : 0) - (dontFragment ? 0 : AttributeHeaderSize);
        int start = MaxHeaderSize - header;
        int end = MaxHeaderSize + ((length + 3) & ~3);
        message = start..end;
        if (end - start > (isStream ? StunMessage.MaxSize : MaxDatagram))
        {
            return false;
        }

        // The writer gets the part in front of the payload alone; the length that it writes is corrected afterwards.
        var writer = new StunMessageWriter(buffer[start..MaxHeaderSize], new StunMessageType(StunMethod.Send, StunClass.Indication), id);
        writer.AddXorPeerAddress(peer);
        if (dontFragment)
        {
            writer.AddDontFragment();
        }

        writer.AddData(default);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(MaxHeaderSize - 2)..], (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(start + 2)..], (ushort)(end - start - StunMessage.HeaderSize));
        buffer[(MaxHeaderSize + length)..end].Clear();
        return true;
    }
}
