using System;
using System.Threading;
using System.Threading.Tasks;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>
/// Probes over the connection to one peer for as long as it lives: four a second until five have come back, one a second then. The peer's are answered, and
/// what is none is left alone. Counts are safe to read while it runs.
/// </summary>
internal sealed class PeerProbes(IceConnection connection, TimeProvider time)
{
    private const int Enough = 5;
    private const int Window = 16;

    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long a peer is waited for that has not got all of its own back: whoever leaves earlier answers it no more.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(25);

    private readonly Lock _gate = new();
    private readonly long[] _sentAt = new long[Window];
    private readonly bool[] _waits = new bool[Window];
    private readonly RoundTripSummary _roundTrips = new();
    private readonly byte[] _buffer = new byte[65_536];
    private int _sent;
    private int _received;
    private int _lost;
    private bool _peerIsDone;
    private long? _doneAt;

    public IceConnection Connection { get; } = connection;

    public int Sent => Read(static probes => probes._sent);

    public int Received => Read(static probes => probes._received);

    /// <summary>Probes that were not answered in two seconds.</summary>
    public int Lost => Read(static probes => probes._lost);

    public TimeSpan? RoundTrip => Read(static probes => probes._roundTrips.Median);

    /// <summary>Whether enough of ours have come back.</summary>
    public bool IsDone => Read(static probes => probes._doneAt is not null);

    /// <summary>Whether enough of ours have come back, and the peer has said the same of its own, or had the time to.</summary>
    public bool IsSettled => Read(static probes => probes._doneAt is { } at && (probes._peerIsDone || probes.Time.GetElapsedTime(at) > Linger));

    private TimeProvider Time { get; } = time;

    /// <summary>Calls with the round-trip times, which must not be kept.</summary>
    public void Summarize(Action<RoundTripSummary> use)
    {
        lock (_gate)
        {
            use(_roundTrips);
        }
    }

    /// <summary>Runs until the connection is disposed of.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long next = Time.GetTimestamp();
        Task<int>? receiving = null;
        try
        {
            while (true)
            {
                if (Time.GetTimestamp() >= next)
                {
                    next = Time.GetTimestamp() + (long)(Send().TotalSeconds * Time.TimestampFrequency);
                }

                receiving ??= Connection.ReceiveAsync(_buffer, cancellationToken).AsTask();
                if (await WaitAsync(receiving, next, cancellationToken).ConfigureAwait(false))
                {
                    int length = await receiving.ConfigureAwait(false);
                    receiving = null;
                    Handle(_buffer.AsSpan(0, length));
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The peer has gone, or the command ends.
        }
    }

    private async Task<bool> WaitAsync(Task receiving, long until, CancellationToken cancellationToken)
    {
        TimeSpan rest = Time.GetElapsedTime(Time.GetTimestamp(), until);
        try
        {
            await receiving.WaitAsync(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, Time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private TimeSpan Send()
    {
        int number;
        bool isDone;
        lock (_gate)
        {
            isDone = _doneAt is not null;
            number = ++_sent;
            int slot = number % Window;
            CountLost();
            if (_waits[slot])
            {
                _lost++;
            }

            _waits[slot] = true;
            _sentAt[slot] = Time.GetTimestamp();
        }

        Connection.Components[0].TrySend(ProbePacket.Ping(number));
        if (isDone)
        {
            Connection.Components[0].TrySend(ProbePacket.Bye);
        }

        return isDone ? Slow : Fast;
    }

    // Under the lock.
    private void CountLost()
    {
        for (int i = 0; i < Window; i++)
        {
            if (_waits[i] && Time.GetElapsedTime(_sentAt[i]) > Patience)
            {
                _waits[i] = false;
                _lost++;
            }
        }
    }

    private void Handle(ReadOnlySpan<byte> datagram)
    {
        if (ProbePacket.IsPing(datagram, out int ping))
        {
            Connection.Components[0].TrySend(ProbePacket.Pong(ping));
        }
        else if (ProbePacket.IsPong(datagram, out int pong))
        {
            Answer(pong);
        }
        else if (ProbePacket.IsBye(datagram))
        {
            lock (_gate)
            {
                _peerIsDone = true;
            }
        }
    }

    private void Answer(int number)
    {
        bool isDone = false;
        lock (_gate)
        {
            int slot = number % Window;
            if (number > _sent || number <= _sent - Window || !_waits[slot])
            {
                return;
            }

            _waits[slot] = false;
            _roundTrips.Add(Time.GetElapsedTime(_sentAt[slot]));
            if (++_received == Enough)
            {
                _doneAt = Time.GetTimestamp();
                isDone = true;
            }
        }

        if (isDone)
        {
            // More than one, for the peer waits for it and each may be lost.
            for (int i = 0; i < 3; i++)
            {
                Connection.Components[0].TrySend(ProbePacket.Bye);
            }
        }
    }

    private T Read<T>(Func<PeerProbes, T> read)
    {
        lock (_gate)
        {
            return read(this);
        }
    }
}
