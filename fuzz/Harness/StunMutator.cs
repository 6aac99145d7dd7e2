using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Stack.Fuzz;

/// <summary>Makes hostile and half-hostile STUN messages, each a function of the seed, its index and the corpus alone.</summary>
/// <remarks>
/// One instance per thread; give each thread its own range of indices. The array returned has exactly the input's size and is reused:
/// it is valid until the next call, and must not be written. Nothing is allocated once the lengths up to 2048 have been seen; an input above
/// that, one in some ten thousand, is a new array.
/// </remarks>
public sealed class StunMutator : IFuzzInputs
{
    private static readonly ushort[] MessageTypes = [0x0001, 0x0011, 0x0101, 0x0111, 0x0003, 0x0103, 0x0113];
    private static readonly ushort[] GiantTypes = [0x0026, 0x0006, 0x8022, 0x000A, 0x8002, 0x001D];

    private readonly byte[][] _corpus;
    private readonly StunMutatorOptions _options;
    private readonly FuzzRandom _random = new();
    private readonly MessageBuffer _message = new();
    private readonly MessageBuffer _other = new();
    private readonly ExactArrays _arrays = new();
    private readonly AttributeSketch _sketch;
    private readonly MessageMutations _mutations;
    private readonly MessageFixups _fixups;

    /// <summary>Starts from seed messages, at least one, of at most 65,556 bytes each.</summary>
    public StunMutator(IReadOnlyList<byte[]> corpus, StunMutatorOptions options)
    {
        if (corpus.Count == 0)
        {
            throw new ArgumentException("At least one seed message is needed.", nameof(corpus));
        }

        _corpus = [.. corpus];
        _options = options;
        _sketch = new AttributeSketch(_random);
        _mutations = new MessageMutations(_random, _sketch);
        _fixups = new MessageFixups(_random, options);
    }

    /// <summary>The input of an index.</summary>
    public byte[] Create(ulong index)
    {
        _random.Restart(_options.Seed, index);
        int kind = _random.Below(64);
        if (kind < 2)
        {
            Noise();
            return _arrays.Copy(_message.Written);
        }

        if (kind < 4)
        {
            NoiseBehindHeader();
        }
        else if (kind < 28)
        {
            Build();
        }
        else
        {
            Mutate();
        }

        _fixups.Apply(_message);
        return _arrays.Copy(_message.Written);
    }

    private void Noise()
    {
        int length = _random.OneIn(64) ? _random.Below(1501) : _random.Below(48);
        _message.Truncate(0);
        _random.Fill(_message.Free[..length]);
        _message.Advance(length);
    }

    private void NoiseBehindHeader()
    {
        Header();
        int length = _random.OneIn(4) ? _random.Below(64) : 4 * _random.Below(16);
        _random.Fill(_message.Free[..length]);
        _message.Advance(length);
        _message.PutWord(2, length);
    }

    private void Header()
    {
        _message.Truncate(0);
        Span<byte> header = _message.Free[..MessageBuffer.HeaderLength];
        _random.Fill(header);
        int type = _random.OneIn(8) ? _random.Below(0x4000) : _random.Pick<ushort>(MessageTypes);
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)type);
        if (!_random.OneIn(24))
        {
            BinaryPrimitives.WriteUInt32BigEndian(header[4..], 0x2112_A442);
        }

        _message.Advance(MessageBuffer.HeaderLength);
    }

    private void Build()
    {
        Header();
        if (_random.OneIn(2048))
        {
            Crowd();
        }
        else if (_random.OneIn(16384))
        {
            Giant();
        }
        else
        {
            int count = _random.OneIn(32) ? _random.Below(24) : _random.Below(6);
            for (int i = 0; i < count; i++)
            {
                _message.Advance(_sketch.Write(_message.Free));
            }
        }

        Guards();
        _message.PutWord(2, _message.Length - MessageBuffer.HeaderLength);
    }

    /// <summary>About as many attributes as a message may have, nearly all of them empty.</summary>
    private void Crowd()
    {
        int count = 250 + _random.Below(10);
        Span<byte> empty = [0x80, 0x22, 0, 0];
        for (int i = 0; i < count; i++)
        {
            _message.Append(empty);
        }
    }

    /// <summary>An attribute near the top of its 16-bit length.</summary>
    private void Giant()
    {
        int length = _random.OneIn(2) ? 0xFFF8 - _random.Below(16) : _random.Below(0x8000);
        int at = _message.Length;
        int size = 4 + MessageBuffer.Padded(length);
        _random.Fill(_message.Free[..size]);
        _message.Advance(size);
        _message.PutWord(at, _random.Pick<ushort>(GiantTypes));
        _message.PutWord(at + 2, length);
    }

    /// <summary>The attributes that protect a message, sometimes out of order or followed by more.</summary>
    private void Guards()
    {
        int dice = _random.Below(32);
        Guard((dice & 3) == 0, 0x0008);
        Guard((dice & 12) == 0, 0x001C);
        Guard(dice == 31, 0x0008);
        Guard(dice == 30, -1);
        Guard(_random.OneIn(4), 0x8028);
        Guard(dice == 29, -1);
    }

    private void Guard(bool wanted, int type)
    {
        if (wanted && _message.Free.Length >= AttributeSketch.MostBytes)
        {
            _message.Advance(type < 0 ? _sketch.Write(_message.Free) : _sketch.Write(_message.Free, type));
        }
    }

    private void Mutate()
    {
        _message.Assign(_corpus[_random.Below(_corpus.Length)]);
        if (_random.OneIn(8))
        {
            Splice();
        }

        int count = _random.OneIn(16) ? _random.Below(12) : _random.Below(4);
        for (int i = 0; i < count; i++)
        {
            _mutations.Apply(_message);
        }
    }

    /// <summary>The front of one entry and the back of another, cut where attributes begin.</summary>
    private void Splice()
    {
        _other.Assign(_corpus[_random.Below(_corpus.Length)]);
        _message.Walk();
        _other.Walk();
        _message.Truncate(_message.Boundary(_random.Below(_message.AttributeCount + 1)));
        _message.Append(_other.Written[_other.Boundary(_random.Below(_other.AttributeCount + 1))..]);
    }
}
