using System.Collections.Generic;
using System.Globalization;
using System.Threading.Tasks;

namespace Stack.SignalingBench;

/// <summary>Peers that have joined, eight to a session, and say nothing then.</summary>
internal static class IdleSockets
{
    private const int PeersOfASession = 8;
    private const int First = 200;

    /// <summary>What one of them adds to the server's resident memory, in KiB. What the first ones load and compile is no cost of a socket.</summary>
    public static async Task<double> MeasureAsync(BenchServer server, int count)
    {
        List<RawPeer> peers = [];
        await AddAsync(First);
        long before = server.ResidentKibibytes;
        await AddAsync(count);
        double each = (double)(server.ResidentKibibytes - before) / count;
        peers.ForEach(static one => one.Dispose());
        return each;

        async Task AddAsync(int more)
        {
            for (int i = 0; i < more; i++)
            {
                peers.Add(await RawPeer.JoinAsync(server.EndPoint, string.Create(CultureInfo.InvariantCulture, $"idle-{peers.Count / PeersOfASession}")));
            }
        }
    }
}
