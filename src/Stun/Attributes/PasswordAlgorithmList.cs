using System;
using System.Buffers.Binary;

namespace Stack.Stun;

/// <summary>
/// The algorithms that PASSWORD-ALGORITHMS offers, best first: a view over the message's bytes.
/// <code>
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |         Algorithm 1           | Algorithm 1 Parameters Length |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                    Algorithm 1 Parameters (variable)      ...
/// </code>
/// </summary>
public readonly ref struct PasswordAlgorithmList
{
    private PasswordAlgorithmList(ReadOnlySpan<byte> value, int count)
    {
        Value = value;
        Count = count;
    }

    /// <summary>The value as received. A client sends it back unchanged (RFC 8489 section 9.2.5).</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>How many algorithms are offered, at least one.</summary>
    public int Count { get; }

    /// <summary>
    /// The first algorithm of the list that this stack supports: MD5 or SHA-256, without parameters (RFC 8489 section 9.2.5).
    /// </summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <returns>False where there is none; the request must then not be tried again.</returns>
    public bool TryChoose(out StunPasswordAlgorithm algorithm)
    {
        ReadOnlySpan<byte> rest = Value;
        while (TryRead(ref rest, out algorithm, out ReadOnlySpan<byte> parameters))
        {
            if (algorithm is StunPasswordAlgorithm.Md5 or StunPasswordAlgorithm.Sha256 && parameters.IsEmpty)
            {
                return true;
            }
        }

        algorithm = default;
        return false;
    }

    /// <summary>Whether an algorithm is offered without parameters.</summary>
    /// <param name="algorithm">The algorithm.</param>
    public bool Contains(StunPasswordAlgorithm algorithm)
    {
        ReadOnlySpan<byte> rest = Value;
        while (TryRead(ref rest, out StunPasswordAlgorithm candidate, out ReadOnlySpan<byte> parameters))
        {
            if (candidate == algorithm && parameters.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Checks a value: whole entries, at least one; the padding of the last entry may be missing.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> value, out PasswordAlgorithmList list)
    {
        ReadOnlySpan<byte> rest = value;
        int count = 0;
        while (TryRead(ref rest, out _, out _))
        {
            count++;
        }

        bool whole = rest.IsEmpty && count > 0;
        list = whole ? new PasswordAlgorithmList(value, count) : default;
        return whole;
    }

    /// <summary>Takes one entry off the front; leaves <paramref name="rest"/> alone where there is no whole one.</summary>
    internal static bool TryRead(scoped ref ReadOnlySpan<byte> rest, out StunPasswordAlgorithm algorithm, out ReadOnlySpan<byte> parameters)
    {
        algorithm = default;
        parameters = default;
        if (rest.Length < 4)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (length > rest.Length - 4)
        {
            return false;
        }

        int padded = (length + 3) & ~3;
        bool last = rest.Length == 4 + length;
        if (!last && rest.Length < 4 + padded)
        {
            return false;
        }

        algorithm = (StunPasswordAlgorithm)BinaryPrimitives.ReadUInt16BigEndian(rest);
        parameters = rest.Slice(4, length);
        rest = last ? default : rest[(4 + padded)..];
        return true;
    }
}
