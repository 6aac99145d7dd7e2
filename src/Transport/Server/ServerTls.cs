using System.IO;
using System.Net.Security;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>The server's side of a TLS handshake.</summary>
internal static class ServerTls
{
    public static async Task<SslStream> AuthenticateAsync(Stream inner, SslStreamCertificateContext certificate, CancellationToken cancellationToken)
    {
        var tls = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ApplicationProtocols = [StunApplicationProtocols.NatDiscovery, StunApplicationProtocols.Turn],
                AllowRenegotiation = false,
            };
            await tls.AuthenticateAsServerAsync(options, cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
