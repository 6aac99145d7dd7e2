using System;
using Stack.Stun;

namespace Stack.Turn.Tests;

/// <summary>One attribute in a message of its own, whose buffer ends with it.</summary>
internal static class AttributeWire
{
    // The transaction id of RFC 5769 section 2.1, so that masked addresses are the same everywhere.
    private static readonly TransactionId Id = TransactionId.Read(Convert.FromHexString("B7E7A701BC34D686FA87DFAE"));

    /// <summary>The bytes that a writer adds, in hexadecimal.</summary>
    public static string Write(Attributes attributes)
    {
        byte[] buffer = new byte[2000];
        Array.Fill(buffer, (byte)0xA5);
        var writer = new StunMessageWriter(buffer, new StunMessageType(StunMethod.Allocate, StunClass.Request), Id);
        attributes(ref writer);
        return Convert.ToHexString(writer.Written[StunMessage.HeaderSize..]);
    }

    /// <summary>A message with one attribute; its padding is not zero, which no reader may mind.</summary>
    public static byte[] Message(StunAttributeType type, byte[] value)
    {
        byte[] message = TurnTestClient.Append(Empty(), type, value);
        message.AsSpan(24 + value.Length).Fill(0xFF);
        return message;
    }

    /// <summary>A message without attributes.</summary>
    public static byte[] Empty()
    {
        byte[] buffer = new byte[StunMessage.HeaderSize];
        _ = new StunMessageWriter(buffer, new StunMessageType(StunMethod.Allocate, StunClass.Request), Id);
        return buffer;
    }

    public static StunMessage Decode(byte[] message)
        => StunMessage.Decode(message, out StunMessage decoded) == StunDecodeStatus.Ok ? decoded : throw new FormatException();
}
