using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.TestKit;

/// <summary>A server whose answers a test writes: hostile, broken or old ones.</summary>
public sealed class ScriptedVirtualServer(
    Func<VirtualDatagram, IEnumerable<VirtualDatagram>> script,
    params TransportAddress[] endpoints) : VirtualServer(endpoints)
{
    protected override IEnumerable<VirtualDatagram> Answer(VirtualDatagram datagram, Instant now) => script(datagram);
}
