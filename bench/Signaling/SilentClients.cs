using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.SignalingBench;

/// <summary>Two peers meet, from the first socket to the answer that the second one gets to its offer, beside clients that say nothing or without them.</summary>
internal sealed class SilentClients(IPEndPoint server)
{
    private int _number;

    /// <summary>How long each of some meetings took.</summary>
    public async Task<IReadOnlyList<TimeSpan>> MeetAsync(int count, bool beside)
    {
        List<TimeSpan> times = [];
        for (int i = 0; i < count; i++)
        {
            string session = $"silent-{++_number}";
            List<RawPeer> silent = [];
            if (beside)
            {
                silent.Add(await RawPeer.ConnectAsync(server));
                silent.Add(await RawPeer.OpenAsync(server, "/session"));
                silent.Add(await RawPeer.OpenAsync(server, $"/villas/{session}/silent"));
            }

            long began = Stopwatch.GetTimestamp();
            await MeetAsync(session);
            times.Add(Stopwatch.GetElapsedTime(began));
            silent.ForEach(static one => one.Dispose());
        }

        return times;
    }

    private async Task MeetAsync(string session)
    {
        using SessionPeer first = await SessionPeer.JoinAsync(server, session);
        using SessionPeer second = await SessionPeer.JoinAsync(server, session);
        await second.SendAsync($"{{\"to\":{first.Id},\"description\":{{\"type\":\"offer\",\"sdp\":\"v=0\"}}}}", CancellationToken.None);
        await first.ReceiveAsync("description", CancellationToken.None);
        await first.SendAsync($"{{\"to\":{second.Id},\"description\":{{\"type\":\"answer\",\"sdp\":\"v=0\"}}}}", CancellationToken.None);
        await second.ReceiveAsync("description", CancellationToken.None);
    }
}
