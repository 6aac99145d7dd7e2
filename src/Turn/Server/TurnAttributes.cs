using Stack.Stun;

namespace Stack.Turn;

/// <summary>The comprehension-required attributes that a TURN server understands.</summary>
internal static class TurnAttributes
{
    /// <summary>Those of STUN and of its credential mechanisms.</summary>
    public static readonly StunAttributeType[] Common =
    [
        StunAttributeType.MappedAddress,
        StunAttributeType.Username,
        StunAttributeType.MessageIntegrity,
        StunAttributeType.ErrorCode,
        StunAttributeType.UnknownAttributes,
        StunAttributeType.Realm,
        StunAttributeType.Nonce,
        StunAttributeType.MessageIntegritySha256,
        StunAttributeType.PasswordAlgorithm,
        StunAttributeType.Userhash,
        StunAttributeType.XorMappedAddress,
    ];

    /// <summary>Those of TURN requests, but for DONT-FRAGMENT.</summary>
    public static readonly StunAttributeType[] Requests =
    [
        .. Common,
        StunAttributeType.ChannelNumber,
        StunAttributeType.Lifetime,
        StunAttributeType.XorPeerAddress,
        StunAttributeType.Data,
        StunAttributeType.XorRelayedAddress,
        StunAttributeType.RequestedAddressFamily,
        StunAttributeType.EvenPort,
        StunAttributeType.RequestedTransport,
        StunAttributeType.ReservationToken,
        StunAttributeType.ConnectionId,
    ];

    /// <summary>The same, where the server can set the DF bit.</summary>
    public static readonly StunAttributeType[] RequestsWithDontFragment = [.. Requests, StunAttributeType.DontFragment];
}
