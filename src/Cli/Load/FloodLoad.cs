using System;
using System.Collections.Generic;
using System.Linq;

namespace Stack.Cli;

/// <summary><c>bench flood</c>: what a server has to bear, at a rate, from several sources in turn.</summary>
internal sealed class FloodLoad : IDisposable
{
    private const int AskedAtATime = 50;

    // Where the kernel cannot be preempted, no thread of a server on the same machine runs on a processor that is sending: a flood is sent by few at a
    // time, so that what holds a server up is what it has to do, and not how long its flood's system calls are.
    private const int SentAtATime = 8;

    private readonly FloodPlan _plan;
    private readonly LoadLoop _loop;
    private readonly LoadRun _run;
    private readonly List<FloodSource> _sources = [];
    private int _turn;

    public FloodLoad(LoadTarget target, LoadLoop loop, FloodPlan plan, SourceAddresses addresses)
    {
        _plan = plan;
        _loop = loop;
        _run = new LoadRun(target, loop, plan.Load) { AwaitsArrivals = false };
        for (int i = 0; i < addresses.Count; i++)
        {
            _sources.Add(new FloodSource(target, loop, plan, addresses[i]));
        }
    }

    /// <summary>Floods. The answers count as received, and are not waited for.</summary>
    /// <exception cref="CommandException">No source got a nonce.</exception>
    public LoadTally Run()
    {
        if (_plan.Kind == FloodKind.Forged)
        {
            AskForNonces();
        }

        long before = 0;
        _run.Run(Send, () => before = CountAnswers());
        _run.Tally.Received = CountAnswers() - before;
        return _run.Tally;
    }

    public void Dispose() => _sources.ForEach(static source => source.Dispose());

    private long CountAnswers() => _sources.Sum(static source => source.Answers);

    private int Send(int packets)
    {
        FloodSource source = _sources[_turn];
        _turn = (_turn + 1) % _sources.Count;
        for (int i = 0; i < packets; i++)
        {
            source.Send();
        }

        if (_loop.Queued >= SentAtATime)
        {
            _loop.Flush();
        }

        return packets;
    }

    // Each source asks once, and a second time where the first answer is late.
    private void AskForNonces()
    {
        long begun = _loop.Time.GetTimestamp();
        for (int round = 1; round <= 2 && !_loop.IsInterrupted; round++)
        {
            foreach (FloodSource[] some in _sources.Where(static source => !source.HasNonce).ToArray().Chunk(AskedAtATime))
            {
                Array.ForEach(some, static source => source.AskForNonce());
                _loop.Turn(TimeSpan.FromMilliseconds(2));
            }

            while (_sources.Exists(static source => !source.HasNonce)
                && !_loop.IsInterrupted
                && _loop.Time.GetElapsedTime(begun) < _plan.NonceWait * round / 2)
            {
                _loop.Turn(TimeSpan.FromMilliseconds(5));
            }
        }

        if (_sources.RemoveAll(Drop) != 0 && _sources.Count == 0)
        {
            throw new CommandException(Failure.Timeout(
                "No source has been given a nonce, without which nothing can be forged.",
                "The server must be a TURN server with users, and answer strangers; see its limits of replies."));
        }
    }

    private static bool Drop(FloodSource source)
    {
        if (source.HasNonce)
        {
            return false;
        }

        source.Dispose();
        return true;
    }
}
