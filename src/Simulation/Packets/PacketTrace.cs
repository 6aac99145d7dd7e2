using System;
using System.Globalization;
using System.IO;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>The last packets of a simulation, place by place, to be printed as text when a seed fails; and a digest of all of them.</summary>
public sealed class PacketTrace
{
    private const ulong Prime = 0x100000001B3;

    private readonly Line[] _lines;

    /// <summary>Keeps the last lines.</summary>
    /// <param name="capacity">How many, at least 1.</param>
    public PacketTrace(int capacity = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _lines = new Line[capacity];
    }

    /// <summary>How many lines there were in all; the first ones are forgotten.</summary>
    public long Count { get; private set; }

    /// <summary>A digest of all lines and payloads, forgotten ones too: two runs with the same digest were the same.</summary>
    public ulong Digest { get; private set; } = 0xCBF29CE484222325;

    /// <summary>Adds a remark of a test or program between the packets.</summary>
    /// <param name="now">The time.</param>
    /// <param name="place">Who remarks.</param>
    /// <param name="remark">What.</param>
    public void Add(Instant now, string place, string remark)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(remark);
        Append(new Line { Now = now, Place = place, Remark = remark });
        Absorb((ulong)now.Ticks);
        Absorb(place);
        Absorb(remark);
    }

    /// <summary>Writes the lines that are kept, the oldest first.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteTo(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        long kept = Math.Min(Count, _lines.Length);
        for (long i = Count - kept; i < Count; i++)
        {
            writer.WriteLine(_lines[i % _lines.Length].ToString());
        }
    }

    /// <summary>The lines that are kept, the oldest first.</summary>
    public override string ToString()
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        WriteTo(writer);
        return writer.ToString();
    }

    internal void Add(Instant now, PacketFate fate, string place, Packet packet)
    {
        Append(new Line
        {
            Now = now,
            Place = place,
            Fate = fate,
            Protocol = packet.Protocol,
            Source = packet.Source,
            Destination = packet.Destination,
            Length = packet.Length,
            Flags = packet.Flags,
            Reason = packet.Reason,
            FirstBytes = FirstBytes(packet.Payload),
        });
        Absorb((ulong)now.Ticks);
        Absorb(((ulong)fate << 8) | (ulong)packet.Protocol);
        Absorb(place);
        Absorb((ulong)packet.Source.Bits);
        Absorb((ulong)packet.Source.Port);
        Absorb((ulong)packet.Destination.Bits);
        Absorb((ulong)packet.Destination.Port);
        foreach (byte octet in packet.Payload)
        {
            Digest = unchecked((Digest ^ octet) * Prime);
        }
    }

    private static uint FirstBytes(ReadOnlySpan<byte> payload)
    {
        uint first = 0;
        for (int i = 0; i < 4; i++)
        {
            first = (first << 8) | (i < payload.Length ? payload[i] : 0u);
        }

        return first;
    }

    private void Append(Line line) => _lines[Count++ % _lines.Length] = line;

    private void Absorb(ulong value)
    {
        for (int i = 0; i < 8; i++)
        {
            Digest = unchecked((Digest ^ (value & 0xFF)) * Prime);
            value >>= 8;
        }
    }

    private void Absorb(string text)
    {
        foreach (char c in text)
        {
            Digest = unchecked((Digest ^ c) * Prime);
        }
    }

    private struct Line
    {
        public Instant Now;
        public string Place;
        public string? Remark;
        public PacketFate Fate;
        public PacketProtocol Protocol;
        public TransportAddress Source;
        public TransportAddress Destination;
        public int Length;
        public TcpFlags Flags;
        public UnreachableReason Reason;
        public uint FirstBytes;

        public override readonly string ToString()
        {
            if (Remark is not null)
            {
                return $"{Now} {Place}: {Remark}";
            }

            string what = Protocol switch
            {
                PacketProtocol.Tcp => $"tcp [{Flags}]",
                PacketProtocol.Icmp => $"icmp [{Reason}]",
                _ => "udp",
            };
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{Now} {Place}: {Fate} {what} {Source} > {Destination} {Length} bytes {FirstBytes:x8}");
        }
    }
}
