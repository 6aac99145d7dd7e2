using System;
using System.Collections.Generic;

namespace Stack.Cli;

/// <summary>A key that is true or false, and where it goes.</summary>
internal sealed record FlagKey(
    string Name,
    Func<ServeConfiguration, bool> Get,
    Func<ServeConfiguration, bool, ServeConfiguration> Set)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FlagKey> All { get; } =
    [
        new("relays-only", c => c.RelaysOnly, (c, v) => c with { RelaysOnly = v }),
        new("classic", c => c.Classic, (c, v) => c with { Classic = v }),
        new("redirect-all", c => c.RedirectsAll, (c, v) => c with { RedirectsAll = v }),
        new("strict-amplification", c => c.StrictAmplification, (c, v) => c with { StrictAmplification = v }),
        new("sha256-over-udp", c => c.Sha256OverUdp, (c, v) => c with { Sha256OverUdp = v }),
        new("sha256-over-streams", c => c.Sha256OverStreams, (c, v) => c with { Sha256OverStreams = v }),
        new("username-anonymity", c => c.UsernameAnonymity, (c, v) => c with { UsernameAnonymity = v }),
        new("relay-udp", c => c.RelayUdp, (c, v) => c with { RelayUdp = v }),
        new("relay-tcp", c => c.RelayTcp, (c, v) => c with { RelayTcp = v }),
        new("rfc5766-channels", c => c.Rfc5766Channels, (c, v) => c with { Rfc5766Channels = v }),
        new("portable-sockets", c => c.PortableSockets, (c, v) => c with { PortableSockets = v }),
    ];
}
