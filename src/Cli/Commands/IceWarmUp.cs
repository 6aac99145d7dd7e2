using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;
using Stack.Transport;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>
/// Connects two agents of this process over loopback, through a relay of its own where the connection that counts may take one, while a person carries
/// the descriptions across. What a first connection makes the runtime compile and load, some hundred milliseconds, is done when it counts. Nothing leaves
/// the machine; where loopback cannot be used, nothing is lost.
/// </summary>
internal static class IceWarmUp
{
    // Enough calls of what runs for each check that the runtime compiles it for good, and does so before it counts.
    private const int Rounds = 16;
    private const int RelayedRounds = 4;
    private const string User = "warm-up";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Warms up.</summary>
    /// <param name="relays">Whether there will be a relay.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task RunAsync(bool relays, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(Limit);
        try
        {
            Rehearse();
            if (relays)
            {
                await ConnectThroughRelayAsync(either.Token).ConfigureAwait(false);
            }

            for (int round = 0; round < Rounds; round++)
            {
                await ConnectAsync(server: null, IcePolicy.All, either.Token).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IceException or ObjectDisposedException or SocketException)
        {
            // The connection that counts says what is wrong.
        }
    }

    // What agents do about the addresses of home networks and of the internet, which loopback has none of. Nothing is sent.
    private static void Rehearse()
    {
        TransportAddress[] addresses =
        [
            TransportAddress.FromIPAddress(IPAddress.Parse("192.168.0.2"), 50_000),
            TransportAddress.FromIPAddress(IPAddress.Parse("203.0.113.2"), 50_000),
            TransportAddress.FromIPAddress(IPAddress.Parse("10.0.0.2"), 50_000),
            TransportAddress.FromIPAddress(IPAddress.Parse("fd00::2"), 50_000),
        ];
        using var random = RandomNumberGenerator.Create();
        using var first = new IceAgent(new IceAgentOptions { Role = IceRole.Controlling }, random);
        using var second = new IceAgent(new IceAgentOptions { Role = IceRole.Controlled }, random);
        Instant now = Instant.Zero;
        for (int i = 0; i < addresses.Length; i++)
        {
            first.AddLocalCandidate(new LocalCandidate { Type = CandidateType.Host, BaseId = i, Address = addresses[i], Base = addresses[i] }, now);
        }

        second.AddLocalCandidate(new LocalCandidate { Type = CandidateType.Host, BaseId = 0, Address = addresses[2], Base = addresses[2] }, now);
        second.SetRemoteParameters(first.LocalParameters, now);
        byte[] buffer = new byte[IceAgent.MaxMessageSize];
        foreach (Candidate candidate in first.GetLocalCandidates(0))
        {
            second.AddRemoteCandidate(0, candidate, now);
            while (second.TryReadTransmit(buffer, now, out _))
            {
            }
        }
    }

    private static async Task ConnectThroughRelayAsync(CancellationToken cancellationToken)
    {
        string password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var loopback = new AddressPrefix(TransportAddress.FromIPAddress(IPAddress.Loopback, 0), 32);
        using var users = new StaticCredentialSource(User, [StaticUser.FromPassword(User, password)]);
        TurnServerHost host = await TurnServerHost.StartAsync(
            new TurnServerHostOptions
            {
                Realm = User,
                Credentials = users,
                PeerRules = new PeerAddressRules { Allow = [loopback] },
                Listen = [new StunListenEndPoint(StunTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0))],
                Shards = 1,
            },
            cancellationToken).ConfigureAwait(false);
        await using (host.ConfigureAwait(false))
        {
            var server = new IceServer(StunServerReference.Parse($"turn:{host.EndPoints[0].EndPoint}"), new LongTermCredential(User, password));
            for (int round = 0; round < RelayedRounds; round++)
            {
                await ConnectAsync(server, round % 2 == 0 ? IcePolicy.All : IcePolicy.RelayOnly, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task ConnectAsync(IceServer? server, IcePolicy policy, CancellationToken cancellationToken)
    {
        var first = new IceConnection(GetOptions(IceRole.Controlling, server, policy));
        await using (first.ConfigureAwait(false))
        {
            var second = new IceConnection(GetOptions(IceRole.Controlled, server, policy));
            await using (second.ConfigureAwait(false))
            {
                string told = (await first.DescribeAsync(cancellationToken).ConfigureAwait(false)).ToJson();
                first.AddRemote(await second.DescribeAsync(cancellationToken).ConfigureAwait(false));
                second.AddRemote(await CarryAsync(told, cancellationToken).ConfigureAwait(false));
                await first.ConnectAsync(cancellationToken).ConfigureAwait(false);
                await second.ConnectAsync(cancellationToken).ConfigureAwait(false);
                byte[] buffer = new byte[64];
                await first.SendAsync(buffer, cancellationToken).ConfigureAwait(false);
                await second.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // As the other side's line comes.
    private static async Task<IceSignal> CarryAsync(string told, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(told + "\n"));
        using StreamReader reader = DescriptionLine.Open(stream);
        string? line = await DescriptionLine.ReadAsync(reader, cancellationToken).ConfigureAwait(false);
        return IceSignal.TryParse(line ?? "", out IceSignal? signal, out string? problem) ? signal : throw new FormatException(problem);
    }

    private static IceOptions GetOptions(IceRole role, IceServer? server, IcePolicy policy) => new()
    {
        Role = role,
        Policy = policy,
        Servers = server is null ? [] : [server],
        AllowsLoopback = true,
        InterfaceFilter = static address => address.Address.IsLoopback,
        Tcp = IceTcpCandidates.None,
    };
}
