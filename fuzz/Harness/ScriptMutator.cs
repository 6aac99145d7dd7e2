using System;
using System.Collections.Generic;

namespace Stack.Fuzz;

/// <summary>Makes scripts: seeds cut, joined and changed, and now and then noise.</summary>
internal sealed class ScriptMutator(IReadOnlyList<byte[]> corpus, ulong seed) : IFuzzInputs
{
    private const int Longest = 1024;

    private readonly FuzzRandom _random = new();
    private readonly ExactArrays _arrays = new();
    private readonly byte[] _bytes = new byte[Longest];
    private int _length;

    public byte[] Create(ulong index)
    {
        _random.Restart(seed, index);
        _length = 0;
        if (_random.OneIn(16))
        {
            _length = _random.Below(300);
            _random.Fill(_bytes.AsSpan(0, _length));
            return _arrays.Copy(_bytes.AsSpan(0, _length));
        }

        Append(corpus[_random.Below(corpus.Count)]);
        if (_random.OneIn(2))
        {
            Splice();
        }

        int changes = _random.Below(6);
        for (int i = 0; i < changes; i++)
        {
            Change();
        }

        return _arrays.Copy(_bytes.AsSpan(0, _length));
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(bytes.Length, Longest - _length);
        bytes[..count].CopyTo(_bytes.AsSpan(_length));
        _length += count;
    }

    // The whole of another one behind this one, or a part of it in place of this one's end. The first byte of a script is about all of it.
    private void Splice()
    {
        ReadOnlySpan<byte> other = corpus[_random.Below(corpus.Count)];
        if (!_random.OneIn(2) && _length > 1)
        {
            _length = 1 + _random.Below(_length - 1);
        }

        int from = _random.OneIn(2) ? Math.Min(1, other.Length) : _random.Below(other.Length + 1);
        Append(other[from..]);
    }

    private void Change()
    {
        if (_length == 0)
        {
            return;
        }

        int at = _random.Below(_length);
        switch (_random.Below(7))
        {
            case 0:
                _bytes[at] ^= (byte)(1 << _random.Below(8));
                break;
            case 1:
                _bytes[at] = (byte)_random.Next();
                break;
            case 2:
                _bytes[at] = (byte)_random.Below(32);
                break;
            case 3:
                _bytes.AsSpan(at + 1, _length - at - 1).CopyTo(_bytes.AsSpan(at));
                _length--;
                break;
            case 4:
                Insert(at, 1 + _random.Below(4));
                break;
            case 5:
                // A part once more.
                int size = Math.Min(1 + _random.Below(24), _length - at);
                Append(_bytes.AsSpan(at, size).ToArray());
                break;
            default:
                _length = at;
                break;
        }
    }

    private void Insert(int at, int count)
    {
        count = Math.Min(count, Longest - _length);
        _bytes.AsSpan(at, _length - at).CopyTo(_bytes.AsSpan(at + count));
        _random.Fill(_bytes.AsSpan(at, count));
        _length += count;
    }
}
