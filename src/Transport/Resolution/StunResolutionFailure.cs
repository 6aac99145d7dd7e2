namespace Stack.Transport;

/// <summary>Why no address of a server was found.</summary>
public enum StunResolutionFailure
{
    /// <summary>The resolver knows no such host, or no address of it.</summary>
    HostUnknown,

    /// <summary>The host has addresses, and none of the family asked for.</summary>
    NoAddressOfFamily,

    /// <summary>The domain says that it has no such service: an SRV record with the target "." (RFC 2782).</summary>
    ServiceNotAvailable,

    /// <summary>The resolver could not tell: unreachable, no answer in time, or an error of its own. Trying later may help.</summary>
    ResolverUnreachable,
}
