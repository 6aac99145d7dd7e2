using System.Threading;

namespace Stack.Soak;

/// <summary>What the clients did.</summary>
internal sealed class SoakTally
{
    private long _sessions;
    private long _failures;
    private long _sent;
    private long _lost;
    private long _hostile;
    private string _lastFailure = "";

    public long Lost => Interlocked.Read(ref _lost);

    public void CountSession() => Interlocked.Increment(ref _sessions);

    public void CountFailure(string what)
    {
        Interlocked.Increment(ref _failures);
        _lastFailure = what;
    }

    public void CountSent() => Interlocked.Increment(ref _sent);

    public void CountLost() => Interlocked.Increment(ref _lost);

    public void CountHostile() => Interlocked.Increment(ref _hostile);

    public override string ToString()
        => $"{_sessions} sessions, {_failures} failed{(_failures == 0 ? "" : $" (last: {_lastFailure})")}, {_sent} packets there and back, {_lost} lost, {_hostile} hostile packets";
}
