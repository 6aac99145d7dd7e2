using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;

namespace Stack.Transport;

/// <summary>The order in which SRV targets are contacted (RFC 2782): by priority, among equals drawn by weight.</summary>
internal static class ServiceRecordOrder
{
    public static List<DnsServiceRecord> Arrange(IEnumerable<DnsServiceRecord> records, RandomNumberGenerator random)
    {
        List<DnsServiceRecord> ordered = [];
        foreach (IGrouping<int, DnsServiceRecord> level in records.GroupBy(record => record.Priority).OrderBy(level => level.Key))
        {
            // Weight 0 goes first, which leaves it the small chance of drawing exactly 0.
            List<DnsServiceRecord> rest = [.. level.OrderBy(record => record.Weight != 0)];
            while (rest.Count > 0)
            {
                int drawn = Draw(rest, random);
                ordered.Add(rest[drawn]);
                rest.RemoveAt(drawn);
            }
        }

        return ordered;
    }

    private static int Draw(List<DnsServiceRecord> rest, RandomNumberGenerator random)
    {
        uint mark = DrawUpTo((uint)rest.Sum(record => record.Weight), random);
        uint running = 0;
        int index = -1;
        do
        {
            index++;
            running += (uint)rest[index].Weight;
        }
        while (running < mark);
        return index;
    }

    // Uniform between 0 and the maximum, both included: draws beyond the last whole multiple are drawn again.
    private static uint DrawUpTo(uint maximum, RandomNumberGenerator random)
    {
        if (maximum == 0)
        {
            return 0;
        }

        ulong range = (ulong)maximum + 1;
        ulong limit = (1UL << 32) / range * range;
        Span<byte> bits = stackalloc byte[4];
        ulong drawn;
        do
        {
            random.GetBytes(bits);
            drawn = BinaryPrimitives.ReadUInt32BigEndian(bits);
        }
        while (drawn >= limit);
        return (uint)(drawn % range);
    }
}
