using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The last replies to a 5-tuple, for requests that are sent again (RFC 8489 section 6.3.1): the same bytes, and nothing is done twice.
/// </summary>
internal sealed class ReplyCache
{
    private const int Capacity = 8;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(40);

    private Entry[]? _entries;
    private int _next;

    public bool TryGet(TransactionId id, Instant now, Span<byte> buffer, out int length)
    {
        foreach (Entry entry in _entries ?? [])
        {
            if (entry.Reply is not null && entry.Id == id && now - entry.At < Lifetime)
            {
                entry.Reply.CopyTo(buffer);
                length = entry.Reply.Length;
                return true;
            }
        }

        length = 0;
        return false;
    }

    public void Add(TransactionId id, ReadOnlySpan<byte> reply, Instant now)
    {
        _entries ??= new Entry[Capacity];
        _entries[_next] = new Entry(id, now, reply.ToArray());
        _next = (_next + 1) % Capacity;
    }

    private readonly record struct Entry(TransactionId Id, Instant At, byte[]? Reply);
}
