using System.Net;

namespace Stack.Soak;

/// <summary>Where the server listens.</summary>
internal sealed record SoakTarget(IPEndPoint Udp, IPEndPoint Tcp)
{
    /// <summary>An address of loopback for each client, since the server's limits count by source.</summary>
    public static IPAddress AddressOf(int client) => new([127, 0, (byte)(1 + (client / 250)), (byte)(1 + (client % 250))]);
}
