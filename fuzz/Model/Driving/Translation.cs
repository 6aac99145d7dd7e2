using System;
using System.Linq;
using Stack.Fuzz.Reference;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Fuzz.Model;

/// <summary>Between the words of the model and those of the server.</summary>
internal static class Translation
{
    public static TransportAddress ToServer(this ReferenceAddress address) => address.Family == 1
        ? TransportAddress.FromIPv4((uint)address.Number, (ushort)address.Port)
        : TransportAddress.FromIPv6(address.Number, (ushort)address.Port);

    public static ReferenceAddress ToModel(this TransportAddress address)
        => new(address.Family == StunAddressFamily.IPv4 ? 1 : 2, address.Port, address.Bits);

    public static FiveTuple ToServer(this ModelTuple tuple)
        => new(new ClientAddress(tuple.Client.ToServer()), tuple.Server.ToServer(), ToServer(tuple.Transport));

    public static ModelTuple ToModel(this FiveTuple path)
        => new(path.Client.Value.ToModel(), path.Server.ToModel(), ToModel(path.Transport));

    public static ModelCommand ToModel(this TurnServerCommand command) => new(
        (int)command.Kind,
        command.Connection.Value,
        command.Relay.Value,
        command.Peer.Value.ToModel(),
        command.Kind == TurnServerCommandKind.Join ? command.Path.ToModel() : null);

    public static ModelEvent ToModel(this TurnServerEvent happened) => happened switch
    {
        AllocationCreated created => new ModelEvent(
            created.Path.ToModel(), created.Username, created.Relayed.ToModel(), (int)created.Protocol, null, 0, default, []),
        AllocationEnded ended => new ModelEvent(
            ended.Path.ToModel(),
            ended.Username,
            ended.Relayed.ToModel(),
            0,
            (int)ended.Reason,
            ended.Age.Ticks,
            ToModel(ended.Traffic),
            ended.Peers.Select(ToModel).ToList()),
        _ => throw new ModelViolationException($"an event that is not of the closed set: {happened}"),
    };

    public static TurnServerLimits ToLimits(this ModelSettings settings) => new()
    {
        AllocationsPerUser = settings.AllocationsPerUser,
        AllocationsPerSource = settings.AllocationsPerSource,
        Allocations = settings.Allocations,
        PermissionsPerAllocation = settings.Permissions,
        ChannelsPerAllocation = settings.Channels,
        PeersPerRequest = settings.PeersPerRequest,
        ConnectionsPerAllocation = settings.Connections,
        DefaultLifetime = new TimeSpan(settings.DefaultLifetime),
        MaxLifetime = new TimeSpan(settings.MaxLifetime),
        NonceLifetime = new TimeSpan(settings.NonceLifetime),
        FirstPort = settings.FirstPort,
        LastPort = settings.LastPort,
        PortQuarantine = new TimeSpan(settings.Quarantine),
        ReservationLifetime = new TimeSpan(settings.ReservationLifetime),
        BytesPerSecondPerAllocation = settings.AllocationRate,
        BytesPerSecondPerUser = settings.UserRate,
        BytesPerSecond = settings.TotalRate,
        AuthenticationFailures = settings.Failures,
        ConnectTimeout = new TimeSpan(settings.ConnectTimeout),
        ConnectionBindTimeout = new TimeSpan(settings.BindTimeout),
    };

    public static ReplyRateLimit? ToReplies(this ModelSettings settings)
        => settings.Replies is { } limit ? new ReplyRateLimit(limit.PerSecond, limit.Burst, limit.Global) : null;

    public static TurnServerOptions ToOptions(this ModelSettings settings) => new()
    {
        Realm = settings.Realm,
        RelayAddresses = settings.RelayAddresses.Select(a => new RelayAddress(a.Local.ToServer(), a.Advertised.ToServer())).ToList(),
        Peers = ToServer(settings.Policy),
        Limits = settings.ToLimits(),
        RelaysUdp = settings.RelaysUdp,
        RelaysTcp = settings.RelaysTcp,
        OffersSha256OverUdp = settings.Sha256OverUdp,
        OffersSha256OverStreams = settings.Sha256OverStreams,
        OffersUsernameAnonymity = settings.Userhash,
        SupportsDontFragment = settings.DontFragment,
        StrictAmplification = settings.StrictAmplification,
        RedirectsAll = settings.RedirectsAll,
        AcceptsRfc5766Channels = settings.Rfc5766Channels,
        Software = settings.Software,
        AlternateServers = settings.AlternateServers.Select(s => new AlternateServer(s.Address.ToServer(), s.Domain)).ToList(),
        Binding = new BindingServerOptions(),
    };

    public static PeerAddressPolicy ToServer(ModelPolicy policy) => new(new PeerAddressRules
    {
        Deny = policy.Denied.Where(static address => ModelUniverse.IsPublic(address)).Select(static address => new AddressPrefix(address.ToServer(), address.Family == 1 ? 32 : 128)).ToList(),
        OwnEndPoints = policy.OwnEndPoints.Select(ToServer).ToList(),
        RelayAddresses = policy.Relays.Select(ToServer).ToList(),
        RelaysOnly = policy.RelaysOnly,
    });

    private static ModelTraffic ToModel(RelayTraffic traffic)
        => new(traffic.PacketsToPeers, traffic.BytesToPeers, traffic.PacketsToClient, traffic.BytesToClient, traffic.Dropped);

    private static StunTransport ToServer(ModelTransport transport) => transport switch
    {
        ModelTransport.Udp => StunTransport.Udp,
        ModelTransport.Tcp => StunTransport.Tcp,
        _ => StunTransport.Tls,
    };

    private static ModelTransport ToModel(StunTransport transport) => transport switch
    {
        StunTransport.Udp => ModelTransport.Udp,
        StunTransport.Tcp => ModelTransport.Tcp,
        _ => ModelTransport.Tls,
    };
}
