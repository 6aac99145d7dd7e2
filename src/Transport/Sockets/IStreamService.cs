using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>What the connections that a <see cref="StreamListener"/> accepts are for.</summary>
internal interface IStreamService
{
    /// <summary>Whether one more connection is within the limits; each that is, is released.</summary>
    bool TryAdmit(TransportAddress remote);

    /// <summary>Serves a connection to its end. Does not throw, and does not close the socket.</summary>
    Task ServeAsync(Socket socket, TransportAddress remote, CancellationToken stopping);

    /// <summary>Gives back what an admitted connection took.</summary>
    void Release(TransportAddress remote);

    /// <summary>Counts what became of a connection.</summary>
    void CountConnection(string outcome);
}
