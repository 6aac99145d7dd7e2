using System.IO;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>The client's side of a TLS handshake (RFC 8489 section 6.2.3).</summary>
internal static class TlsAuthentication
{
    /// <summary>Wraps a stream, which is disposed with the result, or where the handshake fails.</summary>
    public static async Task<Stream> RunAsync(Stream inner, string host, LinkOptions options, CancellationToken cancellationToken)
    {
        var tls = new SslStream(inner, leaveInnerStreamOpen: false);
        var authentication = new SslClientAuthenticationOptions
        {
            TargetHost = options.Tls.ExpectedHost ?? host,
            ApplicationProtocols = [options.Protocol],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (options.Tls.CustomRoots is { } roots)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(roots);
            authentication.CertificateChainPolicy = policy;
        }

        if (options.Tls.AcceptAnyCertificate)
        {
#pragma warning disable CA5359 // The caller has asked for just this, in an option that says what it costs.
            authentication.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        try
        {
            await tls.AuthenticateAsClientAsync(authentication, cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
