using System;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>
/// Five datagrams there and back, both ways. Whoever gets <c>ping</c> answers with <c>pong</c>; what is not answered is sent again every 250 ms; <c>bye</c>
/// says that all is back.
/// </summary>
internal sealed class IceProbes(IceConnection connection, IceOutput output, TimeProvider time, TimeSpan patience)
{
    private const int Count = 5;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    private readonly byte[] _buffer = new byte[65_536];
    private readonly long[] _sentAt = new long[Count];
    private readonly bool[] _echoed = new bool[Count];
    private readonly bool[] _seen = new bool[Count];
    private bool _peerIsDone;
    private long? _doneAt;
    private long? _settledAt;

    public int Sent { get; private set; }

    public int Received { get; private set; }

    public RoundTripSummary RoundTrips { get; } = new();

    /// <summary>Runs until both sides have all theirs back.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False where probes were lost for good.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        long nextSend = began;
        Task<int> receiving = connection.ReceiveAsync(_buffer, cancellationToken).AsTask();
        while (time.GetElapsedTime(began) < patience)
        {
            if (time.GetTimestamp() >= nextSend)
            {
                nextSend = time.GetTimestamp() + (long)(Pace.TotalSeconds * time.TimestampFrequency);
                SettleIfDone();
                await SendDueAsync(cancellationToken).ConfigureAwait(false);
                if (_settledAt is { } at && time.GetElapsedTime(at) > Linger)
                {
                    return true;
                }
            }

            if (await WaitAsync(receiving, nextSend, cancellationToken).ConfigureAwait(false))
            {
                int length = await receiving.ConfigureAwait(false);
                await HandleAsync(_buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
                receiving = connection.ReceiveAsync(_buffer, cancellationToken).AsTask();
            }

            if (_settledAt is not null && _peerIsDone)
            {
                // More than one, for the peer waits for it and each may be lost.
                for (int i = 0; i < 3; i++)
                {
                    await connection.SendAsync(ProbePacket.Bye, cancellationToken).ConfigureAwait(false);
                }

                return true;
            }
        }

        return Received == Count;
    }

    private async Task<bool> WaitAsync(Task receiving, long until, CancellationToken cancellationToken)
    {
        TimeSpan rest = time.GetElapsedTime(time.GetTimestamp(), until);
        try
        {
            await receiving.WaitAsync(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task SendDueAsync(CancellationToken cancellationToken)
    {
        for (int number = 0; number < Count; number++)
        {
            if (!_echoed[number])
            {
                _sentAt[number] = time.GetTimestamp();
                Sent++;
                await connection.SendAsync(ProbePacket.Ping(number + 1), cancellationToken).ConfigureAwait(false);
            }
        }

        if (_settledAt is not null)
        {
            await connection.SendAsync(ProbePacket.Bye, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>All is back; but while a better path may still come, the other side is not told to go.</summary>
    private void SettleIfDone()
    {
        if (_doneAt is { } at && _settledAt is null && (connection.State != IceSessionState.Connected || time.GetElapsedTime(at) > Settling))
        {
            _settledAt = time.GetTimestamp();
        }
    }

    private async Task HandleAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken)
    {
        if (ProbePacket.IsBye(datagram.Span))
        {
            _peerIsDone = true;
            return;
        }

        if (ProbePacket.IsPing(datagram.Span, out int ping))
        {
            if (ping is >= 1 and <= Count && !_seen[ping - 1])
            {
                _seen[ping - 1] = true;
                output.Receive(datagram.Length);
            }

            await connection.SendAsync(ProbePacket.Pong(ping), cancellationToken).ConfigureAwait(false);
        }
        else if (ProbePacket.IsPong(datagram.Span, out int pong) && pong is >= 1 and <= Count && !_echoed[pong - 1])
        {
            _echoed[pong - 1] = true;
            Received++;
            RoundTrips.Add(time.GetElapsedTime(_sentAt[pong - 1]));
            if (Received == Count)
            {
                _doneAt = time.GetTimestamp();
                SettleIfDone();
                if (_settledAt is not null)
                {
                    await connection.SendAsync(ProbePacket.Bye, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }
}
