using System.Security.Cryptography.X509Certificates;

namespace Stack.Transport;

/// <summary>How a client checks the server's certificate (RFC 8489 section 6.2.3). By default as the system does, with the server's name.</summary>
public sealed record StunTlsOptions
{
    /// <summary>Roots to trust in place of the system's; null, the default, for the system's. Stays the caller's.</summary>
    public X509Certificate2Collection? CustomRoots { get; init; }

    /// <summary>The name that the certificate must carry; null, the default, for the host that was asked for.</summary>
    public string? ExpectedHost { get; init; }

    /// <summary>Whether any certificate is taken; for tests. Whoever is on the path can then pose as the server.</summary>
    public bool AcceptAnyCertificate { get; init; }
}
