using System;
using System.Net;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>Vovida's <c>stun</c> 0.97 as a client: the RFC 3489 decision tree by other hands. Needs
/// <see cref="Requirement.VovidaStun"/>.</summary>
/// <remarks>The server must answer classic requests and have a second address (coturn with RFC 5780 does).</remarks>
public static class VovidaStun
{
    /// <summary>Exit code for a public address without a filter.</summary>
    public const int Open = 0x01;

    /// <summary>Exit code for independent mapping, independent filter.</summary>
    public const int FullCone = 0x13;

    /// <summary>Exit code for independent mapping, address-dependent filter.</summary>
    public const int AddressRestricted = 0x15;

    /// <summary>Exit code for independent mapping, port-dependent filter.</summary>
    public const int PortRestricted = 0x17;

    /// <summary>Exit code for dependent mapping.</summary>
    public const int Symmetric = 0x18;

    /// <summary>Exit code for no answer at all.</summary>
    public const int Blocked = 0x1c;

    /// <summary>The bit for ports that stay the same; set in all cone classes above.</summary>
    public const int PreservesPorts = 0x01;

    /// <summary>The bit for a NAT that does not hairpin; set in all classes above but <see cref="Open"/>.</summary>
    public const int DoesNotHairpin = 0x10;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>Runs the client on a host.</summary>
    /// <returns>The exit code, which is the class of the NAT.</returns>
    /// <exception cref="TimeoutException">The program hung, as it does when an answer makes no sense to it.</exception>
    public static async Task<int> ClassifyAsync(LabHost host, IPEndPoint server)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(server);
        ProcessResult result = await host.RunAsync(Timeout, "stun", server.ToString(), "-v");
        return result.TimedOut ? throw new TimeoutException(result.ToString()) : result.ExitCode;
    }
}
