using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Stack.Stun;

/// <summary>The 96-bit identifier that ties a response to its request (RFC 8489 section 5).</summary>
public readonly struct TransactionId : IEquatable<TransactionId>
{
    /// <summary>The size on the wire, in bytes.</summary>
    public const int Size = 12;

    private readonly ulong _high;
    private readonly uint _low;

    private TransactionId(ulong high, uint low)
    {
        _high = high;
        _low = low;
    }

    /// <summary>Reads an identifier from the wire.</summary>
    /// <param name="bytes">12 bytes; more are ignored.</param>
    /// <exception cref="ArgumentException">There are fewer than 12 bytes.</exception>
    public static TransactionId Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size)
        {
            throw new ArgumentException("A transaction id has 12 bytes.", nameof(bytes));
        }

        return new TransactionId(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));
    }

    /// <summary>Draws a new identifier. It must be cryptographically random: an attacker who can guess it can forge answers.</summary>
    /// <param name="random">The source of randomness.</param>
    public static TransactionId Create(RandomNumberGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> bytes = stackalloc byte[Size];
        random.GetBytes(bytes);
        return Read(bytes);
    }

    /// <summary>Compares all 96 bits.</summary>
    public static bool operator ==(TransactionId left, TransactionId right) => left.Equals(right);

    /// <summary>Compares all 96 bits.</summary>
    public static bool operator !=(TransactionId left, TransactionId right) => !left.Equals(right);

    /// <summary>Writes the identifier as it stands on the wire.</summary>
    /// <param name="destination">At least 12 bytes.</param>
    /// <exception cref="ArgumentException">There are fewer than 12 bytes.</exception>
    public void Write(Span<byte> destination)
    {
        if (destination.Length < Size)
        {
            throw new ArgumentException("A transaction id has 12 bytes.", nameof(destination));
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], _low);
    }

    /// <inheritdoc/>
    public bool Equals(TransactionId other) => _high == other._high && _low == other._low;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TransactionId other && Equals(other);

    /// <summary>Seeded per process, so that a peer cannot choose identifiers that collide.</summary>
    public override int GetHashCode()
    {
        // By halves: the hash of a ulong folds it before the seed of the process comes in, and whoever chooses ids could have them collide.
        unchecked
        {
            return HashCode.Combine((uint)(_high >> 32), (uint)_high, _low);
        }
    }

    /// <summary>24 lower-case hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_high:x16}{_low:x8}");
}
