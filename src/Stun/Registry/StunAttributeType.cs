namespace Stack.Stun;

/// <summary>
/// The attribute types of the IANA registry "STUN Attributes". Types below 0x8000 are comprehension-required, the others
/// comprehension-optional (RFC 8489 section 14). Values that are not named here are legal on the wire and decode to themselves.
/// </summary>
public enum StunAttributeType : ushort
{
    /// <summary>The reflexive transport address, in the clear (RFC 8489 section 14.1).</summary>
    MappedAddress = 0x0001,

    /// <summary>Reserved; where a classic server sends its answer (RFC 3489 section 11.2.2).</summary>
    ResponseAddress = 0x0002,

    /// <summary>Asks the server to answer from another address or port (RFC 5780 section 7.2).</summary>
    ChangeRequest = 0x0003,

    /// <summary>Reserved; where a classic server answers from (RFC 3489 section 11.2.5).</summary>
    SourceAddress = 0x0004,

    /// <summary>Reserved; the other address and port of a classic server (RFC 3489 section 11.2.3).</summary>
    ChangedAddress = 0x0005,

    /// <summary>Names the credential of the message integrity check (RFC 8489 section 14.3).</summary>
    Username = 0x0006,

    /// <summary>Reserved; the password of a classic Shared Secret response (RFC 3489 section 11.2.7).</summary>
    Password = 0x0007,

    /// <summary>HMAC-SHA1 over the message (RFC 8489 section 14.5).</summary>
    MessageIntegrity = 0x0008,

    /// <summary>The code and reason of an error response (RFC 8489 section 14.8).</summary>
    ErrorCode = 0x0009,

    /// <summary>The attributes that a 420 error is about (RFC 8489 section 14.13).</summary>
    UnknownAttributes = 0x000A,

    /// <summary>Reserved; the source of a reflected classic request (RFC 3489 section 11.2.11).</summary>
    ReflectedFrom = 0x000B,

    /// <summary>The channel of a ChannelBind (RFC 8656 section 18.1).</summary>
    ChannelNumber = 0x000C,

    /// <summary>The lifetime of an allocation in seconds (RFC 8656 section 18.2).</summary>
    Lifetime = 0x000D,

    /// <summary>Reserved; was the bandwidth of early TURN drafts.</summary>
    Bandwidth = 0x0010,

    /// <summary>The address and port of a peer (RFC 8656 section 18.3).</summary>
    XorPeerAddress = 0x0012,

    /// <summary>The application data of a Send or Data indication (RFC 8656 section 18.4).</summary>
    Data = 0x0013,

    /// <summary>The realm of a long-term credential (RFC 8489 section 14.9).</summary>
    Realm = 0x0014,

    /// <summary>The nonce of the long-term credential mechanism (RFC 8489 section 14.10).</summary>
    Nonce = 0x0015,

    /// <summary>The relayed transport address of an allocation (RFC 8656 section 18.5).</summary>
    XorRelayedAddress = 0x0016,

    /// <summary>The address family asked for in an Allocate or Refresh (RFC 8656 section 18.6).</summary>
    RequestedAddressFamily = 0x0017,

    /// <summary>Asks for an even relay port (RFC 8656 section 18.7).</summary>
    EvenPort = 0x0018,

    /// <summary>The transport of the allocation (RFC 8656 section 18.8).</summary>
    RequestedTransport = 0x0019,

    /// <summary>Asks for the DF bit on relayed datagrams (RFC 8656 section 18.9).</summary>
    DontFragment = 0x001A,

    /// <summary>A third-party access token (RFC 7635 section 6.2).</summary>
    AccessToken = 0x001B,

    /// <summary>HMAC-SHA256 over the message, possibly truncated (RFC 8489 section 14.6).</summary>
    MessageIntegritySha256 = 0x001C,

    /// <summary>The password algorithm that the client chose (RFC 8489 section 14.12).</summary>
    PasswordAlgorithm = 0x001D,

    /// <summary>The hash that stands for the username (RFC 8489 section 14.4).</summary>
    Userhash = 0x001E,

    /// <summary>The reflexive transport address, XORed with the magic cookie (RFC 8489 section 14.2).</summary>
    XorMappedAddress = 0x0020,

    /// <summary>Reserved; was the timer of early TURN drafts.</summary>
    TimerVal = 0x0021,

    /// <summary>The token of a reserved relay port (RFC 8656 section 18.10).</summary>
    ReservationToken = 0x0022,

    /// <summary>The priority of a candidate that a check may discover (RFC 8445 section 16.1).</summary>
    Priority = 0x0024,

    /// <summary>Nominates a candidate pair (RFC 8445 section 16.1).</summary>
    UseCandidate = 0x0025,

    /// <summary>Makes a message large enough to be fragmented (RFC 5780 section 7.6).</summary>
    Padding = 0x0026,

