using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>Turns a host name into addresses of both families, best first (RFC 6724 section 6); by default the operating system does.</summary>
/// <remarks>Implementations are safe for concurrent use. The caller bounds the time and leaves a call that takes longer to itself.</remarks>
public interface IHostResolver
{
    /// <summary>Resolves a host name.</summary>
    /// <param name="host">An ASCII host name without a trailing dot, never an address literal.</param>
    /// <param name="cancellationToken">Asks to stop; honouring it is optional.</param>
    /// <returns>IPv4 and IPv6 addresses in the order of preference; empty where the name exists without any.</returns>
    /// <exception cref="SocketException">
    /// <see cref="SocketError.HostNotFound"/> or <see cref="SocketError.NoData"/>: there is no such name or it has no address.
    /// Any other code: the resolver could not tell.
    /// </exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}
