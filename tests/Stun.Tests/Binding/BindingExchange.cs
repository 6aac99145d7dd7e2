using System;

namespace Stack.Stun.Tests;

/// <summary>One datagram to a Binding server and what comes back, in a buffer full of 0xA5.</summary>
internal sealed class BindingExchange(BindingServerOptions? options = null)
{
    public static readonly TransportAddress Client = DiscoveryScenario.Address("198.51.100.7:40000");
    public static readonly TransportAddress Client6 = DiscoveryScenario.Address("[2001:db8::7]:40000");
    public static readonly AlternateAddresses Alternate = DiscoveryScenario.Alternate;

    /// <summary>A Binding request with the id 01 02 .. 0C.</summary>
    public static readonly byte[] BareRequest = Convert.FromHexString("000100002112A4420102030405060708090A0B0C");

    private readonly BindingServer _server = new((options ?? new BindingServerOptions()) with { RateLimit = null });
    private readonly byte[] _buffer = new byte[4096];

    public delegate void Build(ref StunMessageWriter writer);

    public BindingDisposition Disposition { get; private set; }

    public BindingReply Reply { get; private set; }

    public static byte[] Request(Build build, int size = 2048)
    {
        byte[] buffer = new byte[size];
        var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, TransactionId.Read(BareRequest.AsSpan(8)));
        build(ref writer);
        return writer.Written.ToArray();
    }

    /// <summary>The reply; empty where the server is silent.</summary>
    public byte[] Send(byte[] datagram, TransportAddress? source = null, TransportAddress? local = null, bool reliable = false)
    {
        _buffer.AsSpan().Fill(0xA5);
        var arrival = new BindingArrival(source ?? Client, local ?? Alternate.Primary, reliable, Instant.Zero);
        Disposition = _server.HandleDatagram(datagram, arrival, _buffer, out BindingReply reply);
        Reply = reply;
        bool replied = Disposition is BindingDisposition.Answered or BindingDisposition.Refused;
        if (!replied && reply != default)
        {
            throw new InvalidOperationException("silent, but there is a reply");
        }

        return replied ? _buffer.AsSpan(0, reply.Length).ToArray() : [];
    }

    public string SendHex(byte[] datagram, TransportAddress? source = null, TransportAddress? local = null, bool reliable = false)
        => Convert.ToHexString(Send(datagram, source, local, reliable));
}
