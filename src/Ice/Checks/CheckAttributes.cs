using System;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>The comprehension-required attributes that checks and their answers may carry (RFC 8445 section 7.1).</summary>
internal static class CheckAttributes
{
    private static readonly StunAttributeType[] Known =
    [
        StunAttributeType.MappedAddress, StunAttributeType.Username, StunAttributeType.MessageIntegrity, StunAttributeType.MessageIntegritySha256,
        StunAttributeType.ErrorCode, StunAttributeType.UnknownAttributes, StunAttributeType.XorMappedAddress, StunAttributeType.Priority,
        StunAttributeType.UseCandidate,
    ];

    public static ReadOnlySpan<StunAttributeType> Understood => Known;
}
