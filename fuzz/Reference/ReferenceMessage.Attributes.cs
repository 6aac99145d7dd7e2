using System;
using System.Collections.Generic;

namespace Stack.Fuzz.Reference;

/// <content>The typed attributes. The first visible occurrence decides (RFC 8489 section 14).</content>
public sealed partial class ReferenceMessage
{
    /// <summary>The longest USERNAME, REALM, NONCE, SOFTWARE and reason phrase that is read, in bytes.</summary>
    public const int MaxTextLength = 763;

    public ReferenceValue<ReferenceAddress> MappedAddress => Address(ReferenceAttributeType.MappedAddress);

    public ReferenceValue<ReferenceAddress> XorMappedAddress => Address(ReferenceAttributeType.XorMappedAddress);

    public ReferenceValue<ReferenceAddress> ResponseAddress => Address(ReferenceAttributeType.ResponseAddress);

    public ReferenceValue<ReferenceAddress> SourceAddress => Address(ReferenceAttributeType.SourceAddress);

    public ReferenceValue<ReferenceAddress> ChangedAddress => Address(ReferenceAttributeType.ChangedAddress);

    public ReferenceValue<ReferenceAddress> ReflectedFrom => Address(ReferenceAttributeType.ReflectedFrom);

    public ReferenceValue<ReferenceAddress> AlternateServer => Address(ReferenceAttributeType.AlternateServer);

    public ReferenceValue<ReferenceAddress> ResponseOrigin => Address(ReferenceAttributeType.ResponseOrigin);

    public ReferenceValue<ReferenceAddress> OtherAddress => Address(ReferenceAttributeType.OtherAddress);

    public ReferenceValue<ReferenceAttribute> Username => Bytes(ReferenceAttributeType.Username, 0, MaxTextLength);

    public ReferenceValue<ReferenceAttribute> Realm => Bytes(ReferenceAttributeType.Realm, 0, MaxTextLength);

    public ReferenceValue<ReferenceAttribute> Nonce => Bytes(ReferenceAttributeType.Nonce, 0, MaxTextLength);

    public ReferenceValue<ReferenceAttribute> Software => Bytes(ReferenceAttributeType.Software, 0, MaxTextLength);

    public ReferenceValue<ReferenceAttribute> Userhash => Bytes(ReferenceAttributeType.Userhash, 32, 32);

    /// <summary>PADDING of any length and content.</summary>
    public ReferenceValue<ReferenceAttribute> Padding => Bytes(ReferenceAttributeType.Padding, 0, 0xFFFF);

    /// <summary>1 to 255 bytes, all of them visible ASCII.</summary>
    public ReferenceValue<ReferenceAttribute> AlternateDomain
    {
        get
        {
            ReferenceValue<ReferenceAttribute> found = Bytes(ReferenceAttributeType.AlternateDomain, 1, 255);
            if (found.Presence != ReferencePresence.Present)
            {
                return found;
            }

            for (int i = 0; i < found.Value.Length; i++)
            {
                if (found.Value.Byte(i) < 0x21 || found.Value.Byte(i) > 0x7E)
                {
                    return new(ReferencePresence.Malformed, default);
                }
            }

            return found;
        }
    }

    /// <summary>Class 3 to 6, number 0 to 99; all reserved bits are ignored (RFC 8489 section 14.8).</summary>
    public ReferenceValue<ReferenceErrorCode> ErrorCode
    {
        get
        {
            ReferenceValue<ReferenceAttribute> found = Bytes(ReferenceAttributeType.ErrorCode, 4, 4 + MaxTextLength);
            if (found.Presence != ReferencePresence.Present)
            {
                return new ReferenceValue<ReferenceErrorCode>(found.Presence, default);
            }

            ReferenceAttribute attribute = found.Value;
            int hundreds = attribute.Byte(2) & 0b111;
            int number = attribute.Byte(3);
            if (hundreds < 3 || hundreds > 6 || number > 99)
            {
                return new(ReferencePresence.Malformed, default);
            }

            return new(
                ReferencePresence.Present,
                new ReferenceErrorCode((hundreds * 100) + number, Part(attribute, 4, attribute.Length - 4)));
        }
    }

    /// <summary>An algorithm and its parameters, whose padding the attribute's length may count or not.</summary>
    public ReferenceValue<ReferencePasswordAlgorithm> PasswordAlgorithm
    {
        get
        {
            ReferenceValue<ReferenceAttribute> found = Bytes(ReferenceAttributeType.PasswordAlgorithm, 4, 0xFFFF);
            if (found.Presence != ReferencePresence.Present)
            {
                return new ReferenceValue<ReferencePasswordAlgorithm>(found.Presence, default);
            }

            ReferenceAttribute attribute = found.Value;
            int parametersLength = attribute.Pair(2);
            if (attribute.Length != 4 + parametersLength && attribute.Length != 4 + Padded(parametersLength))
            {
                return new(ReferencePresence.Malformed, default);
            }

            return new(
                ReferencePresence.Present,
                new ReferencePasswordAlgorithm(attribute.Pair(0), Part(attribute, 4, parametersLength)));
        }
    }

    /// <summary>RFC 5780 section 7.2: bits 0x4 and 0x2 count, the others are ignored.</summary>
    public ReferenceValue<ReferenceChangeRequest> ChangeRequest
    {
        get
        {
            ReferenceValue<ReferenceAttribute> found = Bytes(ReferenceAttributeType.ChangeRequest, 4, 4);
            if (found.Presence != ReferencePresence.Present)
            {
                return new ReferenceValue<ReferenceChangeRequest>(found.Presence, default);
            }

            int flags = found.Value.Byte(3);
            return new(ReferencePresence.Present, new ReferenceChangeRequest((flags & 0x4) != 0, (flags & 0x2) != 0));
        }
    }

