using System;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>Takes what an <see cref="AllocationSession"/> has for the application. Called under the session's lock: it must not call back.</summary>
internal interface IAllocationOwner
{
    void HandleData(TransportAddress peer, ReadOnlySpan<byte> payload);

    /// <summary>An event that answers no command.</summary>
    void HandleEvent(AllocationSession session, ClientAllocationEvent happened);
}
