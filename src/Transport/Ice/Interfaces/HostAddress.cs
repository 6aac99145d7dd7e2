using Stack.Stun;

namespace Stack.Transport;

/// <summary>An address that host candidates are gathered on.</summary>
/// <param name="InterfaceName">Its interface.</param>
/// <param name="Address">The address, with its zone; port 0.</param>
/// <param name="Preference">The local preference (RFC 8445 section 5.1.2.1).</param>
internal readonly record struct HostAddress(string InterfaceName, TransportAddress Address, int Preference);
