using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>A map of few is a map like any other, also while it becomes one of many.</summary>
public sealed class SmallMapTests
{
    [Fact]
    public void Default_HasNothing()
    {
        SmallMap<int, string> map = default;
        Assert.Equal(0, map.Count);
        Assert.False(map.TryGetValue(1, out string? value));
        Assert.Null(value);
        Assert.Empty(map.CopyKeys());
        map.Remove(1);
        Assert.Equal(0, map.Count);
    }

    [Fact]
    public void Set_OfAKeyThatIsThere_ReplacesTheValue()
    {
        SmallMap<int, string> map = default;
        map.Set(1, "one");
        map.Set(1, "another one");
        Assert.Equal(1, map.Count);
        Assert.True(map.TryGetValue(1, out string? value));
        Assert.Equal("another one", value);
    }

    [Fact]
    public void CopyKeys_LetsEntriesGoOnTheWay()
    {
        foreach (int count in (int[])[SmallMap<int, string>.Few, SmallMap<int, string>.Few + 1])
        {
            SmallMap<int, string> map = default;
            for (int key = 0; key < count; key++)
            {
                map.Set(key, "some");
            }

            foreach (int key in map.CopyKeys())
            {
                map.Remove(key);
            }

            Assert.Equal(0, map.Count);
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, SmallMap<int, string>.Few)]
    [InlineData(3, SmallMap<int, string>.Few + 2)]
    [InlineData(4, 40)]
    public void AnyOrder_HoldsWhatADictionaryHolds(int seed, int keys)
    {
        var random = new Random(seed);
        SmallMap<int, int> map = default;
        Dictionary<int, int> model = [];
        for (int step = 0; step < 5000; step++)
        {
            int key = random.Next(keys);
            if (random.Next(5) < 3)
            {
                map.Set(key, step);
                model[key] = step;
            }
            else
            {
                map.Remove(key);
                model.Remove(key);
            }

            Assert.Equal(model.Count, map.Count);
            Assert.Equal(model.Keys.Order(), map.CopyKeys().Order());
            foreach (int one in Enumerable.Range(0, keys))
            {
                Assert.Equal(model.TryGetValue(one, out int expected), map.TryGetValue(one, out int value));
                Assert.Equal(expected, value);
            }
        }
    }
}
