using System;
using System.Threading;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// The one <see cref="BindingServer"/> of all sockets of a server: they share it so that a source has one allowance of replies and not one per
/// socket. Taken under a lock, within which nothing is awaited.
/// </summary>
internal sealed class BindingResponder(BindingServer server, MonotonicClock clock, StunServerMetrics metrics, Action<StunTrace>? trace = null)
{
    private readonly Lock _gate = new();

    public bool TryRespond(
        ReadOnlySpan<byte> message,
        TransportAddress source,
        TransportAddress local,
        StunTransport transport,
        Span<byte> buffer,
        out BindingReply reply)
    {
        BindingDisposition disposition;
        lock (_gate)
        {
            var arrival = new BindingArrival(source, local, transport != StunTransport.Udp, clock.Now);
            disposition = server.HandleDatagram(message, arrival, buffer, out reply);
        }

        metrics.CountDatagram(disposition, GetName(transport));
        bool replies = disposition is BindingDisposition.Answered or BindingDisposition.Refused;
        if (trace is not null)
        {
            trace(new StunTrace(false, source.ToIPEndPoint(), transport, message.ToArray()));
            if (replies)
            {
                trace(new StunTrace(true, reply.Destination.ToIPEndPoint(), transport, buffer[..reply.Length].ToArray()));
            }
        }

        return replies;
    }

    private static string GetName(StunTransport transport) => transport switch
    {
        StunTransport.Udp => "udp",
        StunTransport.Tcp => "tcp",
        _ => "tls",
    };
}
