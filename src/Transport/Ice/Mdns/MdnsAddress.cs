using Stack.Stun;

namespace Stack.Transport;

/// <summary>An address record of an answer.</summary>
/// <param name="Name">The name, without a trailing dot.</param>
/// <param name="Address">The address; port 0.</param>
internal readonly record struct MdnsAddress(string Name, TransportAddress Address);
