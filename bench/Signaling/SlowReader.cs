using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Stack.SignalingBench;

/// <summary>
/// A session of eight. Seven send eighteen messages a second: two of three to the next of the seven, the third, of 12 KiB, to the eighth, who reads or does not.
/// One that does not read is closed when too much waits for it, and comes again.
/// </summary>
internal sealed class SlowReader(IPEndPoint server, TimeSpan length)
{
    private const int Writers = 7;
    private const int SmallReceiveBuffer = 4096;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1.0 / 18);
    private static readonly string LongText = new('x', 12 << 10);

    private int _number;

    /// <summary>The delays of what the seven said to each other, and how often the eighth was closed.</summary>
    public async Task<(IReadOnlyList<TimeSpan> Delays, int Closed)> RunAsync(bool isSlow)
    {
        string session = $"slow-{++_number}";
        List<SessionPeer> writers = [];
        for (int i = 0; i < Writers; i++)
        {
            writers.Add(await SessionPeer.JoinAsync(server, session));
        }

        using CancellationTokenSource ended = new();
        var told = Channel.CreateUnbounded<(string Member, int Id)>();
        StrongBox<int> eighth = new();
        ended.CancelAfter(length);
        List<List<TimeSpan>> delays = [.. writers.Select(static _ => new List<TimeSpan>())];
        List<Task> running = [.. writers.Select((one, i) => ReadAsync(one, delays[i], i == 0 ? told.Writer : null, ended.Token))];
        Task<int> eighthRuns = isSlow ? LingerAsync(session, eighth, told.Reader, ended.Token) : FollowAsync(session, eighth, ended.Token);
        running.AddRange(writers.Select((one, i) => WriteAsync(one, writers[(i + 1) % Writers].Id, i, eighth, ended.Token)));
        await Task.WhenAll(running);
        int closed = await eighthRuns;
        writers.ForEach(static one => one.Dispose());
        return ([.. delays.SelectMany(static one => one)], closed);
    }

    private static async Task WriteAsync(SessionPeer one, int next, int place, StrongBox<int> eighth, CancellationToken cancellationToken)
    {
        try
        {
            // Spread over the interval, so that they do not all send at one moment.
            await Task.Delay(Interval / Writers * place, cancellationToken);
            using PeriodicTimer timer = new(Interval);
            for (int i = place; await timer.WaitForNextTickAsync(cancellationToken); i++)
            {
                string text = i % 3 == 0
                    ? $"{{\"to\":{eighth.Value},\"description\":{{\"type\":\"offer\",\"sdp\":\"{LongText}\"}}}}"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{{\"to\":{next},\"candidate\":{{\"candidate\":\"candidate:{Stopwatch.GetTimestamp()} 1 udp 1 192.0.2.1 9 typ host\",\"sdpMid\":\"0\"}}}}");
                await one.SendAsync(text, cancellationToken);
            }
        }
        catch (Exception error) when (error is OperationCanceledException || (error is WebSocketException && cancellationToken.IsCancellationRequested))
        {
            // The time is over, and with it the socket, which the reader's end takes along.
        }
    }

    private static async Task ReadAsync(SessionPeer one, List<TimeSpan> delays, ChannelWriter<(string Member, int Id)>? told, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                ReadOnlyMemory<byte> text = await one.ReceiveAsync(cancellationToken);
                long now = Stopwatch.GetTimestamp();
                using var message = JsonDocument.Parse(text);
                if (message.RootElement.TryGetProperty("candidate", out JsonElement candidate))
                {
                    string sent = candidate.GetProperty("candidate").GetString()!.Split(':', ' ')[1];
                    delays.Add(Stopwatch.GetElapsedTime(long.Parse(sent, NumberStyles.None, CultureInfo.InvariantCulture), now));
                }

                foreach (string member in (string[])["peer", "gone"])
                {
                    if (told is not null && message.RootElement.TryGetProperty(member, out JsonElement about))
                    {
                        await told.WriteAsync((member, about.GetProperty("id").GetInt32()), cancellationToken);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    private async Task<int> FollowAsync(string session, StrongBox<int> eighth, CancellationToken cancellationToken)
    {
        using SessionPeer reader = await SessionPeer.JoinAsync(server, session);
        eighth.Value = reader.Id;
        try
        {
            while (true)
            {
                await reader.ReceiveAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    // The server keeps the place of one that it closed for a while, in which it may come back: its number is gone when the others are told so.
    private async Task<int> LingerAsync(string session, StrongBox<int> eighth, ChannelReader<(string Member, int Id)> told, CancellationToken cancellationToken)
    {
        int closed = 0;
        try
        {
            while (true)
            {
                using RawPeer reader = await RawPeer.JoinAsync(server, session, SmallReceiveBuffer);
                bool isGone = false;
                while (!isGone)
                {
                    (string member, int id) = await told.ReadAsync(cancellationToken);
                    isGone = member == "gone" && id == eighth.Value;
                    if (member == "peer" && id > Writers)
                    {
                        eighth.Value = id;
                    }
                }

                closed++;
            }
        }
        catch (OperationCanceledException)
        {
            return closed;
        }
    }
}