    /// <summary>RFC 5780 section 7.5: a port, followed by two bytes that some count in the length and some do not.</summary>
    public ReferenceValue<int> ResponsePort
    {
        get
        {
            ReferenceValue<ReferenceAttribute> found = Bytes(ReferenceAttributeType.ResponsePort, 2, 4);
            if (found.Presence != ReferencePresence.Present)
            {
                return new ReferenceValue<int>(found.Presence, 0);
            }

            if (found.Value.Length == 3 || found.Value.Pair(0) == 0)
            {
                return new(ReferencePresence.Malformed, default);
            }

            return new(ReferencePresence.Present, found.Value.Pair(0));
        }
    }

    /// <summary>Seconds.</summary>
    public ReferenceValue<uint> CacheTimeout
    {
        get
        {
            ReferenceValue<ReferenceAttribute> found = Bytes(ReferenceAttributeType.CacheTimeout, 4, 4);
            return found.Presence == ReferencePresence.Present
                ? new(ReferencePresence.Present, ((uint)found.Value.Pair(0) << 16) | (uint)found.Value.Pair(2))
                : new ReferenceValue<uint>(found.Presence, 0);
        }
    }

    /// <summary>Fills a list, cleared first, with the types that UNKNOWN-ATTRIBUTES names; it stays empty unless the attribute is present.</summary>
    public ReferencePresence ReadUnknownAttributes(List<int> types)
    {
        types.Clear();
        ReferenceValue<ReferenceAttribute> found = Bytes(ReferenceAttributeType.UnknownAttributes, 0, 0xFFFF);
        if (found.Presence != ReferencePresence.Present)
        {
            return found.Presence;
        }

        if (found.Value.Length % 2 != 0)
        {
            return ReferencePresence.Malformed;
        }

        for (int i = 0; i < found.Value.Length; i += 2)
        {
            types.Add(found.Value.Pair(i));
        }

        return ReferencePresence.Present;
    }

    /// <summary>Fills a list, cleared first, with the entries of PASSWORD-ALGORITHMS; it stays empty unless the attribute is present.</summary>
    public ReferencePresence ReadPasswordAlgorithms(List<ReferencePasswordAlgorithm> algorithms)
    {
        algorithms.Clear();
        ReferenceValue<ReferenceAttribute> found = Bytes(ReferenceAttributeType.PasswordAlgorithms, 1, 0xFFFF);
        if (found.Presence != ReferencePresence.Present)
        {
            return found.Presence;
        }

        ReferenceAttribute attribute = found.Value;
        int position = 0;
        while (position < attribute.Length)
        {
            bool headFits = position + 4 <= attribute.Length;
            int parametersLength = headFits ? attribute.Pair(position + 2) : 0;
            int unpadded = position + 4 + parametersLength;
            int padded = position + 4 + Padded(parametersLength);
            if (!headFits || (attribute.Length != unpadded && attribute.Length < padded))
            {
                algorithms.Clear();
                return ReferencePresence.Malformed;
            }

            algorithms.Add(
                new ReferencePasswordAlgorithm(attribute.Pair(position), Part(attribute, position + 4, parametersLength)));

            // Behind the last entry this may point beyond the value: its padding may be missing, though only as a whole.
            position = padded;
        }

        return ReferencePresence.Present;
    }

    private static ReferenceAttribute Part(ReferenceAttribute attribute, int start, int length) =>
        new(attribute.Datagram, attribute.Type, attribute.ValueOffset + start, length);

    private ReferenceValue<ReferenceAttribute> Bytes(int type, int shortest, int longest)
    {
        foreach (ReferenceAttribute attribute in _visible)
        {
            if (attribute.Type == type)
            {
                bool fits = attribute.Length >= shortest && attribute.Length <= longest;
                return fits ? new(ReferencePresence.Present, attribute) : new(ReferencePresence.Malformed, default);
            }
        }

        return default;
    }

    /// <summary>RFC 8489 sections 14.1 and 14.2: the first byte is ignored; bytes 4 to 19 of the header are what the address is XORed with.</summary>
    private ReferenceValue<ReferenceAddress> Address(int type)
    {
        ReferenceValue<ReferenceAttribute> found = Bytes(type, 8, 20);
        if (found.Presence != ReferencePresence.Present)
        {
            return new ReferenceValue<ReferenceAddress>(found.Presence, default);
        }

        ReferenceAttribute attribute = found.Value;
        int family = attribute.Byte(1);
        bool ipv4 = family == 1 && attribute.Length == 8;
        bool ipv6 = family == 2 && attribute.Length == 20;
        if (!ipv4 && !ipv6)
        {
            return new(ReferencePresence.Malformed, default);
        }

        bool masked = type == ReferenceAttributeType.XorMappedAddress;
        int port = attribute.Pair(2) ^ (masked ? Pair(4) : 0);
        UInt128 number = 0;
        for (int i = 0; i < (ipv4 ? 4 : 16); i++)
        {
            number = (number << 8) | (uint)(attribute.Byte(4 + i) ^ (masked ? _datagram[4 + i] : 0));
        }

        return new(ReferencePresence.Present, new ReferenceAddress(family, port, number));
    }
}
