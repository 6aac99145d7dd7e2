using System;
using Stack.Fuzz.Reference;
using Stack.Stun;

namespace Stack.Fuzz;

/// <summary>
/// The Binding server: it answers requests only, with a well-formed response to the same transaction, at most one, no larger than the RFCs
/// demand for the request, and never with bytes that stood in its buffer before.
/// </summary>
internal sealed class ServerTarget : IFuzzTarget
{
    private const byte Stale = 0xA5;

    // Header, ERROR-CODE and FINGERPRINT; of the RFC 5780 answer four IPv4 addresses; of a 420 half of what the request brought.
    private const int FixedReply = 20 + 8 + 8;
    private const int DiscoveryReply = 20 + (4 * 12) + 8;

    private static readonly TransportAddress Client = TransportAddress.FromIPv4(0xC0000201, 40000);
    private static readonly AlternateAddresses Alternate = new(
        TransportAddress.FromIPv4(0xCB00710A, 3478),
        TransportAddress.FromIPv4(0xCB00710B, 3479));

    private readonly BindingServer[] _servers =
    [
        new BindingServer(new BindingServerOptions { RateLimit = null }),
        new BindingServer(new BindingServerOptions { RateLimit = null, Alternate = Alternate, Classic = true }),
    ];

    private readonly ReferenceMessage _request = new();
    private readonly byte[] _buffer = new byte[70_000];
    private long _inputs;

    public long Accepted { get; private set; }

    public void Dispose()
    {
        // Nothing is held.
    }

    public string? Run(byte[] input)
    {
        bool discovery = (_inputs & 1) != 0;
        bool reliable = (_inputs++ & 6) == 6;
        _buffer.AsSpan(0, Math.Min(_buffer.Length, input.Length + 1024)).Fill(Stale);
        var arrival = new BindingArrival(Client, Alternate.Primary, reliable, Instant.Zero);
        BindingDisposition disposition = _servers[discovery ? 1 : 0].HandleDatagram(input, arrival, _buffer, out BindingReply reply);
        if (disposition is not (BindingDisposition.Answered or BindingDisposition.Refused))
        {
            return reply.Length == 0 ? null : $"a reply of {reply.Length} bytes for {disposition}";
        }

        Accepted++;
        return Check(input, reply, discovery, classic: discovery && !reliable);
    }

    private string? Check(byte[] input, BindingReply reply, bool discovery, bool classic)
    {
        if (_request.Load(input, classic) != ReferenceVerdict.Ok || _request.Class != 0 || _request.Method != 1)
        {
            return "a reply to what is not a Binding request";
        }

        ReadOnlySpan<byte> response = _buffer.AsSpan(0, reply.Length);
        if (StunMessage.Decode(response, StunDialect.AcceptClassic, out StunMessage message) != StunDecodeStatus.Ok
            || (message.Class != StunClass.SuccessResponse && message.Class != StunClass.ErrorResponse)
            || !response[4..20].SequenceEqual(input.AsSpan(4, 16)))
        {
            return "the reply is not a response to the request";
        }

        int padding = _request.Padding.Presence == ReferencePresence.Present ? 4 + ((_request.Padding.Value.Length + 3) & ~3) : 0;
        int bound = discovery ? DiscoveryReply + padding : 20 + 12 + 8;
        bound = Math.Max(bound, FixedReply + 4 + (input.Length / 2));
        if (reply.Length > bound)
        {
            return $"a reply of {reply.Length} bytes to {input.Length}, more than {bound}";
        }

        if (reply.Destination.Port != Client.Port && _request.ResponsePort.Presence != ReferencePresence.Present)
        {
            return "the reply goes to a port that nobody asked for";
        }

        return response.IndexOf([Stale, Stale, Stale, Stale, Stale, Stale]) >= 0 && input.AsSpan().IndexOf([Stale, Stale, Stale]) < 0
            ? "the reply shows what stood in the buffer"
            : null;
    }
}
