using System;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>Who gets what peers have sent to the clients of a load generator.</summary>
internal interface ILoadSink
{
    /// <summary>The data of a peer has come; its bytes are there during the call alone.</summary>
    void OnPayload(LoadClient client, ReadOnlySpan<byte> payload, TransportAddress peer);
}
