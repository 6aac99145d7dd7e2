using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>The attributes of an Allocate request that passed the checks of RFC 8656 section 7.2.</summary>
internal readonly record struct AllocateParameters(
    RelayProtocol Protocol,
    StunAddressFamily Family,
    bool IsDual,
    PortPick Pick,
    ReservationToken? Token,
    uint? Lifetime)
{
    // The number that the attribute had before RFC 8656 was published. coturn 4.6 still asks by it, and nobody else uses it.
    private const StunAttributeType DraftAdditionalAddressFamily = (StunAttributeType)0x8032;

    /// <summary>Reads and checks the attributes, in the order of RFC 8656 section 7.2 and RFC 6062 section 5.1.</summary>
    /// <returns>Null where all is well, else the code of the refusal.</returns>
    public static StunErrorCode? Read(in AuthenticatedRequest request, TurnServerOptions options, out AllocateParameters allocate)
    {
        allocate = default;
        StunMessage message = request.Message;
        if (message.ReadRequestedTransport(out RelayProtocol protocol) != StunAttributeStatus.Present)
        {
            return StunErrorCode.BadRequest;
        }

        if (CheckProtocol(protocol, request.IsStream, options) is { } refused)
        {
            return refused;
        }

        StunAttributeStatus dontFragment = message.ReadDontFragment();
        StunAttributeStatus token = message.ReadReservationToken(out ReservationToken tokenValue);
        StunAttributeStatus even = message.ReadEvenPort(out bool reserveNext);
        StunAttributeStatus requested = message.ReadRequestedAddressFamily(out StunAddressFamily family);
        StunAttributeStatus additional = ReadAdditional(message, out StunAddressFamily additionalFamily);
        StunAttributeStatus lifetime = message.ReadLifetime(out uint seconds);
        if (IsMalformed(dontFragment, token, even, requested, additional, lifetime))
        {
            return StunErrorCode.BadRequest;
        }

        bool hasToken = token == StunAttributeStatus.Present;
        bool hasEven = even == StunAttributeStatus.Present;
        bool hasFamily = requested == StunAttributeStatus.Present;
        bool isDual = additional == StunAttributeStatus.Present;

        // RFC 6062 section 5.1: these are for relays over UDP.
        bool forUdp = hasToken || hasEven || dontFragment == StunAttributeStatus.Present;
        if ((protocol == RelayProtocol.Tcp && forUdp)
            || (hasToken && (hasEven || hasFamily || isDual))
            || (hasFamily && isDual)
            || (isDual && reserveNext)
            || (isDual && additionalFamily != StunAddressFamily.IPv6))
        {
            return StunErrorCode.BadRequest;
        }

        // Where nothing is asked for, it is IPv4 (RFC 8656 section 7.2, check 7).
        family = hasFamily ? family : StunAddressFamily.IPv4;
        PortPick pick = hasEven ? (reserveNext ? PortPick.EvenPair : PortPick.Even) : PortPick.Any;
        allocate = new AllocateParameters(
            protocol,
            family,
            isDual,
            pick,
            hasToken ? tokenValue : null,
            lifetime == StunAttributeStatus.Present ? seconds : null);
        return null;
    }

    private static StunAttributeStatus ReadAdditional(in StunMessage message, out StunAddressFamily family)
    {
        StunAttributeStatus status = message.ReadAdditionalAddressFamily(out family);
        if (status == StunAttributeStatus.Absent)
        {
            status = WordValue.Read(message, DraftAdditionalAddressFamily, out uint word);
            family = (StunAddressFamily)(word >> 24);
        }

        return status;
    }

    private static StunErrorCode? CheckProtocol(RelayProtocol protocol, bool isStream, TurnServerOptions options) => protocol switch
    {
        RelayProtocol.Udp when options.RelaysUdp => null,
        RelayProtocol.Udp => StunErrorCode.Forbidden,
        RelayProtocol.Tcp when !options.RelaysTcp => StunErrorCode.UnsupportedTransportProtocol,
        RelayProtocol.Tcp when !isStream => StunErrorCode.BadRequest,
        RelayProtocol.Tcp => null,
        _ => StunErrorCode.UnsupportedTransportProtocol,
    };

    private static bool IsMalformed(params ReadOnlySpan<StunAttributeStatus> statuses) => statuses.Contains(StunAttributeStatus.Malformed);
}
