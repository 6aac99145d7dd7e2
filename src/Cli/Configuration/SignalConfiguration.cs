using System.Collections.Generic;
using Stack.Signaling;
using Stack.Signaling.Server;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>What <c>stackcli serve</c> serves besides STUN and TURN: sessions over WebSockets. Its text never shows a secret.</summary>
internal sealed record SignalConfiguration
{
    /// <summary>Where; empty where there is no signaling.</summary>
    public IReadOnlyList<SignalingListenEndPoint> Listen { get; init; } = [];

    /// <summary>Origins of other sites whose pages may connect.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>The STUN and TURN servers that peers are told; empty for the ones of this process.</summary>
    public IReadOnlyList<StunUri> Relays { get; init; } = [];

    /// <summary>The token of the listing; null for no listing.</summary>
    public string? Token { get; init; }

    /// <summary>The store of shared sessions; null for sessions of this process alone.</summary>
    public RedisEndPoint? Redis { get; init; }

    public SignalingLimits Limits { get; init; } = SignalingLimits.Default;

    /// <summary>Nothing: a record would show all of its members.</summary>
    public override string ToString() => nameof(SignalConfiguration);
}
