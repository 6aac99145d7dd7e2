using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>
/// STUN messages as lines of text: code and method, then every attribute in the order of the wire. What no receiver may see would be missing,
/// so the bytes are walked here without the library.
/// </summary>
internal static class MessageText
{
    /// <summary>Describes a message.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="key">The key that integrity attributes must verify with; where it is null none may be there.</param>
    public static string Of(byte[] bytes, IntegrityKey? key)
    {
        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(bytes, out StunMessage message));
        var words = new List<string> { Kind(message), message.Method.ToString() };
        foreach ((StunAttributeType type, byte[] value) in Attributes(bytes))
        {
            if (type != StunAttributeType.ErrorCode)
            {
                words.Add(Attribute(message, type, value, key));
            }
        }

        return string.Join(' ', words);
    }

    /// <summary>All attributes; padding must be zero, and nothing may be left of the buffer that the message was written into.</summary>
    public static IEnumerable<(StunAttributeType Type, byte[] Value)> Attributes(byte[] bytes)
    {
        Assert.True(bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xA5, 0xA5, 0xA5]) < 0, "Bytes of the buffer are in the message.");
        for (int at = 20; at < bytes.Length;)
        {
            var type = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 2));
            byte[] value = bytes[(at + 4)..(at + 4 + length)];
            int end = at + 4 + ((length + 3) & ~3);
            Assert.True(bytes.AsSpan(at + 4 + length, end - at - 4 - length).IndexOfAnyExcept((byte)0) < 0, "Padding is not zero.");
            at = end;
            yield return (type, value);
        }
    }

    private static string Kind(StunMessage message)
    {
        if (message.Class != StunClass.ErrorResponse)
        {
            return message.Class == StunClass.SuccessResponse ? "200" : message.Class.ToString();
        }

        Assert.Equal(StunAttributeStatus.Present, message.ReadErrorCode(out StunErrorCode code, out ReadOnlySpan<byte> reason));
        Assert.True(reason.IsEmpty);
        return ((int)code).ToString(CultureInfo.InvariantCulture);
    }

    private static string Attribute(StunMessage message, StunAttributeType type, byte[] value, IntegrityKey? key)
    {
        switch (type)
        {
            case StunAttributeType.XorRelayedAddress:
                return "relayed=" + Address(message, value);
            case StunAttributeType.XorMappedAddress:
                return "mapped=" + Address(message, value);
            case StunAttributeType.XorPeerAddress:
                return "peer=" + Address(message, value);
            case StunAttributeType.AlternateServer:
                Assert.Equal(StunAttributeStatus.Present, message.ReadAlternateServer(out TransportAddress server));
                return "alternate=" + server;
            case StunAttributeType.AlternateDomain:
                return "domain=" + Encoding.UTF8.GetString(value);
            case StunAttributeType.Lifetime:
                return "lifetime=" + BinaryPrimitives.ReadUInt32BigEndian(value).ToString(CultureInfo.InvariantCulture);
            case StunAttributeType.ReservationToken:
                return "token=" + BinaryPrimitives.ReadUInt64BigEndian(value).ToString(CultureInfo.InvariantCulture);
            case StunAttributeType.ConnectionId:
                return "connection=" + Convert.ToHexString(value);
            case StunAttributeType.Realm:
                return "realm=" + Encoding.UTF8.GetString(value);
            case StunAttributeType.Software:
                return "software=" + Encoding.UTF8.GetString(value);
            case StunAttributeType.Nonce:
                return "nonce";
            case StunAttributeType.Data:
                return "data=" + Encoding.UTF8.GetString(value);
            case StunAttributeType.MessageIntegrity:
                Assert.True(key is not null && MessageIntegrity.Verify(message, key), "MESSAGE-INTEGRITY is wrong.");
                return "MI";
            case StunAttributeType.MessageIntegritySha256:
                Assert.True(key is not null && MessageIntegritySha256.Verify(message, key), "MESSAGE-INTEGRITY-SHA256 is wrong.");
                return "MI256";
            case StunAttributeType.Fingerprint:
                Assert.True(Fingerprint.Verify(message), "FINGERPRINT is wrong.");
                return "FP";
            default:
                return $"{(ushort)type:X4}={Convert.ToHexString(value)}";
        }
    }

    private static string Address(StunMessage message, byte[] value)
    {
        Assert.Equal(StunAttributeStatus.Present, AddressValue.DecodeXored(message, value, out TransportAddress address));
        return address.ToString();
    }
}
