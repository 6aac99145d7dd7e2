using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>
/// Two clients, each behind a box of its own, and a STUN and TURN server between them: where ICE programs meet, see <see cref="IceDuel"/>. Needs
/// <see cref="Requirement.NatLab"/> and, unless told otherwise, <see cref="Requirement.Coturn"/>.
/// </summary>
public sealed class IceLab : IAsyncDisposable
{
    /// <summary>The user of the TURN server.</summary>
    public const string User = "u";

    /// <summary>Its password.</summary>
    public const string Password = "p";

    /// <summary>The port of the server.</summary>
    public const int Port = 3478;

    private readonly CoturnServer? _coturn;

    private IceLab(IceLabOptions options, NatLab network, CoturnServer? coturn)
    {
        Options = options;
        Network = network;
        _coturn = coturn;
    }

    /// <summary>What the lab was made of.</summary>
    public IceLabOptions Options { get; }

    /// <summary>The networks.</summary>
    public NatLab Network { get; }

    /// <summary>The first client.</summary>
    public LabHost First => Network.FirstClient;

    /// <summary>The second client.</summary>
    public LabHost Second => Network.SecondClient;

    /// <summary>The address of the server in the family of the clients.</summary>
    public IPAddress ServerAddress => Options.Family == LabFamily.IPv6 ? Network.Server.Addresses6.First() : Network.Server.Address;

    /// <summary>Whether a direct path exists that regular ICE finds: none between a symmetric mapping and a filter by port.</summary>
    /// <remarks>IPv6 is filtered alone, and a filter opens from inside.</remarks>
    public bool IsDirectPossible => (Options.First, Options.Second) switch
    {
        (NatKind.UdpBlocked, _) or (_, NatKind.UdpBlocked) => false,
        _ when Options.Family != LabFamily.IPv4 => true,
        (NatKind.Symmetric, NatKind.Symmetric or NatKind.PortRestricted) or (NatKind.PortRestricted, NatKind.Symmetric) => false,
        _ => true,
    };

    /// <summary>Builds a lab.</summary>
    /// <exception cref="InvalidOperationException">The machine refused a step, or the server did not come up.</exception>
    public static async Task<IceLab> CreateAsync(IceLabOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        NatLab network = await NatLab.CreateAsync(options.Network);
        try
        {
            CoturnServer? coturn = options.Coturn ? await StartCoturnAsync(network) : null;
            return new IceLab(options, network, coturn);
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>The arguments that tell a program its servers: STUN and TURN over UDP, or those named.</summary>
    /// <param name="schemes"><c>stun</c>, <c>turn/udp</c>, <c>turn/tcp</c>; none means the first two.</param>
    public IReadOnlyList<string> ServerArguments(params IReadOnlyList<string> schemes)
    {
        string host = Options.Family == LabFamily.IPv6 ? $"[{ServerAddress}]" : ServerAddress.ToString();
        string address = string.Create(CultureInfo.InvariantCulture, $"{host}:{Port}");
        return
        [
            .. (schemes.Count == 0 ? ["stun", "turn/udp"] : schemes).SelectMany(scheme => new[]
            {
                "--server",
                scheme switch
                {
                    "stun" => $"stun:{address}",
                    "turn/udp" => $"turn:{address}?transport=udp",
                    "turn/tcp" => $"turn:{address}?transport=tcp",
                    _ => throw new ArgumentOutOfRangeException(nameof(schemes), scheme, message: null),
                },
            }),
            "--user", User, "--password", Password,
        ];
    }

    /// <summary>Kills everything that runs in the lab and removes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_coturn is not null)
        {
            await _coturn.DisposeAsync();
        }

        await Network.DisposeAsync();
    }

    private static Task<CoturnServer> StartCoturnAsync(NatLab network) => CoturnServer.StartAsync(new CoturnOptions
    {
        Host = network.Server,
        Port = Port,
        Lines =
        [
            "lt-cred-mech",
            $"user={User}:{Password}",
            "realm=example.org",
            $"listening-ip={network.Server.Addresses6.First()}",
        ],
    });
}
