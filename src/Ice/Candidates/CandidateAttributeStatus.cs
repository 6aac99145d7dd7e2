namespace Stack.Ice;

/// <summary>What came of reading a candidate line. The last three are well-formed lines that an agent ignores (RFC 8839 section 5.1).</summary>
public enum CandidateAttributeStatus : byte
{
    /// <summary>A candidate.</summary>
    Ok,

    /// <summary>The line is longer than <see cref="CandidateAttribute.MaxLength"/>, or one to write longer than <see cref="CandidateAttribute.MaxWrittenLength"/>.</summary>
    TooLong,

    /// <summary>The line ends before its type.</summary>
    Incomplete,

    /// <summary>The foundation is not 1 to 32 letters, digits, <c>+</c> and <c>/</c>.</summary>
    MalformedFoundation,

    /// <summary>The component ID is not a number from 1 to 256 in at most three digits.</summary>
    MalformedComponent,

    /// <summary>The transport protocol is not a token.</summary>
    MalformedTransport,

    /// <summary>The priority is not a number from 1 to 2^31 - 1 in at most ten digits.</summary>
    MalformedPriority,

    /// <summary>The address is neither an address nor a name.</summary>
    MalformedAddress,

    /// <summary>The port is not a number from 1 to 65535.</summary>
    MalformedPort,

    /// <summary><c>typ</c> and a token do not follow.</summary>
    MalformedType,

    /// <summary>The related address or port is malformed, or, in a candidate to write, stands where none is allowed.</summary>
    MalformedRelatedAddress,

    /// <summary>The side that a TCP candidate takes is missing, unknown or there twice; or a UDP candidate to write has one (RFC 6544 section 4.5).</summary>
    MalformedTcpType,

    /// <summary>An extension has no value, or a character that is not allowed; or a candidate to write has too many, or one with the name of a field.</summary>
    MalformedExtension,

    /// <summary>The transport protocol is neither UDP nor TCP.</summary>
    UnknownTransport,

    /// <summary>The address is a name that is not an mDNS one, or an IPv6 address with a zone, which means nothing elsewhere.</summary>
    UnsupportedAddress,

    /// <summary>The type is none of host, srflx, prflx and relay.</summary>
    UnknownType,
}