    /// <summary>The port that the answer goes to (RFC 5780 section 7.5).</summary>
    ResponsePort = 0x0027,

    /// <summary>Names a peer connection (RFC 6062 section 6.2.1).</summary>
    ConnectionId = 0x002A,

    /// <summary>Asks for a second allocation of another family (RFC 8656 section 18.11).</summary>
    AdditionalAddressFamily = 0x8000,

    /// <summary>Why one family of a dual allocation failed (RFC 8656 section 18.12).</summary>
    AddressErrorCode = 0x8001,

    /// <summary>The password algorithms that the server offers (RFC 8489 section 14.11).</summary>
    PasswordAlgorithms = 0x8002,

    /// <summary>The name that the certificate of an alternate server carries (RFC 8489 section 14.16).</summary>
    AlternateDomain = 0x8003,

    /// <summary>The type and code of an ICMP error from a peer (RFC 8656 section 18.13).</summary>
    Icmp = 0x8004,

    /// <summary>A description of the software that sends the message (RFC 8489 section 14.14).</summary>
    Software = 0x8022,

    /// <summary>Another server that the client should try (RFC 8489 section 14.15).</summary>
    AlternateServer = 0x8023,

    /// <summary>Counts the transmissions of a transaction (RFC 7982 section 3.1).</summary>
    TransactionTransmitCounter = 0x8025,

    /// <summary>How long a server would cache the transaction (drafts of RFC 5780).</summary>
    CacheTimeout = 0x8027,

    /// <summary>CRC-32 over the message (RFC 8489 section 14.7).</summary>
    Fingerprint = 0x8028,

    /// <summary>The agent believes that it is controlled (RFC 8445 section 16.1).</summary>
    IceControlled = 0x8029,

    /// <summary>The agent believes that it is controlling (RFC 8445 section 16.1).</summary>
    IceControlling = 0x802A,

    /// <summary>Where the server sent the answer from (RFC 5780 section 7.3).</summary>
    ResponseOrigin = 0x802B,

    /// <summary>The address and port that CHANGE-REQUEST would use (RFC 5780 section 7.4).</summary>
    OtherAddress = 0x802C,

    /// <summary>Probes for ECN in RTP sessions (RFC 6679 section 7.2.2).</summary>
    EcnCheckStun = 0x802D,

    /// <summary>The server supports third-party authorization (RFC 7635 section 6.1).</summary>
    ThirdPartyAuthorization = 0x802E,

    /// <summary>Resumes an allocation from a new address (RFC 8016 section 3.1).</summary>
    MobilityTicket = 0x8030,

    /// <summary>Registered as CISCO-STUN-FLOWDATA by its vendor.</summary>
    CiscoStunFlowdata = 0xC000,

    /// <summary>Registered as ENF-FLOW-DESCRIPTION by its vendor.</summary>
    EnfFlowDescription = 0xC001,

    /// <summary>Registered as ENF-NETWORK-STATUS by its vendor.</summary>
    EnfNetworkStatus = 0xC002,

    /// <summary>Registered as CISCO-WEBEX-FLOW-INFO by its vendor.</summary>
    CiscoWebexFlowInfo = 0xC003,

    /// <summary>Registered as CITRIX-TRANSACTION-ID by its vendor.</summary>
    CitrixTransactionId = 0xC056,

    /// <summary>Registered as GOOG-NETWORK-INFO by its vendor.</summary>
    GoogNetworkInfo = 0xC057,

    /// <summary>Registered as GOOG-LAST-ICE-CHECK-RECEIVED by its vendor.</summary>
    GoogLastIceCheckReceived = 0xC058,

    /// <summary>Registered as GOOG-MISC-INFO by its vendor.</summary>
    GoogMiscInfo = 0xC059,

    /// <summary>Registered as GOOG-OBSOLETE-1 by its vendor.</summary>
    GoogObsolete1 = 0xC05A,

    /// <summary>Registered as GOOG-CONNECTION-ID by its vendor.</summary>
    GoogConnectionId = 0xC05B,

    /// <summary>Registered as GOOG-DELTA by its vendor.</summary>
    GoogDelta = 0xC05C,

    /// <summary>Registered as GOOG-DELTA-ACK by its vendor.</summary>
    GoogDeltaAck = 0xC05D,

    /// <summary>Registered as GOOG-DELTA-SYNC-REQ by its vendor.</summary>
    GoogDeltaSyncReq = 0xC05E,

    /// <summary>Registered as GOOG-MESSAGE-INTEGRITY-32 by its vendor.</summary>
    GoogMessageIntegrity32 = 0xC060,

    /// <summary>Registered as META-DTLS-IN-STUN by its vendor.</summary>
    MetaDtlsInStun = 0xC070,

    /// <summary>Registered as META-DTLS-IN-STUN-ACKNOWLEDGEMENT by its vendor.</summary>
    MetaDtlsInStunAcknowledgement = 0xC071,
}
