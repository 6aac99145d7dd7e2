using System.Collections.Generic;

namespace Stack.Signaling;

/// <summary>STUN or TURN servers with the same credentials, in the form of <c>RTCIceServer</c>.</summary>
/// <param name="Urls">Their URIs (RFC 7064, RFC 7065), at least one.</param>
/// <param name="Username">The user's name; null for STUN.</param>
/// <param name="Credential">The password; null for STUN.</param>
public sealed record RelayServer(IReadOnlyList<string> Urls, string? Username = null, string? Credential = null)
{
    /// <summary>The URIs alone: credentials are not shown.</summary>
    public override string ToString() => string.Join(' ', Urls);
}
