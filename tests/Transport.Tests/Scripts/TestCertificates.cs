using System;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Stack.Transport.Tests;

/// <summary>A root of our own and leaves for all that can be right or wrong about a certificate.</summary>
internal static class TestCertificates
{
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Never = new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static X509Certificate2 Root { get; } = CreateRoot();

    public static X509Certificate2Collection Roots => [Root];

    /// <summary>For localhost, 127.0.0.1, 127.0.0.2 and ::1.</summary>
    public static X509Certificate2 Localhost { get; } = CreateLeaf("localhost", Never);

    public static X509Certificate2 OtherName { get; } = CreateLeaf("stun.example.org", Never, addresses: false);

    public static X509Certificate2 Expired { get; } = CreateLeaf("localhost", Start.AddYears(1));

    public static X509Certificate2 SelfSigned { get; } = CreateSelfSigned();

    private static X509Certificate2 CreateRoot()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        return request.CreateSelfSigned(Start, Never);
    }

    private static X509Certificate2 CreateLeaf(string name, DateTimeOffset end, bool addresses = true)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Describe(name, key, addresses);
        using X509Certificate2 leaf = request.Create(Root, Start, end, RandomNumberGenerator.GetBytes(8));
        return leaf.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 CreateSelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Describe("localhost", key, addresses: true).CreateSelfSigned(Start, Never);
    }

    private static CertificateRequest Describe(string name, ECDsa key, bool addresses)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (addresses)
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.Parse("127.0.0.2"));
            names.AddIpAddress(IPAddress.IPv6Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        return request;
    }
}
