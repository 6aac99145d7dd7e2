using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;

namespace Stack.TestKit;

/// <summary>A server whose answers are changed, or dropped, on their way out; requests may be dropped on their way in.</summary>
public sealed class RelabelledVirtualServer(
    VirtualServer inner,
    Func<VirtualDatagram, VirtualDatagram, VirtualDatagram?> change,
    Func<VirtualDatagram, bool>? accepts = null) : VirtualServer([.. inner.Endpoints])
{
    protected override IEnumerable<VirtualDatagram> Answer(VirtualDatagram datagram, Instant now)
        => accepts?.Invoke(datagram) == false
            ? []
            : inner.Receive(datagram, now).Select(answer => change(datagram, answer)).OfType<VirtualDatagram>();
}
