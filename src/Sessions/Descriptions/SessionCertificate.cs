using System;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Stack.Sessions;

/// <summary>
/// The certificate whose fingerprint the descriptions of one session carry (RFC 8122 section 5): WebRTC's peers refuse descriptions without. It is
/// self-signed, as there, and made for the session.
/// </summary>
internal sealed class SessionCertificate : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private readonly X509Certificate2 _certificate;

    public SessionCertificate(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=WebRTC", key, HashAlgorithmName.SHA256);
        _certificate = request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + Lifetime);
        Fingerprint = "sha-256 " + string.Join(':', SHA256.HashData(_certificate.RawData).Select(static octet => octet.ToString("X2", null)));
    }

    /// <summary>The hash function and the fingerprint, as they stand behind <c>a=fingerprint:</c>.</summary>
    public string Fingerprint { get; }

    public void Dispose() => _certificate.Dispose();
}
