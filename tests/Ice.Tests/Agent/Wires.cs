using System;
using Stack.Stun;

namespace Stack.Ice.Tests;

/// <summary>Reads what was sent.</summary>
internal static class Wires
{
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TransactionId Id(this SentPacket packet)
    {
        StunMessage.Decode(packet.Bytes, out StunMessage message);
        return message.TransactionId;
    }

    public static int Error(this SentPacket packet)
    {
        StunMessage.Decode(packet.Bytes, out StunMessage message);
        return message.ReadErrorCode(out StunErrorCode code, out _) == StunAttributeStatus.Present ? (int)code : 0;
    }

    public static IceRole Role(this SentPacket packet)
    {
        StunMessage.Decode(packet.Bytes, out StunMessage message);
        return message.ReadIceRole(out IceRole role, out _) == StunAttributeStatus.Present ? role : throw new FormatException();
    }

    public static ulong TieBreaker(this SentPacket packet)
    {
        StunMessage.Decode(packet.Bytes, out StunMessage message);
        message.ReadIceRole(out _, out ulong tieBreaker);
        return tieBreaker;
    }
}
