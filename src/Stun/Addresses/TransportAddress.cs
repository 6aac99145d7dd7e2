using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Stack.Stun;

/// <summary>
/// An IP address and a port (RFC 8489 section 4): a value that compares and hashes without allocating. The default value has the family
/// <see cref="StunAddressFamily.None"/> and stands for "no address".
/// </summary>
/// <remarks>
/// An IPv4 address inside an IPv6 one (<c>::ffff:192.0.2.1</c>) stays what it is and does not equal the IPv4 address;
/// <see cref="Unmapped"/> turns it into one. A scope id takes part in comparisons and never goes onto the wire.
/// </remarks>
public readonly partial struct TransportAddress : IEquatable<TransportAddress>
{
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly uint _scopeId;
    private readonly ushort _port;
    private readonly StunAddressFamily _family;

    private TransportAddress(StunAddressFamily family, ulong high, ulong low, ushort port, uint scopeId)
    {
        _family = family;
        _high = high;
        _low = low;
        _port = port;
        _scopeId = scopeId;
    }

    /// <summary>The family; <see cref="StunAddressFamily.None"/> for the default value.</summary>
    public StunAddressFamily Family => _family;

    /// <summary>The port, 0 to 65535.</summary>
    public int Port => _port;

    /// <summary>The zone of a link-local IPv6 address; 0 where there is none.</summary>
    public uint ScopeId => _scopeId;

    /// <summary>The address as a number: 32 bits for IPv4, 128 for IPv6.</summary>
    public UInt128 Bits => new(_high, _low);

    internal uint IPv4Bits => unchecked((uint)_low);

    /// <summary>Whether this is the default value.</summary>
    public bool IsNone => _family == StunAddressFamily.None;

    /// <summary>Whether the address is 127.0.0.0/8, ::1, or one of those in IPv4-mapped form.</summary>
    public bool IsLoopback => Unmapped is { } a && (a._family == StunAddressFamily.IPv4 ? a._low >> 24 == 127 : a._high == 0 && a._low == 1);

    /// <summary>Whether the address is 0.0.0.0 or ::.</summary>
    public bool IsUnspecified => _high == 0 && Unmapped._low == 0 && _family != StunAddressFamily.None;

    /// <summary>Whether the address can be one host's: not unspecified, multicast, broadcast or reserved.</summary>
    internal bool IsUnicast
    {
        get
        {
            TransportAddress a = Unmapped;
            return a._family switch
            {
                StunAddressFamily.IPv4 => a._low >> 24 is not 0 and < 224,
                StunAddressFamily.IPv6 => a._high >> 56 != 0xFF && !IsUnspecified,
                _ => false,
            };
        }
    }

    /// <summary>Whether the address is of a private network: RFC 1918, RFC 6598, link-local or unique local.</summary>
    internal bool IsPrivate
    {
        get
        {
            TransportAddress a = Unmapped;
            return a._family switch
            {
                StunAddressFamily.IPv4 => a._low >> 24 == 10
                    || a._low >> 20 == 0xAC1
                    || a._low >> 16 is 0xC0A8 or 0xA9FE
                    || a._low >> 22 == 0x191,
                StunAddressFamily.IPv6 => a._high >> 57 == 0x7E || a._high >> 54 == 0x3FA,
                _ => false,
            };
        }
    }

    /// <summary>The same endpoint with an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2) as an IPv4 address.</summary>
    public TransportAddress Unmapped => _family == StunAddressFamily.IPv6 && _high == 0 && _low >> 32 == 0xFFFF
        ? new TransportAddress(StunAddressFamily.IPv4, 0, (uint)(_low & 0xFFFFFFFF), _port, 0)
        : this;

    /// <summary>An IPv4 endpoint.</summary>
    /// <param name="address">The address, its first octet in the most significant byte.</param>
    /// <param name="port">0 to 65535.</param>
    public static TransportAddress FromIPv4(uint address, ushort port) => new(StunAddressFamily.IPv4, 0, address, port, 0);

    /// <summary>An IPv6 endpoint.</summary>
    /// <param name="address">The address, its first octet in the most significant byte.</param>
    /// <param name="port">0 to 65535.</param>
    /// <param name="scopeId">The zone of a link-local address, or 0.</param>
    public static TransportAddress FromIPv6(UInt128 address, ushort port, uint scopeId = 0)
        => new(StunAddressFamily.IPv6, (ulong)(address >> 64), (ulong)(address & ulong.MaxValue), port, scopeId);

    /// <summary>Converts an endpoint of the framework.</summary>
    /// <param name="endPoint">An IPv4 or IPv6 endpoint.</param>
    public static TransportAddress FromIPEndPoint(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return FromIPAddress(endPoint.Address, (ushort)endPoint.Port);
    }

    /// <summary>Converts an address of the framework.</summary>
    /// <param name="address">An IPv4 or IPv6 address.</param>
    /// <param name="port">0 to 65535.</param>
    public static TransportAddress FromIPAddress(IPAddress address, ushort port)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int written);
        return written == 4
            ? FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), port)
            : FromIPv6(BinaryPrimitives.ReadUInt128BigEndian(bytes), port, (uint)address.ScopeId);
    }

    /// <summary>Compares family, address, port and scope id.</summary>
    public static bool operator ==(TransportAddress left, TransportAddress right) => left.Equals(right);

    /// <summary>Compares family, address, port and scope id.</summary>
    public static bool operator !=(TransportAddress left, TransportAddress right) => !left.Equals(right);

    /// <summary>The same address with another port.</summary>
    /// <param name="port">0 to 65535.</param>
    public TransportAddress WithPort(int port)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        return new TransportAddress(_family, _high, _low, (ushort)port, _scopeId);
    }

    /// <summary>Whether two endpoints have the same address, whatever their ports.</summary>
    /// <param name="other">The other endpoint.</param>
    public bool HasSameAddress(TransportAddress other)
        => _low == other._low && _high == other._high && _family == other._family && _scopeId == other._scopeId;

    /// <summary>The address as the framework's type. Allocates.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        switch (_family)
        {
            case StunAddressFamily.IPv4:
                BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)_low);
                return new IPAddress(bytes[..4]);
            case StunAddressFamily.IPv6:
                BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
                return new IPAddress(bytes, _scopeId);
            default:
                throw new InvalidOperationException("The default TransportAddress has no address.");
        }
    }

    /// <summary>The endpoint as the framework's type. Allocates.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public IPEndPoint ToIPEndPoint() => new(ToIPAddress(), _port);

    /// <inheritdoc/>
    public bool Equals(TransportAddress other)
        => _low == other._low && _high == other._high && _port == other._port && _family == other._family && _scopeId == other._scopeId;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is TransportAddress other && Equals(other);

    /// <summary>Seeded per process, so that a peer cannot choose addresses that collide.</summary>
    public override int GetHashCode()
    {
        // By halves: the hash of a ulong folds it before the seed of the process comes in, and whoever chooses addresses could have them collide.
        unchecked
        {
            return HashCode.Combine((uint)(_high >> 32), (uint)_high, (uint)(_low >> 32), (uint)_low, _port, _scopeId);
        }
    }

    /// <summary><c>192.0.2.1:3478</c> or <c>[2001:db8::1]:3478</c>; empty for the default value.</summary>
    public override string ToString() => _family switch
    {
        StunAddressFamily.IPv4 => string.Create(
            CultureInfo.InvariantCulture,
            $"{_low >> 24}.{(_low >> 16) & 0xFF}.{(_low >> 8) & 0xFF}.{_low & 0xFF}:{_port}"),
        StunAddressFamily.IPv6 => string.Create(CultureInfo.InvariantCulture, $"[{ToIPAddress()}]:{_port}"),
        _ => "",
    };
}
