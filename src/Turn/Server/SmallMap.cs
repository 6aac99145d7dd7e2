using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Stack.Turn;

/// <summary>
/// A map that nearly always has one entry: that one is here, a few more are looked through in one small array, many are hashed. A client has a channel
/// and a permission for each of its peers, mostly one, and there are thousands of clients, each in memory that nobody else has just used.
/// </summary>
internal struct SmallMap<TKey, TValue>
    where TKey : struct, IEquatable<TKey>
{
    /// <summary>The most that are looked through one by one.</summary>
    internal const int Few = 8;

    private Dictionary<TKey, TValue>? _many;
    private Entry[]? _others;
    private int _few;
    private Entry _first;

    public readonly int Count => _many?.Count ?? _few;

    public readonly bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_few != 0 && _first.Key.Equals(key))
        {
            value = _first.Value;
            return true;
        }

        return TryGetOther(key, out value);
    }

    /// <summary>Adds an entry, or puts the value in the place of an earlier one.</summary>
    public void Set(TKey key, TValue value)
    {
        if (_many is not null)
        {
            _many[key] = value;
            return;
        }

        int at = Find(key);
        if (at >= 0)
        {
            Put(at, key, value);
        }
        else if (_few == Few)
        {
            Hash();
            _many.Add(key, value);
        }
        else
        {
            Put(_few, key, value);
            _few++;
        }
    }

    public void Remove(TKey key)
    {
        if (_many is not null)
        {
            _many.Remove(key);
            return;
        }

        int at = Find(key);
        if (at >= 0)
        {
            _few--;
            Entry last = Get(_few);
            Put(at, last.Key, last.Value);
            Put(_few, default, default!);
        }
    }

    /// <summary>All keys, apart from the map: entries may be removed on the way through them.</summary>
    public readonly TKey[] CopyKeys()
    {
        if (_many is not null)
        {
            return [.. _many.Keys];
        }

        var keys = new TKey[_few];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = Get(i).Key;
        }

        return keys;
    }

    private readonly bool TryGetOther(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_many is { } many)
        {
            return many.TryGetValue(key, out value);
        }

        int at = Find(key);
        value = at < 0 ? default : Get(at).Value;
        return at >= 0;
    }

    private readonly int Find(TKey key)
    {
        for (int i = 0; i < _few; i++)
        {
            if (Get(i).Key.Equals(key))
            {
                return i;
            }
        }

        return -1;
    }

    private readonly Entry Get(int at) => at == 0 ? _first : _others![at - 1];

    private void Put(int at, TKey key, TValue value)
    {
        var entry = new Entry { Key = key, Value = value };
        if (at == 0)
        {
            _first = entry;
            return;
        }

        if (_others is null || at > _others.Length)
        {
            Array.Resize(ref _others, Math.Min(Few - 1, 2 * at));
        }

        _others[at - 1] = entry;
    }

    [MemberNotNull(nameof(_many))]
    private void Hash()
    {
        _many = new Dictionary<TKey, TValue>(2 * Few);
        for (int i = 0; i < _few; i++)
        {
            Entry entry = Get(i);
            _many.Add(entry.Key, entry.Value);
        }

        _others = null;
        _few = 0;
        _first = default;
    }

    private struct Entry
    {
        public TKey Key;
        public TValue Value;
    }
}
