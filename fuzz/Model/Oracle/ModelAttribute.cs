namespace Stack.Fuzz.Model;

/// <summary>Attribute types of RFC 8489 section 18.3, RFC 8656 section 18 and RFC 6062 section 6.2.</summary>
internal static class ModelAttribute
{
    public const int MappedAddress = 0x0001;
    public const int Username = 0x0006;
    public const int MessageIntegrity = 0x0008;
    public const int ErrorCode = 0x0009;
    public const int UnknownAttributes = 0x000A;
    public const int ChannelNumber = 0x000C;
    public const int Lifetime = 0x000D;
    public const int XorPeerAddress = 0x0012;
    public const int Data = 0x0013;
    public const int Realm = 0x0014;
    public const int Nonce = 0x0015;
    public const int XorRelayedAddress = 0x0016;
    public const int RequestedAddressFamily = 0x0017;
    public const int EvenPort = 0x0018;
    public const int RequestedTransport = 0x0019;
    public const int DontFragment = 0x001A;
    public const int MessageIntegritySha256 = 0x001C;
    public const int PasswordAlgorithm = 0x001D;
    public const int Userhash = 0x001E;
    public const int XorMappedAddress = 0x0020;
    public const int ReservationToken = 0x0022;
    public const int ConnectionId = 0x002A;
    public const int AdditionalAddressFamily = 0x8000;
    // As drafts of RFC 8656 had it: coturn 4.6 still asks by it.
    public const int DraftAdditionalAddressFamily = 0x8032;
    public const int AddressErrorCode = 0x8001;
    public const int PasswordAlgorithms = 0x8002;
    public const int AlternateDomain = 0x8003;
    public const int Icmp = 0x8004;
    public const int Software = 0x8022;
    public const int AlternateServer = 0x8023;
    public const int Fingerprint = 0x8028;
}
