namespace Stack.Fuzz.Reference;

/// <summary>The attribute types that the reference reads: RFC 8489 section 18.3, RFC 5780 section 7, RFC 3489 section 11.2.</summary>
public static class ReferenceAttributeType
{
    public const int MappedAddress = 0x0001;
    public const int ResponseAddress = 0x0002;
    public const int ChangeRequest = 0x0003;
    public const int SourceAddress = 0x0004;
    public const int ChangedAddress = 0x0005;
    public const int Username = 0x0006;
    public const int MessageIntegrity = 0x0008;
    public const int ErrorCode = 0x0009;
    public const int UnknownAttributes = 0x000A;
    public const int ReflectedFrom = 0x000B;
    public const int Realm = 0x0014;
    public const int Nonce = 0x0015;
    public const int MessageIntegritySha256 = 0x001C;
    public const int PasswordAlgorithm = 0x001D;
    public const int Userhash = 0x001E;
    public const int XorMappedAddress = 0x0020;
    public const int Padding = 0x0026;
    public const int ResponsePort = 0x0027;
    public const int PasswordAlgorithms = 0x8002;
    public const int AlternateDomain = 0x8003;
    public const int Software = 0x8022;
    public const int AlternateServer = 0x8023;
    public const int CacheTimeout = 0x8027;
    public const int Fingerprint = 0x8028;
    public const int ResponseOrigin = 0x802B;
    public const int OtherAddress = 0x802C;
}
