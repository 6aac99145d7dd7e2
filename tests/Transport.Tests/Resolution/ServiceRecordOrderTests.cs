using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class ServiceRecordOrderTests
{
    [Fact]
    public void Arrange_Priorities_ComeLowestFirst()
    {
        List<DnsServiceRecord> ordered = ServiceRecordOrder.Arrange([Record(20, 9, "c"), Record(0, 0, "a"), Record(10, 9, "b")], new SeededRandom(1));

        Assert.Equal(["a", "b", "c"], ordered.Select(record => record.Target));
    }

    [Fact]
    public void Arrange_Weights_DrawInProportion()
    {
        // RFC 2782: 0 to 100 inclusive are 101 draws, of which weight 0 has one, 25 has 25 and 75 has 75.
        SeededRandom random = new(2);
        Dictionary<string, int> first = [];
        for (int i = 0; i < 10_100; i++)
        {
            string target = ServiceRecordOrder.Arrange([Record(1, 75, "most"), Record(1, 0, "least"), Record(1, 25, "some")], random)[0].Target;
            first[target] = first.GetValueOrDefault(target) + 1;
        }

        Assert.InRange(first["least"], 60, 140);
        Assert.InRange(first["some"], 2350, 2650);
        Assert.InRange(first["most"], 7300, 7700);
    }

    [Fact]
    public void Arrange_LargestWeights_LoseNoRecord()
    {
        DnsServiceRecord[] records = [.. Enumerable.Range(0, 32).Select(i => Record(i % 2, 65535, $"t{i}"))];

        List<DnsServiceRecord> ordered = ServiceRecordOrder.Arrange(records, new SeededRandom(3));

        Assert.Equal(records.Select(record => record.Target).Order(), ordered.Select(record => record.Target).Order());
        Assert.All(ordered.Take(16), record => Assert.Equal(0, record.Priority));
    }

    [Fact]
    public void Arrange_Nothing_IsNothing() => Assert.Empty(ServiceRecordOrder.Arrange([], new SeededRandom(4)));

    private static DnsServiceRecord Record(int priority, int weight, string target) => new(priority, weight, 3478, target);
}
