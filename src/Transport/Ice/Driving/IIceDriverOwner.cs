using System;
using Stack.Ice;

namespace Stack.Transport;

/// <summary>Takes what an <see cref="IceDriver"/> has to say. Called under the driver's lock: it must not wait, and not call the user's code.</summary>
internal interface IIceDriverOwner
{
    void HandleData(IceArrival arrival, ReadOnlySpan<byte> datagram);

    void HandleEvent(in IceEvent happened);

    void HandleReflexive(IceBase from, in ReflexiveOutcome outcome);

    void HandleDisposition(IceDisposition disposition);
}
