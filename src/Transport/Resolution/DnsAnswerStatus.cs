namespace Stack.Transport;

/// <summary>How a DNS lookup ended. The first three are answers of the DNS; the last two say that there was none to rely on.</summary>
public enum DnsAnswerStatus
{
    /// <summary>At least one usable record of the type asked for.</summary>
    Found,

    /// <summary>The name exists, without a usable record of the type asked for.</summary>
    NoRecords,

    /// <summary>The name does not exist (NXDOMAIN).</summary>
    NameUnknown,

    /// <summary>Name servers were heard, and all they said was an error, a referral or malformed.</summary>
    ServerFailure,

    /// <summary>No name server is known, none is reachable, or none answered in time.</summary>
    NoAnswer,
}
