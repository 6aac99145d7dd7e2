using System.Collections.Generic;
using System.Net;
using Stack.TestKit;

namespace Stack.Interop.Tests;

/// <summary>What two foreign clients said about one lab.</summary>
/// <param name="Lines">coturn's <c>turnutils_natdiscovery</c>.</param>
/// <param name="Classic">Exit code of Vovida's <c>stun</c>.</param>
/// <param name="PublicAddresses">The addresses under which the client should have been seen.</param>
public sealed record NatLabVerdict(NatDiscoveryLines Lines, int Classic, IReadOnlyList<IPAddress> PublicAddresses);
