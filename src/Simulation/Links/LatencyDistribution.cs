using System;

namespace Stack.Simulation;

/// <summary>How long a link takes. All distributions use additions and multiplications alone, so that a seed gives the same on every machine.</summary>
public readonly record struct LatencyDistribution
{
    private readonly TimeSpan _least;
    private readonly TimeSpan _most;
    private readonly bool _isNormal;

    private LatencyDistribution(TimeSpan least, TimeSpan most, bool isNormal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(least, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, least);
        _least = least;
        _most = most;
        _isNormal = isNormal;
    }

    /// <summary>The shortest that there can be.</summary>
    public TimeSpan Least => _least;

    /// <summary>The longest that there can be.</summary>
    public TimeSpan Most => _most;

    /// <summary>Always the same.</summary>
    /// <param name="latency">Zero or more.</param>
    public static LatencyDistribution Constant(TimeSpan latency) => new(latency, latency, isNormal: false);

    /// <summary>Each value between two is as likely as any other.</summary>
    /// <param name="least">The shortest, zero or more.</param>
    /// <param name="most">The longest.</param>
    public static LatencyDistribution Uniform(TimeSpan least, TimeSpan most) => new(least, most, isNormal: false);

    /// <summary>A bell between two values, around their middle; its standard deviation is a twelfth of their distance.</summary>
    /// <param name="least">The shortest, zero or more.</param>
    /// <param name="most">The longest.</param>
    public static LatencyDistribution Bell(TimeSpan least, TimeSpan most) => new(least, most, isNormal: true);

    internal TimeSpan Draw(SimulationRandom random)
    {
        if (!_isNormal || _least == _most)
        {
            return random.Between(_least, _most);
        }

        // The sum of twelve uniform numbers: its deviation is 1 where its range is 12.
        double sum = 0;
        for (int i = 0; i < 12; i++)
        {
            sum += random.NextDouble();
        }

        return _least + TimeSpan.FromTicks((long)((_most - _least).Ticks * (sum / 12)));
    }
}
