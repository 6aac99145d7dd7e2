using System;
using System.Net;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>A message that was sent or received, for those who want to watch. Not every received one is well formed or believed.</summary>
/// <param name="IsSent">Whether it was sent; received otherwise.</param>
/// <param name="Remote">Where it went, or came from.</param>
/// <param name="Transport">The transport.</param>
/// <param name="Message">The bytes, a copy of the receiver's own.</param>
public sealed record StunTrace(bool IsSent, IPEndPoint Remote, StunTransport Transport, ReadOnlyMemory<byte> Message);
