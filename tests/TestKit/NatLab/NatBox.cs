using System.Collections.Generic;
using System.Net;

namespace Stack.TestKit;

/// <summary>One edge of the lab: the box and the client behind it.</summary>
/// <param name="Kind">What the box does to datagrams.</param>
/// <param name="Host">The box itself; its namespace holds the rules.</param>
/// <param name="Client">The client in its LAN.</param>
/// <param name="PublicAddresses">The IPv4 addresses under which the public network can see the client.</param>
public sealed record NatBox(NatKind Kind, LabHost Host, LabHost Client, IReadOnlyList<IPAddress> PublicAddresses);
