using System;
using System.Globalization;
using System.Net;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>coturn's <c>turnutils_peer</c>: a peer that echoes, on 127.0.0.1 and ::1. Needs <see cref="Requirement.CoturnUtils"/>.</summary>
public sealed class TurnutilsPeer : IAsyncDisposable
{
    private readonly LabProcess _process;

    private TurnutilsPeer(LabProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Its port on both addresses.</summary>
    public int Port { get; }

    /// <summary>Starts a peer on a free port and waits until it listens.</summary>
    public static async Task<TurnutilsPeer> StartAsync()
    {
        int port = LoopbackPorts.Take([IPAddress.Loopback, IPAddress.IPv6Loopback], 1);
        LabProcess process = LabHost.Local.Start(
            "stdbuf", "-oL", "turnutils_peer", "-v", "-L", "127.0.0.1", "-L", "::1", "-p", port.ToString(CultureInfo.InvariantCulture));
        try
        {
            await LocalSockets.WaitForUdpAsync(port, 2, TimeSpan.FromSeconds(120));
            return new TurnutilsPeer(process, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills it.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
