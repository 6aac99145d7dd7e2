using System;
using Stack.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace Stack.Stun.Tests;

/// <summary>
/// All mappings and filterings on a path that loses, doubles and reorders. Seven tries fail together with a chance of 0.36^7 = 7.8e-4 where
/// a fifth is lost each way, which is the bound for taking one filter for a stricter one; a mapping is never named wrong.
/// </summary>
public sealed class NatDiscoveryLossTests(ITestOutputHelper output)
{
    private const int Seeds = 300;

    [Theory]
    [InlineData(0.20, 0, 0)]
    [InlineData(0.20, 0.05, 0.2)]
    [InlineData(0.05, 0.2, 0.5)]
    public void Discovery_LossyPath_NamesNoKindWrong(double loss, double duplication, double reordering)
    {
        int right = 0;
        int unknown = 0;
        int wrongMapping = 0;
        int wrongFiltering = 0;
        int runs = 0;
        TimeSpan longest = default;
        foreach ((NatMapping mapping, NatFiltering filtering) in AllKinds())
        {
            for (ulong seed = 1; seed <= Seeds; seed++)
            {
                NatReport report = new DiscoveryScenario
                {
                    Nat = DiscoveryScenario.Behind(mapping, filtering),
                    Link = new LinkConditions
                    {
                        Loss = loss,
                        Duplication = duplication,
                        Reordering = reordering,
                        MaxLatency = TimeSpan.FromMilliseconds(60),
                    },
                    Servers = [new BindingVirtualServer(DiscoveryScenario.Alternate)],
                    Seed = seed + ((ulong)mapping * 1000) + ((ulong)filtering * 10000),
                }.Run(out NatDiscoveryRun run);
                runs++;
                TimeSpan took = run.Now.SinceOrigin - TimeSpan.FromHours(1);
                longest = took > longest ? took : longest;
                wrongMapping += report.Mapping != NatMapping.Unknown && report.Mapping != mapping ? 1 : 0;
                wrongFiltering += report.Filtering != NatFiltering.Unknown && report.Filtering != filtering ? 1 : 0;
                unknown += report.Mapping == NatMapping.Unknown || report.Filtering == NatFiltering.Unknown ? 1 : 0;
                right += report.Mapping == mapping && report.Filtering == filtering ? 1 : 0;
                Assert.Equal(report.Mapping == NatMapping.Unknown, report.MappingNote is not null);
                Assert.Equal(report.Filtering == NatFiltering.Unknown, report.FilteringNote is not null);
            }
        }

        output.WriteLine($"{runs} runs: {right} right, {unknown} unknown, {wrongMapping} mappings and {wrongFiltering} filterings wrong, longest {longest}.");
        Assert.Equal(0, wrongMapping);

        // Six of the nine kinds let one probe's silence decide: 6 * 300 * 7.8e-4 = 1.4 expected at 20 % loss.
        double lost = 1 - ((1 - loss) * (1 - loss));
        double expected = 6 * Seeds * Math.Pow(lost, 7);
        Assert.InRange(wrongFiltering, 0, expected + (3 * Math.Sqrt(expected)) + 0.5);
        Assert.InRange(right, runs * 0.99, runs);
    }

    private static System.Collections.Generic.IEnumerable<(NatMapping Mapping, NatFiltering Filtering)> AllKinds()
    {
        foreach (NatMapping mapping in (NatMapping[])[NatMapping.EndpointIndependent, NatMapping.AddressDependent, NatMapping.AddressAndPortDependent])
        {
            foreach (NatFiltering filtering in (NatFiltering[])[NatFiltering.EndpointIndependent, NatFiltering.AddressDependent, NatFiltering.AddressAndPortDependent])
            {
                yield return (mapping, filtering);
            }
        }
    }
}
