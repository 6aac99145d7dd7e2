using System;
using Stack.Stun;

namespace Stack.Fuzz;

/// <summary>The attributes that have a typed reader.</summary>
internal static class TypedAttributes
{
    private static readonly StunAttributeType[] Types =
    [
        StunAttributeType.MappedAddress,
        StunAttributeType.ResponseAddress,
        StunAttributeType.ChangeRequest,
        StunAttributeType.SourceAddress,
        StunAttributeType.ChangedAddress,
        StunAttributeType.Username,
        StunAttributeType.ErrorCode,
        StunAttributeType.UnknownAttributes,
        StunAttributeType.ReflectedFrom,
        StunAttributeType.Realm,
        StunAttributeType.Nonce,
        StunAttributeType.PasswordAlgorithm,
        StunAttributeType.Userhash,
        StunAttributeType.XorMappedAddress,
        StunAttributeType.Padding,
        StunAttributeType.ResponsePort,
        StunAttributeType.PasswordAlgorithms,
        StunAttributeType.AlternateDomain,
        StunAttributeType.Software,
        StunAttributeType.AlternateServer,
        StunAttributeType.CacheTimeout,
        StunAttributeType.ResponseOrigin,
        StunAttributeType.OtherAddress,
    ];

    public static ReadOnlySpan<StunAttributeType> All => Types;
}
