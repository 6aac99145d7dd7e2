using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>A client's connection as a stream, plain or TLS, and the socket under it.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Socket">The socket.</param>
internal sealed record StreamEnds(Stream Stream, Socket Socket)
{
    /// <summary>Says that nothing more is sent.</summary>
    public async Task ShutdownAsync()
    {
        if (Stream is SslStream tls)
        {
            await tls.ShutdownAsync().ConfigureAwait(false);
        }

        Socket.Shutdown(SocketShutdown.Send);
    }
}
