using System;

namespace Stack.Signaling;

/// <summary>A STUN or TURN server in VILLASnode's words.</summary>
/// <param name="Url">Its URI.</param>
/// <param name="User">The user's name; empty for STUN.</param>
/// <param name="Pass">The password; empty for STUN.</param>
/// <param name="Realm">The realm; empty where it was not told.</param>
/// <param name="Expires">Until when the credentials are good; null where they do not expire.</param>
public sealed record VillasRelay(string Url, string User = "", string Pass = "", string Realm = "", DateTimeOffset? Expires = null)
{
    /// <summary>The URI alone: credentials are not shown.</summary>
    public override string ToString() => Url;
}
