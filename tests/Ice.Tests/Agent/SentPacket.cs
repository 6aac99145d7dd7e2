using System;
using Stack.Stun;

namespace Stack.Ice.Tests;

internal sealed record SentPacket(Instant When, TransportAddress From, TransportAddress To, byte[] Bytes)
{
    public StunClass Class => StunMessage.Decode(Bytes, out StunMessage message) == StunDecodeStatus.Ok ? message.Class : throw new FormatException();

    public bool Nominates => StunMessage.Decode(Bytes, out StunMessage message) == StunDecodeStatus.Ok && message.ReadUseCandidate() == StunAttributeStatus.Present;
}
