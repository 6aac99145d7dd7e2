using System.Collections.Generic;
using System.IO;
using System.Linq;
using Stack.Fuzz.Sessions;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>Random sessions on the virtual internet beside the reference; fuzz/FINDINGS.md tells of the long run.</summary>
public sealed class RandomSessionTests
{
    // Each was a violation once.
    private static readonly ulong[] Regressions = [7883, 11370, 3068, 10379, 2016, 2350, 1000824, 1001768, 1003942, 1001196, 170, 158, 136, 83, 5,
        17364, 31983, 51229, 52417, 52589, 73691, 23669, 71705, 204904, 210776, 224151, 271547];

    [Theory]
    [InlineData(1)]
    [InlineData(101)]
    [InlineData(201)]
    public void Sessions_HundredSeeds_KeepEveryProperty(ulong first)
    {
        var tally = new SessionTally();
        for (ulong seed = first; seed < first + 100; seed++)
        {
            SessionResult result = SessionRun.Execute(seed);
            Assert.True(result.Violation is null, $"{result.Plan}\n{result.Violation}");
            tally.Add(result);
        }

        Assert.Equal(100, tally.Sessions);
        Assert.True(tally[SessionOutcome.Direct] > 15 && tally[SessionOutcome.Relayed] > 15 && tally[SessionOutcome.Impossible] > 5, tally.ToString());
    }

    [Fact]
    public void Sessions_FoundByTheLongRun_KeepEveryProperty()
    {
        foreach (ulong seed in Regressions)
        {
            SessionResult result = SessionRun.Execute(seed);
            Assert.True(result.Violation is null && (result.Outcome != SessionOutcome.Missed || result.Plan.Loss != 0), $"{result.Plan}\n{result.Violation}");
        }
    }

    [Fact]
    public void Session_SameSeed_IsTheSame()
    {
        SessionResult first = SessionRun.Execute(7);
        SessionResult second = SessionRun.Execute(7);
        Assert.Equal((first.Outcome, first.VirtualTime, first.Messages, first.Steps), (second.Outcome, second.VirtualTime, second.Messages, second.Steps));
        Assert.NotEqual(first.Steps, SessionRun.Execute(8).Steps);
    }

    /// <summary>The reference itself, against what RFC 4787's words mean for two peers that both know a STUN server.</summary>
    [Theory]
    [InlineData(NatMapping.EndpointIndependent, NatFiltering.AddressAndPortDependent, NatMapping.EndpointIndependent, NatFiltering.AddressAndPortDependent, ReachVerdict.Yes)]
    [InlineData(NatMapping.AddressAndPortDependent, NatFiltering.AddressAndPortDependent, NatMapping.EndpointIndependent, NatFiltering.AddressDependent, ReachVerdict.Yes)]
    [InlineData(NatMapping.AddressAndPortDependent, NatFiltering.AddressAndPortDependent, NatMapping.EndpointIndependent, NatFiltering.AddressAndPortDependent, ReachVerdict.No)]
    [InlineData(NatMapping.AddressAndPortDependent, NatFiltering.AddressAndPortDependent, NatMapping.AddressAndPortDependent, NatFiltering.AddressAndPortDependent, ReachVerdict.No)]
    [InlineData(NatMapping.AddressDependent, NatFiltering.AddressDependent, NatMapping.AddressAndPortDependent, NatFiltering.EndpointIndependent, ReachVerdict.Yes)]
    public void Reference_TwoNats_SaysWhatTheyAllow(NatMapping leftMapping, NatFiltering leftFiltering, NatMapping rightMapping, NatFiltering rightFiltering, ReachVerdict expected)
    {
        var left = new Reach(false, leftMapping, leftFiltering, false, true, true, true);
        var right = new Reach(false, rightMapping, rightFiltering, false, true, true, true);
        Assert.Equal(expected, Reach.Direct(left, true, right, true));
        Assert.Equal(expected, Reach.Direct(right, true, left, true));
        Assert.Equal(ReachVerdict.No, Reach.Direct(left, false, right, false));
    }

    [Fact]
    public void Scripts_OfTheCorpus_KeepEveryProperty()
    {
        string folder = Path.Combine(RepositoryFiles.Root, "fuzz", "corpora", "ice-agents");
        var script = new AgentPairScript();
        List<string> broken = [];
        string[] files = [.. Directory.GetFiles(folder, "*.bin").Order()];
        foreach (string file in files)
        {
            if (script.Run(File.ReadAllBytes(file)) is { } property)
            {
                broken.Add($"{Path.GetFileName(file)}: {property}");
            }
        }

        Assert.True(files.Length > 100 && script.Accepted > 10_000);
        Assert.Empty(broken);
    }
}
