using System;

namespace Stack.Transport;

/// <summary>Takes what comes in over a <see cref="StunLink"/>; called by one receive loop at a time.</summary>
internal interface ILinkSink
{
    /// <summary>A datagram, or a message cut out of a stream; valid until the call returns.</summary>
    void HandleDatagram(ReadOnlySpan<byte> datagram);

    /// <summary>The network says that nobody listens.</summary>
    void HandleUnreachable();

    /// <summary>The connection has ended; nothing comes any more.</summary>
    void HandleConnectionLost();
}
