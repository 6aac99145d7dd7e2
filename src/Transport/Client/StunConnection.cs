using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Transactions over a link.</summary>
internal sealed class StunConnection : ILinkSink, IAsyncDisposable
{
    private readonly StunLink _link;
    private readonly TransactionDriver _driver;
    private readonly TransportAddress _server;

    /// <summary>Takes a link over, and begins to receive.</summary>
    public StunConnection(StunLink link, StunClientOptions options)
    {
        _link = link;
        _server = TransportAddress.FromIPEndPoint(link.Server);
        _driver = new TransactionDriver(
            new TransactionTable(options.Schedule), new MonotonicClock(options.TimeProvider), Send, options.GetTrace(link.Transport));
        link.Start(this);
    }

    public IPEndPoint Server => _link.Server;

    public IPEndPoint Local => _link.Local;

    public StunTransport Transport => _link.Transport;

    /// <summary>Runs a request to the end of its transaction.</summary>
    public Task<RequestTransaction> ExecuteAsync(ReadOnlyMemory<byte> request, IClientCredential? credential, CancellationToken cancellationToken)
        => _driver.ExecuteAsync(request, _server, credential, reliable: Transport != StunTransport.Udp, cancellationToken);

    public void HandleDatagram(ReadOnlySpan<byte> datagram) => _driver.HandleDatagram(datagram, _server);

    public void HandleUnreachable() => _driver.HandleUnreachable(_server);

    public void HandleConnectionLost() => _driver.HandleConnectionLost();

    public ValueTask DisposeAsync()
    {
        _driver.Dispose();
        return _link.DisposeAsync();
    }

    private bool Send(ReadOnlySpan<byte> message, TransportAddress destination) => _link.Send(message);
}
