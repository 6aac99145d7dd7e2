using System;
using System.Net;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>A success response and how it came about.</summary>
/// <param name="Message">The whole message; it decodes with <see cref="StunMessage.Decode(ReadOnlySpan{byte}, out StunMessage)"/>. The caller's.</param>
/// <param name="Server">The server that answered.</param>
/// <param name="RoundTripTime">The round-trip time; null where the request was sent more than once.</param>
/// <param name="Elapsed">The time from the first request to the answer.</param>
/// <param name="Attempts">How often the request was sent.</param>
public sealed record StunResponse(
    ReadOnlyMemory<byte> Message,
    IPEndPoint Server,
    TimeSpan? RoundTripTime,
    TimeSpan Elapsed,
    int Attempts);
