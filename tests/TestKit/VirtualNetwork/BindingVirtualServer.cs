using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.TestKit;

/// <summary>The product's Binding server on the virtual internet, over UDP.</summary>
public class BindingVirtualServer : VirtualServer
{
    private readonly BindingServer _server;
    private readonly byte[] _buffer = new byte[2048];

    public BindingVirtualServer(TransportAddress endpoint, BindingServerOptions? options = null)
        : base(endpoint)
        => _server = new BindingServer(options);

    public BindingVirtualServer(AlternateAddresses alternate, BindingServerOptions? options = null)
        : base(alternate.ToArray())
        => _server = new BindingServer((options ?? new BindingServerOptions()) with { Alternate = alternate });

    /// <summary>What the server did, by disposition.</summary>
    public Dictionary<BindingDisposition, int> Dispositions { get; } = [];

    protected override IEnumerable<VirtualDatagram> Answer(VirtualDatagram datagram, Instant now)
    {
        var arrival = new BindingArrival(datagram.Source, datagram.Destination, Reliable: false, now);
        BindingDisposition disposition = _server.HandleDatagram(datagram.Payload.Span, arrival, _buffer, out BindingReply reply);
        Dispositions[disposition] = Dispositions.GetValueOrDefault(disposition) + 1;
        return disposition is BindingDisposition.Answered or BindingDisposition.Refused
            ? [new VirtualDatagram(reply.Origin, reply.Destination, _buffer.AsSpan(0, reply.Length).ToArray())]
            : [];
    }
}
