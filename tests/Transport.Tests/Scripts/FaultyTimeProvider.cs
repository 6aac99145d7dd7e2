using System;
using System.Threading;

namespace Stack.Transport.Tests;

/// <summary>A clock that throws as often as it is told to, from inside whatever asks it for the time.</summary>
internal sealed class FaultyTimeProvider : TimeProvider
{
    private int _faults;

    public void Fail(int times) => Interlocked.Exchange(ref _faults, times);

    public override long GetTimestamp() => Interlocked.Decrement(ref _faults) >= 0
        ? throw new InvalidTimeZoneException("A fault that a test has put in.")
        : base.GetTimestamp();
}
