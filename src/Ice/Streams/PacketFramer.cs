using System;
using System.Buffers;
using System.Buffers.Binary;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>
/// Cuts a TCP stream into packets, each behind 16 bits of length, and puts that length in front of packets to send (RFC 4571 section 2, RFC 6544
/// section 3). Holds no bytes: the buffer is the pipe's, so memory grows with what was received and not with what a length promises. Made for
/// System.IO.Pipelines.
/// </summary>
public readonly struct PacketFramer
{
    /// <summary>What the length can say at most, in bytes.</summary>
    public const int MaxPacketSize = ushort.MaxValue;

    /// <summary>The bytes of a length.</summary>
    public const int HeaderSize = 2;

    // How much smaller than the largest, so that the default value takes all.
    private readonly int _reduction;

    /// <summary>Sets the largest packet that is taken; without it, packets of up to 65535 bytes are.</summary>
    /// <param name="maxPacketSize">0 to 65535 bytes, without the length in front.</param>
    /// <exception cref="ArgumentOutOfRangeException">No length can say that size.</exception>
    public PacketFramer(int maxPacketSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxPacketSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPacketSize, MaxPacketSize);
        _reduction = MaxPacketSize - maxPacketSize;
    }

    /// <summary>Looks for a packet at the start of a buffer. Null packets, whose length is 0, are packets too.</summary>
    /// <param name="buffer">The bytes that have not been consumed.</param>
    /// <param name="packet">The packet, without its length; valid as long as <paramref name="buffer"/>.</param>
    /// <param name="consumed">How many bytes to consume; 0 without a packet.</param>
    /// <param name="needed">How many more bytes are needed, at least, before the next call can find a packet; 0 otherwise.</param>
    /// <returns>
    /// <see cref="StunFrameStatus.Frame"/>, <see cref="StunFrameStatus.NeedMore"/> or <see cref="StunFrameStatus.TooLarge"/>; a length has no marker, so
    /// that a stream out of step shows in its packets alone.
    /// </returns>
    public StunFrameStatus Read(in ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> packet, out int consumed, out int needed)
    {
        packet = default;
        consumed = 0;
        needed = 0;
        if (buffer.Length < HeaderSize)
        {
            needed = HeaderSize - (int)buffer.Length;
            return StunFrameStatus.NeedMore;
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        buffer.Slice(0, HeaderSize).CopyTo(header);
        int length = BinaryPrimitives.ReadUInt16BigEndian(header);
        if (length > MaxPacketSize - _reduction)
        {
            return StunFrameStatus.TooLarge;
        }

        if (buffer.Length < HeaderSize + length)
        {
            needed = HeaderSize + length - (int)buffer.Length;
            return StunFrameStatus.NeedMore;
        }

        packet = buffer.Slice(HeaderSize, length);
        consumed = HeaderSize + length;
        return StunFrameStatus.Frame;
    }

    /// <summary>Writes the length that goes in front of a packet.</summary>
    /// <param name="packetSize">The size of the packet in bytes, 0 to 65535.</param>
    /// <param name="destination">Takes 2 bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">No length can say that size.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than 2 bytes.</exception>
    public static void WriteHeader(int packetSize, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(packetSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packetSize, MaxPacketSize);
        if (destination.Length < HeaderSize)
        {
            throw new ArgumentException("A length takes 2 bytes.", nameof(destination));
        }

        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)packetSize);
    }

    /// <summary>Writes a packet with its length in front.</summary>
    /// <param name="packet">0 to 65535 bytes.</param>
    /// <param name="destination">Takes 2 bytes more than the packet has.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The packet is longer than a length can say.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static int Write(ReadOnlySpan<byte> packet, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packet.Length, MaxPacketSize, nameof(packet));
        if (destination.Length - HeaderSize < packet.Length)
        {
            throw new ArgumentException("The packet and its length do not fit.", nameof(destination));
        }

        WriteHeader(packet.Length, destination);
        packet.CopyTo(destination[HeaderSize..]);
        return HeaderSize + packet.Length;
    }
}
