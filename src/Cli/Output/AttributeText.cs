using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Text;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>Says what the value of an attribute means.</summary>
internal static class AttributeText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a value.</summary>
    /// <param name="type">The attribute's type.</param>
    /// <param name="value">Its value without padding.</param>
    /// <param name="cookieAndId">The 16 bytes that XOR-MAPPED-ADDRESS and its like are XORed with.</param>
    /// <returns>Null where the value breaks the rules of its type; hexadecimal digits where there are no rules to know.</returns>
    public static string? Describe(StunAttributeType type, ReadOnlySpan<byte> value, ReadOnlySpan<byte> cookieAndId)
    {
        switch (type)
        {
            case StunAttributeType.MappedAddress or StunAttributeType.ResponseAddress or StunAttributeType.SourceAddress
                or StunAttributeType.ChangedAddress or StunAttributeType.ReflectedFrom or StunAttributeType.AlternateServer
                or StunAttributeType.ResponseOrigin or StunAttributeType.OtherAddress:
                return Address(value, default);
            case StunAttributeType.XorMappedAddress or StunAttributeType.XorPeerAddress or StunAttributeType.XorRelayedAddress:
                return Address(value, cookieAndId);
            case StunAttributeType.Username or StunAttributeType.Realm or StunAttributeType.Nonce or StunAttributeType.Software
                or StunAttributeType.AlternateDomain or StunAttributeType.Password or StunAttributeType.ThirdPartyAuthorization:
                return Text(value);
            case StunAttributeType.ErrorCode:
                return ErrorCode(value, 2);
            case StunAttributeType.AddressErrorCode:
                return ErrorCode(value, 2) is { } error ? $"{Family(value[0])}: {error}" : null;
            case StunAttributeType.UnknownAttributes:
                return value.Length % 2 == 0 ? Types(value) : null;
            case StunAttributeType.PasswordAlgorithm or StunAttributeType.PasswordAlgorithms:
                return Algorithms(value);
            case StunAttributeType.UseCandidate or StunAttributeType.DontFragment:
                return value.IsEmpty ? "set" : null;
            case StunAttributeType.Padding:
                return Invariant($"{value.Length} bytes");
            default:
                return Fixed(type, value);
        }
    }

    private static string? Fixed(StunAttributeType type, ReadOnlySpan<byte> value)
    {
        int size = type switch
        {
            StunAttributeType.ChangeRequest or StunAttributeType.Lifetime or StunAttributeType.Priority or StunAttributeType.CacheTimeout
                or StunAttributeType.ChannelNumber or StunAttributeType.RequestedTransport or StunAttributeType.RequestedAddressFamily
                or StunAttributeType.AdditionalAddressFamily or StunAttributeType.ResponsePort or StunAttributeType.ConnectionId
                or StunAttributeType.Fingerprint => 4,
            StunAttributeType.EvenPort => 1,
            StunAttributeType.IceControlled or StunAttributeType.IceControlling or StunAttributeType.ReservationToken
                or StunAttributeType.Icmp => 8,
            StunAttributeType.MessageIntegrity => MessageIntegrity.ValueSize,
            StunAttributeType.Userhash => 32,
            _ => value.Length,
        };
        if (value.Length != size)
        {
            return null;
        }

        return type switch
        {
            StunAttributeType.ChangeRequest => Flags(BinaryPrimitives.ReadUInt32BigEndian(value)),
            StunAttributeType.Lifetime or StunAttributeType.CacheTimeout => Invariant($"{BinaryPrimitives.ReadUInt32BigEndian(value)} s"),
            StunAttributeType.Priority => Invariant($"{BinaryPrimitives.ReadUInt32BigEndian(value)}"),
            StunAttributeType.ChannelNumber => Invariant($"0x{BinaryPrimitives.ReadUInt16BigEndian(value):x4}"),
            StunAttributeType.RequestedTransport => value[0] switch { 17 => "UDP (17)", 6 => "TCP (6)", byte other => Invariant($"{other}") },
            StunAttributeType.RequestedAddressFamily or StunAttributeType.AdditionalAddressFamily => Family(value[0]),
            StunAttributeType.ResponsePort => Invariant($"{BinaryPrimitives.ReadUInt16BigEndian(value)}"),
            StunAttributeType.Icmp => Invariant($"type {value[2]}, code {value[3]}, data {BinaryPrimitives.ReadUInt32BigEndian(value[4..])}"),
            StunAttributeType.EvenPort => (value[0] & 0x80) != 0 ? "reserve the next port too" : "even",
            _ => Convert.ToHexStringLower(value),
        };
    }

    private static string? Address(ReadOnlySpan<byte> value, ReadOnlySpan<byte> mask)
    {
        int size = value.Length switch
        {
            8 when value[1] == (byte)StunAddressFamily.IPv4 => 4,
            20 when value[1] == (byte)StunAddressFamily.IPv6 => 16,
            _ => 0,
        };
        if (size == 0)
        {
            return null;
        }

        int port = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
        byte[] address = value[4..].ToArray();
        if (!mask.IsEmpty)
        {
            port ^= BinaryPrimitives.ReadUInt16BigEndian(mask);
            for (int i = 0; i < size; i++)
            {
                address[i] ^= mask[i];
            }
        }

        return new IPEndPoint(new IPAddress(address), port).ToString();
    }

    private static string? Text(ReadOnlySpan<byte> value)
    {
        try
        {
            return Strict.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string? ErrorCode(ReadOnlySpan<byte> value, int at)
    {
        if (value.Length < 4 || (value[at] & 7) is < 3 or > 6 || value[at + 1] > 99 || Text(value[4..]) is not { } phrase)
        {
            return null;
        }

        return Invariant($"{((value[at] & 7) * 100) + value[at + 1]} {phrase}").TrimEnd();
    }

    private static string Types(ReadOnlySpan<byte> value)
    {
        var names = new List<string>();
        for (int at = 0; at < value.Length; at += 2)
        {
            names.Add(((StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(value[at..])).GetName());
        }

        return string.Join(", ", names);
    }

    private static string? Algorithms(ReadOnlySpan<byte> value)
    {
        var names = new List<string>();
        while (value.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
            if (length > value.Length - 4)
            {
                return null;
            }

            ushort algorithm = BinaryPrimitives.ReadUInt16BigEndian(value);
            names.Add((StunPasswordAlgorithm)algorithm switch
            {
                StunPasswordAlgorithm.Md5 => "MD5",
                StunPasswordAlgorithm.Sha256 => "SHA-256",
                _ => Invariant($"0x{algorithm:x4}"),
            });
            value = value[Math.Min(value.Length, 4 + ((length + 3) & ~3))..];
        }

        return names.Count != 0 && value.IsEmpty ? string.Join(", ", names) : null;
    }

    private static string Flags(uint flags) => (flags & 6) switch
    {
        0 => "none",
        2 => "change port",
        4 => "change IP",
        _ => "change IP and port",
    };

    private static string Family(byte family) => family switch { 1 => "IPv4", 2 => "IPv6", _ => Invariant($"family {family}") };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
