using System;
using System.Collections.Generic;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Stack.TestKit;

/// <summary>A certificate authority of this object alone and the server certificates it issues, as objects and as PEM text.</summary>
/// <remarks>The dates are fixed, so nothing here reads a clock. Certificates handed out are disposed with this.</remarks>
public sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2049, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset LongAgo = new(2021, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly IReadOnlyList<IPAddress> _addresses;
    private readonly List<X509Certificate2> _issued = [];

    /// <summary>Makes an authority.</summary>
    /// <param name="addresses">Addresses that <see cref="LeafCertificate.Valid"/> names besides 127.0.0.1 and ::1.</param>
    public TestCertificates(params IReadOnlyList<IPAddress> addresses)
    {
        _addresses = addresses;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Stack test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Authority = request.CreateSelfSigned(Start, End);
    }

    /// <summary>The root that a client must trust, with its private key.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>The root as PEM text, without its key.</summary>
    public string AuthorityPem => Authority.ExportCertificatePem();

    /// <summary>Issues a server certificate.</summary>
    /// <returns>The certificate with its private key, fit for <c>SslStream</c>; owned by this object.</returns>
    public X509Certificate2 Issue(LeafCertificate leaf)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string name = leaf == LeafCertificate.WrongName ? "elsewhere.example" : "localhost";
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Authority, true, false));
        request.CertificateExtensions.Add(AlternativeNames(leaf, name));

        DateTimeOffset end = leaf == LeafCertificate.Expired ? LongAgo : End;
        using X509Certificate2 bare = request.Create(Authority, Start, end, RandomNumberGenerator.GetBytes(16));
        X509Certificate2 issued = bare.CopyWithPrivateKey(key);
        _issued.Add(issued);
        return issued;
    }

    /// <summary>The private key of an issued certificate as unencrypted PKCS #8 PEM text.</summary>
    public static string KeyPem(X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()
            ?? throw new ArgumentException("The certificate has no private key.", nameof(certificate));
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (X509Certificate2 certificate in _issued)
        {
            certificate.Dispose();
        }

        Authority.Dispose();
    }

    private X509Extension AlternativeNames(LeafCertificate leaf, string name)
    {
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        if (leaf != LeafCertificate.WrongName)
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
            foreach (IPAddress address in _addresses)
            {
                names.AddIpAddress(address);
            }
        }

        return names.Build();
    }
}
