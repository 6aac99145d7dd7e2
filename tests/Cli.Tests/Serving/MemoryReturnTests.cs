using System;
using System.Linq;
using Stack.TestKit;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class MemoryReturnTests
{
    private readonly ManualTimeProvider _time = new();
    private int _count;
    private int _most;
    private int _collected;
    private int _trimmed;

    [Fact]
    public void Crowd_ThatHasLeft_IsFollowedByOneCollection()
    {
        using var memory = new MemoryReturn(Count, _time, () => _collected++, () => _trimmed++);

        Pass(0, 3000, 3000, 2000, 100);
        Assert.Equal(0, _collected);
        Pass(0);
        Assert.Equal(0, _collected);
        Pass(0, 0, 0, 0);

        Assert.Equal(1, _collected);
        Assert.Equal(1, _trimmed);
    }

    [Fact]
    public void Crowd_ThatStaysOrWasNone_IsLeftAlone()
    {
        using var memory = new MemoryReturn(Count, _time, () => _collected++, () => _trimmed++);

        Pass(499, 0, 0, 0);
        Pass(1000, 600, 600, 300, 300, 300);

        Assert.Equal(0, _collected);
    }

    [Fact]
    public void Crowd_ThatCameAndWentBetweenTwoLooks_IsFollowedByOneCollection()
    {
        using var memory = new MemoryReturn(Count, _time, () => _collected++, () => _trimmed++);

        _most = 3000;
        Pass(0);
        Assert.Equal(0, _collected);
        Pass(0, 0, 0, 0);

        Assert.Equal(1, _collected);
    }

    [Fact]
    public void NativeHeap_OfAServerThatIsSteady_IsTrimmedOnceAMinute()
    {
        using var memory = new MemoryReturn(Count, _time, () => _collected++, () => _trimmed++);

        Pass([.. Enumerable.Repeat(600, 59)]);
        Assert.Equal(0, _trimmed);
        Pass([.. Enumerable.Repeat(600, 61)]);

        Assert.Equal(2, _trimmed);
        Assert.Equal(0, _collected);
    }

    private (int Now, int Most) Count()
    {
        int most = _most;
        _most = _count;
        return (_count, most);
    }

    private void Pass(params int[] counts)
    {
        foreach (int count in counts)
        {
            _count = count;
            _most = Math.Max(_most, count);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
