using System.Globalization;

namespace Stack.Stun;

/// <summary>The names that the IANA registries print, for people and logs.</summary>
public static class StunNames
{
    /// <summary>The registered name of an attribute type, such as <c>XOR-MAPPED-ADDRESS</c>; <c>0x1234</c> for one without a name.</summary>
    /// <param name="type">Any 16-bit value.</param>
    public static string GetName(this StunAttributeType type) => type switch
    {
        StunAttributeType.MappedAddress => "MAPPED-ADDRESS",
        StunAttributeType.ResponseAddress => "RESPONSE-ADDRESS",
        StunAttributeType.ChangeRequest => "CHANGE-REQUEST",
        StunAttributeType.SourceAddress => "SOURCE-ADDRESS",
        StunAttributeType.ChangedAddress => "CHANGED-ADDRESS",
        StunAttributeType.Username => "USERNAME",
        StunAttributeType.Password => "PASSWORD",
        StunAttributeType.MessageIntegrity => "MESSAGE-INTEGRITY",
        StunAttributeType.ErrorCode => "ERROR-CODE",
        StunAttributeType.UnknownAttributes => "UNKNOWN-ATTRIBUTES",
        StunAttributeType.ReflectedFrom => "REFLECTED-FROM",
        StunAttributeType.ChannelNumber => "CHANNEL-NUMBER",
        StunAttributeType.Lifetime => "LIFETIME",
        StunAttributeType.Bandwidth => "BANDWIDTH",
        StunAttributeType.XorPeerAddress => "XOR-PEER-ADDRESS",
        StunAttributeType.Data => "DATA",
        StunAttributeType.Realm => "REALM",
        StunAttributeType.Nonce => "NONCE",
        StunAttributeType.XorRelayedAddress => "XOR-RELAYED-ADDRESS",
        StunAttributeType.RequestedAddressFamily => "REQUESTED-ADDRESS-FAMILY",
        StunAttributeType.EvenPort => "EVEN-PORT",
        StunAttributeType.RequestedTransport => "REQUESTED-TRANSPORT",
        StunAttributeType.DontFragment => "DONT-FRAGMENT",
        StunAttributeType.AccessToken => "ACCESS-TOKEN",
        StunAttributeType.MessageIntegritySha256 => "MESSAGE-INTEGRITY-SHA256",
        StunAttributeType.PasswordAlgorithm => "PASSWORD-ALGORITHM",
        StunAttributeType.Userhash => "USERHASH",
        StunAttributeType.XorMappedAddress => "XOR-MAPPED-ADDRESS",
        StunAttributeType.TimerVal => "TIMER-VAL",
        StunAttributeType.ReservationToken => "RESERVATION-TOKEN",
        StunAttributeType.Priority => "PRIORITY",
        StunAttributeType.UseCandidate => "USE-CANDIDATE",
        StunAttributeType.Padding => "PADDING",
        StunAttributeType.ResponsePort => "RESPONSE-PORT",
        StunAttributeType.ConnectionId => "CONNECTION-ID",
        StunAttributeType.AdditionalAddressFamily => "ADDITIONAL-ADDRESS-FAMILY",
        StunAttributeType.AddressErrorCode => "ADDRESS-ERROR-CODE",
        StunAttributeType.PasswordAlgorithms => "PASSWORD-ALGORITHMS",
        StunAttributeType.AlternateDomain => "ALTERNATE-DOMAIN",
        StunAttributeType.Icmp => "ICMP",
        StunAttributeType.Software => "SOFTWARE",
        StunAttributeType.AlternateServer => "ALTERNATE-SERVER",
        StunAttributeType.TransactionTransmitCounter => "TRANSACTION_TRANSMIT_COUNTER",
        StunAttributeType.CacheTimeout => "CACHE-TIMEOUT",
        StunAttributeType.Fingerprint => "FINGERPRINT",
        StunAttributeType.IceControlled => "ICE-CONTROLLED",
        StunAttributeType.IceControlling => "ICE-CONTROLLING",
        StunAttributeType.ResponseOrigin => "RESPONSE-ORIGIN",
        StunAttributeType.OtherAddress => "OTHER-ADDRESS",
        StunAttributeType.EcnCheckStun => "ECN-CHECK STUN",
        StunAttributeType.ThirdPartyAuthorization => "THIRD-PARTY-AUTHORIZATION",
        StunAttributeType.MobilityTicket => "MOBILITY-TICKET",
        StunAttributeType.CiscoStunFlowdata => "CISCO-STUN-FLOWDATA",
        StunAttributeType.EnfFlowDescription => "ENF-FLOW-DESCRIPTION",
        StunAttributeType.EnfNetworkStatus => "ENF-NETWORK-STATUS",
        StunAttributeType.CiscoWebexFlowInfo => "CISCO-WEBEX-FLOW-INFO",
        StunAttributeType.CitrixTransactionId => "CITRIX-TRANSACTION-ID",
        StunAttributeType.GoogNetworkInfo => "GOOG-NETWORK-INFO",
        StunAttributeType.GoogLastIceCheckReceived => "GOOG-LAST-ICE-CHECK-RECEIVED",
        StunAttributeType.GoogMiscInfo => "GOOG-MISC-INFO",
        StunAttributeType.GoogObsolete1 => "GOOG-OBSOLETE-1",
        StunAttributeType.GoogConnectionId => "GOOG-CONNECTION-ID",
        StunAttributeType.GoogDelta => "GOOG-DELTA",
        StunAttributeType.GoogDeltaAck => "GOOG-DELTA-ACK",
        StunAttributeType.GoogDeltaSyncReq => "GOOG-DELTA-SYNC-REQ",
        StunAttributeType.GoogMessageIntegrity32 => "GOOG-MESSAGE-INTEGRITY-32",
        StunAttributeType.MetaDtlsInStun => "META-DTLS-IN-STUN",
        StunAttributeType.MetaDtlsInStunAcknowledgement => "META-DTLS-IN-STUN-ACKNOWLEDGEMENT",
        _ => string.Create(CultureInfo.InvariantCulture, $"0x{(ushort)type:X4}"),
    };

    /// <summary>The registered name of a method, such as <c>Binding</c>; <c>0x123</c> for one without a name.</summary>
    /// <param name="method">Any 12-bit value.</param>
    public static string GetName(this StunMethod method) => method switch
    {
        StunMethod.Binding => "Binding",
        StunMethod.SharedSecret => "SharedSecret",
        StunMethod.Allocate => "Allocate",
        StunMethod.Refresh => "Refresh",
        StunMethod.Send => "Send",
        StunMethod.Data => "Data",
        StunMethod.CreatePermission => "CreatePermission",
        StunMethod.ChannelBind => "ChannelBind",
        StunMethod.Connect => "Connect",
        StunMethod.ConnectionBind => "ConnectionBind",
        StunMethod.ConnectionAttempt => "ConnectionAttempt",
        StunMethod.GoogPing => "GOOG-PING",
        _ => string.Create(CultureInfo.InvariantCulture, $"0x{(ushort)method:X3}"),
    };

    /// <summary>The name of a class as the RFC writes it, such as <c>success response</c>.</summary>
    /// <param name="value">Any class.</param>
    public static string GetName(this StunClass value) => value switch
    {
        StunClass.Request => "request",
        StunClass.Indication => "indication",
        StunClass.SuccessResponse => "success response",
        _ => "error response",
    };
}
