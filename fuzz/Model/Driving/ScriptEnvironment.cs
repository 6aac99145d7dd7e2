using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Fuzz.Reference;
using Stack.Turn;

namespace Stack.Fuzz.Model;

/// <summary>Options that scripts run under. Its resources live on from script to script: hours lie between two of them.</summary>
internal sealed class ScriptEnvironment
{
    public const long StartedAt = 1_700_000_000;

    private readonly int _number;

    public ScriptEnvironment(int number)
    {
        _number = number;
        Settings = Create(number);
        var policy = Translation.ToServer(Settings.Policy);
        Settings = Settings with
        {
            // Scripts may name any address: those that the universe does not know are another oracle's business.
            Policy = Settings.Policy with
            {
                Elsewhere = (peer, anyPort) => (anyPort
                    ? policy.JudgeAddress(new PeerAddress(peer.ToServer()))
                    : policy.Judge(new PeerAddress(peer.ToServer()), isLiveRelay: false)) == PeerVerdict.Allowed,
            },
        };
        Random = new ModelRandom((ulong)number);
        Resources = CreateResources();
    }

    public ModelSettings Settings { get; }

    public TurnServerResources Resources { get; private set; }

    public ModelRandom Random { get; private set; }

    public int TroubleOneIn => _number == 1 ? 5 : 0;

    public long Now { get; set; }

    /// <summary>A new script, so much later. Its choices are its own, not those of the scripts before.</summary>
    public void Begin(long pause)
    {
        Now += pause;
        Random = new ModelRandom((ulong)_number);
    }

    public void Renew() => Resources = CreateResources();

    private static ModelSettings Create(int number)
    {
        ModelRelayAddress[] relays = number switch
        {
            0 => [ModelUniverse.Relays[0], ModelUniverse.Relays[3]],
            1 => ModelUniverse.Relays,
            2 => [ModelUniverse.Relays[2]],
            _ => [ModelUniverse.Relays[3]],
        };
        var settings = new ModelSettings
        {
            Users = ModelUsers.Everybody[..^1],
            RelayAddresses = relays,
            Policy = new ModelPolicy
            {
                Denied = new HashSet<ReferenceAddress>(ModelUniverse.DeniedPeers),
                OwnEndPoints = new HashSet<ReferenceAddress> { ModelUniverse.Server4, ModelUniverse.Server6 },
                Relays = relays.SelectMany(relay => (ReferenceAddress[])[relay.Local, relay.Advertised]).ToHashSet(),
            },
        };
        return number switch
        {
            1 => settings with
            {
                FirstPort = 50001,
                LastPort = 50006,
                AllocationsPerUser = 2,
                Permissions = 3,
                Channels = 2,
                Connections = 2,
                PeersPerRequest = 3,
                AllocationRate = 300,
                Failures = 2,
                Replies = (2, 3, 40),
                Userhash = true,
                Sha256OverUdp = true,
            },
            2 => settings with
            {
                DontFragment = false,
                Sha256OverStreams = false,
                Software = "Stack",
                StrictAmplification = true,
                Rfc5766Channels = true,
                RelaysTcp = false,
                AlternateServers = [(ModelUniverse.Server4 with { Port = 3479 }, "turn.example.org")],
                Allocations = 3,
            },
            3 => settings with { Userhash = true, UserRate = 500, TotalRate = 900, DefaultLifetime = 60 * TimeSpan.TicksPerSecond },
            _ => settings,
        };
    }

    private TurnServerResources CreateResources() => new(
        Settings.ToLimits(), Settings.ToReplies(), new byte[32], DateTimeOffset.FromUnixTimeSeconds(StartedAt), new ModelRandom((ulong)_number + 100));
}
