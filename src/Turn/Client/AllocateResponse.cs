using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>Reads success responses to Allocate and Refresh, with distrust (RFC 8656 section 7.3).</summary>
internal static class AllocateResponse
{
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(1);

    /// <summary>Reads what was granted.</summary>
    /// <returns>Null on success, otherwise why the response cannot be used.</returns>
    public static RequestFailureReason? TryRead(scoped in StunMessage response, ClientAllocationOptions options, out AllocationGrant? grant)
    {
        grant = null;
        bool hasFirst = TryReadRelayed(response, options.Dual, out TransportAddress first, out TransportAddress second);
        StunAttributeStatus mappedStatus = response.ReadXorMappedAddress(out TransportAddress mapped);
        if (!hasFirst || !TryReadLifetime(response, out TimeSpan lifetime))
        {
            return RequestFailureReason.IncompleteSuccess;
        }

        if ((options.Family != StunAddressFamily.None && first.Family != options.Family) || mappedStatus == StunAttributeStatus.Malformed)
        {
            return RequestFailureReason.WrongFamily;
        }

        bool hasToken = response.ReadReservationToken(out ReservationToken token) == StunAttributeStatus.Present;
        bool hasError = response.ReadAddressErrorCode(out StunAddressFamily refused, out StunErrorCode code, out _) == StunAttributeStatus.Present;
        grant = new AllocationGrant
        {
            Relayed = first,
            AdditionalRelayed = second.IsNone ? null : second,
            Mapped = mappedStatus == StunAttributeStatus.Present ? mapped : null,
            Lifetime = lifetime,
            ReservationToken = hasToken ? token : null,
            RefusedFamily = hasError ? refused : StunAddressFamily.None,
            RefusedFamilyCode = hasError ? code : null,
        };
        return null;
    }

    /// <summary>Reads LIFETIME: zero and what is malformed are refused, an hour is the most that is believed, the default where it is left out.</summary>
    public static bool TryReadLifetime(scoped in StunMessage response, out TimeSpan lifetime)
    {
        lifetime = DefaultLifetime;
        switch (response.ReadLifetime(out uint seconds))
        {
            case StunAttributeStatus.Absent:
                return true;
            case StunAttributeStatus.Present when seconds != 0:
                lifetime = seconds < MaxLifetime.TotalSeconds ? TimeSpan.FromSeconds(seconds) : MaxLifetime;
                return true;
            default:
                return false;
        }
    }

    // The first of each family counts; a second family is believed only where both were asked for.
    private static bool TryReadRelayed(scoped in StunMessage response, bool dual, out TransportAddress first, out TransportAddress second)
    {
        second = default;
        if (response.ReadXorRelayedAddress(out first) != StunAttributeStatus.Present || !IsUsable(first))
        {
            return false;
        }

        if (!dual)
        {
            return true;
        }

        foreach (StunAttribute attribute in response)
        {
            if (attribute.Type == StunAttributeType.XorRelayedAddress
                && AddressValue.DecodeXored(response, attribute.Value, out TransportAddress other) == StunAttributeStatus.Present
                && other.Family != first.Family
                && IsUsable(other))
            {
                second = other;
                break;
            }
        }

        if (first.Family == StunAddressFamily.IPv6 && !second.IsNone)
        {
            (first, second) = (second, first);
        }

        return true;
    }

    private static bool IsUsable(TransportAddress relayed) => relayed.Port != 0 && !relayed.IsUnspecified;
}
