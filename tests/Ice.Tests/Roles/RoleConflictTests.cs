using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>RFC 8445 sections 7.2.5.1 and 7.3.1.1; security.md section 5.5, I09, I10.</summary>
public sealed class RoleConflictTests
{
    private static Bench Create(IceRole role)
    {
        Bench bench = new Bench(new IceAgentOptions { Role = role }).Begin();
        bench.AddRemote(Bench.Remote(Bench.There));
        return bench;
    }

    // The four cases of section 7.3.1.1, and the equal tie-breaker, which counts as the larger one of the agent that compares.
    [Theory]
    [InlineData(IceRole.Controlling, -1, IceRole.Controlling, 487)]
    [InlineData(IceRole.Controlling, 0, IceRole.Controlling, 487)]
    [InlineData(IceRole.Controlling, 1, IceRole.Controlled, 0)]
    [InlineData(IceRole.Controlled, -1, IceRole.Controlling, 0)]
    [InlineData(IceRole.Controlled, 0, IceRole.Controlling, 0)]
    [InlineData(IceRole.Controlled, 1, IceRole.Controlled, 487)]
    public void Request_InOurRole_IsRefusedOrTakesTheOther(IceRole role, int theirs, IceRole after, int error)
    {
        using Bench bench = Create(role);
        ulong ours = bench.Sent[0].TieBreaker();
        bench.Receive(bench.Check(CheckForm.Usual with { Role = role, TieBreaker = (ulong)((long)ours + theirs) }));
        Assert.Equal(after, bench.Agent.Role);
        SentPacket answer = Assert.Single(bench.Responses);
        Assert.Equal(error, answer.Error());
        Assert.Equal(after == role ? 0 : 1, bench.Count(IceEventKind.RoleChanged));
    }

    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void Response487_ToOurRole_TakesTheOtherWithANewTieBreakerAndChecksAgain(IceRole role)
    {
        using Bench bench = Create(role);
        SentPacket first = bench.Sent[0];
        bench.Receive(bench.Answer(first, error: StunErrorCode.RoleConflict));
        bench.Run(TimeSpan.FromMilliseconds(5));
        SentPacket second = bench.Sent[1];
        Assert.NotEqual(role, second.Role());
        Assert.NotEqual(first.TieBreaker(), second.TieBreaker());
        Assert.NotEqual(first.Id(), second.Id());
        Assert.Equal(Bench.There, second.To);
    }

    // A refusal of a role that was left meanwhile changes it no more (ex_ice#71).
    [Fact]
    public void Response487_Stale_ChangesNothing()
    {
        using Bench bench = Create(IceRole.Controlling);
        bench.AddRemote(Bench.Remote(Wire.Address("192.0.2.3:6000"), foundation: "g"));
        bench.Run(TimeSpan.FromMilliseconds(200));
        SentPacket[] sent = [.. bench.Requests];
        Assert.InRange(sent.Length, 4, 20);
        foreach (SentPacket request in sent)
        {
            bench.Receive(bench.Answer(request, error: StunErrorCode.RoleConflict), request.To);
        }

        Assert.Equal(IceRole.Controlled, bench.Agent.Role);
        Assert.Equal(1, bench.Count(IceEventKind.RoleChanged));
    }

    // The role came back meanwhile: the refusal was of another tie-breaker, and counts no more than if it had not.
    [Fact]
    public void Response487_StaleOfTheSameRoleTwoSwitchesAgo_ChangesNothing()
    {
        using Bench bench = Create(IceRole.Controlling);
        bench.Run(TimeSpan.FromMilliseconds(60));
        SentPacket[] old = [.. bench.Requests];
        Assert.Equal(2, old.Length);
        bench.Receive(bench.Answer(old[0], error: StunErrorCode.RoleConflict));
        Assert.Equal(IceRole.Controlled, bench.Agent.Role);
        bench.Run(TimeSpan.FromMilliseconds(10));
        bench.Receive(bench.Answer(bench.Requests.Last(), error: StunErrorCode.RoleConflict));
        Assert.Equal(IceRole.Controlling, bench.Agent.Role);
        bench.Receive(bench.Answer(old[1], error: StunErrorCode.RoleConflict));
        Assert.Equal(IceRole.Controlling, bench.Agent.Role);
    }

