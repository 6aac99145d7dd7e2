using System;

namespace Stack.Cli;

/// <summary>The phases that every load has: a warm-up that counts for nothing, the measurement, and the wait for what is under way.</summary>
internal sealed class LoadRun(LoadTarget target, LoadLoop loop, LoadPlan plan)
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time = loop.Time;
    private ServerSample? _before;
    private long _begun;
    private long _lastArrival;
    private bool _counts;

    /// <summary>Whether what is sent is waited for.</summary>
    public bool AwaitsArrivals { get; init; } = true;

    public LoadTally Tally { get; } = new();

    public LoadPace Pace { get; } = new(plan, loop.Time);

    /// <summary>Runs it all.</summary>
    /// <param name="send">Sends up to so many packets, and says how many it was.</param>
    /// <param name="beginCounting">Is told when the warm-up is over.</param>
    /// <param name="keepAlive">Is called now and then; null for nothing.</param>
    public void Run(Func<int, int> send, Action beginCounting, Action? keepAlive = null)
    {
        if (plan.WarmUp > TimeSpan.Zero)
        {
            Send(send, null, plan.WarmUp, keepAlive);
            Drain(keepAlive);
        }

        _before = target.Process?.Read();
        _counts = true;
        beginCounting();
        long unsent = loop.Unsent;
        _begun = _time.GetTimestamp();
        _lastArrival = _begun;
        Tally.Sent = Send(send, plan.Count, plan.Count is null ? plan.Duration : TimeSpan.MaxValue, keepAlive);
        Tally.Sending = _time.GetElapsedTime(_begun);
        Drain(keepAlive);
        Tally.ServerTime = _before is null ? null : target.Process!.Read().Since(_before);
        Tally.Elapsed = Tally.Received == 0 ? Tally.Sending : _time.GetElapsedTime(_begun, _lastArrival);
        Tally.Unsent = loop.Unsent - unsent;
    }

    /// <summary>Notes a packet that has come as it was sent.</summary>
    /// <param name="counts">Whether it was sent after the warm-up.</param>
    /// <param name="sentAt">When, as a timestamp.</param>
    public void NoteArrival(bool counts, long sentAt)
    {
        Pace.NoteArrived();
        _lastArrival = _time.GetTimestamp();
        if (counts && _counts)
        {
            Tally.Received++;
            Tally.RoundTrips.Record((long)_time.GetElapsedTime(sentAt, _lastArrival).TotalNanoseconds);
        }
    }

    private long Send(Func<int, int> send, long? count, TimeSpan duration, Action? keepAlive)
    {
        long sent = 0;
        long start = _time.GetTimestamp();
        while (!loop.IsInterrupted && (count is { } most ? sent < most : _time.GetElapsedTime(start) < duration))
        {
            long run = Math.Min(plan.Run, (count ?? long.MaxValue) - sent);
            bool mayGo = Pace.GetAllowance() >= Math.Min(Pace.Portion, (count ?? long.MaxValue) - sent);
            for (long allowance = mayGo ? Pace.GetAllowance() : 0; allowance >= run && run > 0; allowance -= run)
            {
                int done = send((int)run);
                Pace.NoteSent(done);
                sent += done;
                run = Math.Min(plan.Run, (count ?? long.MaxValue) - sent);
            }

            loop.Turn(Pace.GetAllowance() >= Pace.Portion ? TimeSpan.Zero : Pace.Wait);
            keepAlive?.Invoke();
        }

        return sent;
    }

    // What is under way has come once nothing came for a while. That is counted in turns too, and each reads before it is judged: a machine that
    // stood still has not waited.
    private void Drain(Action? keepAlive)
    {
        long start = _time.GetTimestamp();
        long quietSince = start;
        int quietTurns = 0;
        long missing = Pace.Missing;
        while (AwaitsArrivals && Pace.Missing != 0 && _time.GetElapsedTime(start) < LongestDrain
            && (quietTurns < Quiet / Turn || _time.GetElapsedTime(quietSince) < Quiet))
        {
            loop.Turn(Turn);
            keepAlive?.Invoke();
            quietTurns++;
            if (Pace.Missing != missing)
            {
                missing = Pace.Missing;
                quietSince = _time.GetTimestamp();
                quietTurns = 0;
            }
        }

        Pace.ForgetMissing();
    }
}