    // I10.
    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void Response487_ForEver_FailsAfterThreeSwitches(IceRole role)
    {
        using var bench = new Bench(new IceAgentOptions { Role = role });
        bench.Responder = packet => packet.Class == StunClass.Request ? bench.Answer(packet, error: StunErrorCode.RoleConflict) : null;
        bench.Begin();
        bench.AddRemote(Bench.Remote(Bench.There));
        bench.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(3, bench.Count(IceEventKind.RoleChanged));
        Assert.Equal(IceSessionState.Failed, bench.Agent.State);
        Assert.Equal(IceFailureReason.RoleConflict, bench.Agent.FailureReason);
        Assert.InRange(bench.Sent.Count, 4, 12);

        // It stays so, whatever comes, until a restart.
        int events = bench.Events.Count;
        bench.Receive(bench.Check());
        bench.AddRemote(Bench.Remote(Wire.Address("192.0.2.3:6000")));
        bench.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(events, bench.Events.Count);
        Assert.True(bench.Agent.Restart(bench.Now));
        Assert.NotEqual(IceSessionState.Failed, bench.Agent.State);
    }

    [Fact]
    public void Request_ConflictingForEver_FailsAfterThreeSwitches()
    {
        using Bench bench = Create(IceRole.Controlled);
        for (int i = 0; i < 100; i++)
        {
            IceRole role = bench.Agent.Role;
            bench.Receive(bench.Check(CheckForm.Usual with { Role = role, TieBreaker = role == IceRole.Controlling ? ulong.MaxValue : 0 }));
        }

        Assert.Equal(3, bench.Count(IceEventKind.RoleChanged));
        Assert.Equal(IceSessionState.Failed, bench.Agent.State);
        Assert.Equal(IceFailureReason.RoleConflict, bench.Agent.FailureReason);
    }

    // RFC 8445 section 7.3.1.1: priorities are a function of the role.
    [Fact]
    public void Switch_PairPriorities_AreComputedAnew()
    {
        using Bench bench = Create(IceRole.Controlling);
        CandidatePair pair = bench.Pair(Bench.There)!;
        CandidatePair other = bench.AddRemoteOf("192.0.2.3:6000", 0x7EFF00FF);
        ulong before = other.Priority;
        Assert.Equal(CandidatePriority.ComputePair(other.Local.Priority, other.Remote.Priority), before);
        bench.Receive(bench.Answer(bench.Sent[0], error: StunErrorCode.RoleConflict));
        Assert.Equal(CandidatePriority.ComputePair(other.Remote.Priority, other.Local.Priority), other.Priority);
        Assert.NotEqual(before, other.Priority);
        Assert.Equal(CandidatePriority.ComputePair(pair.Remote.Priority, pair.Local.Priority), pair.Priority);
    }

    // I09: the same tie-breaker on both sides, seed for seed.
    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void Agents_WithEqualTieBreakers_EndWithOneControlling(IceRole role)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            using var wire = new Wire(new IceAgentOptions { Role = role }, new IceAgentOptions { Role = role }, (int)seed, sameTieBreaker: true);
            wire.A.AddHost("192.0.2.1:5000", wire.Now);
            wire.B.AddHost("192.0.2.2:6000", wire.Now);
            wire.Signal();
            wire.Run(TimeSpan.FromSeconds(10));
            Assert.Equal(wire.A.Sent.First(static p => p.Class == StunClass.Request).TieBreaker(), wire.B.Sent.First(static p => p.Class == StunClass.Request).TieBreaker());
            Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
            Assert.Equal(IceSessionState.Completed, wire.B.Agent.State);
            Assert.NotEqual(wire.A.Agent.Role, wire.B.Agent.Role);
            Assert.InRange(wire.A.Events.Count(static e => e.Event.Kind == IceEventKind.RoleChanged), 0, 3);
        }
    }

    // RFC 8445 section 9: a restart keeps the role, after a conflict too.
    [Fact]
    public void Restart_AfterASwitch_KeepsTheRole()
    {
        using Bench bench = Create(IceRole.Controlling);
        bench.Receive(bench.Answer(bench.Sent[0], error: StunErrorCode.RoleConflict));
        Assert.True(bench.Agent.Restart(bench.Now));
        bench.Theirs = new IceCredentials("next", new string('n', 22));
        bench.Begin();
        Assert.Equal(IceRole.Controlled, bench.Agent.Role);
    }
}
