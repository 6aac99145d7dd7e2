using System;
using System.Linq;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>RFC 7675 section 5; security.md section 5.5, I18, I20.</summary>
public sealed class ConsentTests
{
    private static Bench Create(IceRole role = IceRole.Controlling, IceAgentOptions? options = null)
    {
        var bench = new Bench((options ?? new IceAgentOptions()) with { Role = role });
        bench.Responder = bench.Grant;
        bench.Begin();
        bench.AddRemote(Bench.Remote(Bench.There));
        bench.Run(TimeSpan.FromSeconds(0.9));
        Assert.True(bench.CanSend());
        return bench;
    }

    // Section 5.1: every 5 s, times 0.8 to 1.2, each time a new transaction, never again.
    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void Checks_OverAnHour_AreFourToSixSecondsApartAndNeverRepeated(IceRole role)
    {
        using Bench bench = Create(role);
        int before = bench.Requests.Count();
        bench.Run(TimeSpan.FromHours(1));
        SentPacket[] checks = [.. bench.Requests.Skip(before)];
        Assert.InRange(checks.Length, 660, 780);
        Assert.Equal(checks.Length, checks.Select(static packet => packet.Id()).Distinct().Count());
        for (int i = 1; i < checks.Length; i++)
        {
            Assert.InRange((checks[i].When - checks[i - 1].When).TotalSeconds, 4.0, 6.0);
        }

        Assert.DoesNotContain(checks, static packet => packet.Nominates);
        Assert.True(checks.Select((packet, i) => i == 0 ? default : packet.When - checks[i - 1].When).Distinct().Count() > 300);
    }

    // I18: 30 s after the last answer, to the tick; then not one packet.
    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void Answers_Stop_SoDoesDataAfterThirtySeconds(IceRole role)
    {
        using Bench bench = Create(role);
        bench.Run(TimeSpan.FromMinutes(1));
        bench.Responder = null;
        Instant given = bench.Agent.GetPath(0, 1)!.ConsentGiven!.Value;
        bench.Run(given + TimeSpan.FromSeconds(30) - bench.Now - TimeSpan.FromTicks(1));
        Assert.True(bench.CanSend());
        bench.Run(TimeSpan.FromTicks(1));
        Assert.False(bench.CanSend());
        Assert.Equal(1, bench.Count(IceEventKind.PathLost));
        Assert.Equal(given + TimeSpan.FromSeconds(30), bench.Events[^1].When);
        Assert.Equal(role == IceRole.Controlling ? IceSessionState.Disconnected : IceSessionState.Failed, bench.Agent.State);
        Assert.Equal(IceFailureReason.ConsentLost, bench.Agent.FailureReason);
        int sent = bench.Sent.Count;
        bench.Run(TimeSpan.FromMinutes(10));
        Assert.Equal(sent, bench.Sent.Count);
        Assert.Null(bench.Agent.NextTimeout);
    }

    // The route says no on time though the loop is late.
    [Fact]
    public void Route_LateLoop_IsRefusedOnTime()
    {
        using Bench bench = Create();
        Instant given = bench.Agent.GetPath(0, 1)!.ConsentGiven!.Value;
        bench.Now = given + TimeSpan.FromSeconds(30);
        Assert.False(bench.CanSend());
    }

    // I20, and section 5.1: an answer counts where it comes from the address that was asked.
    [Fact]
    public void Answers_FromAnotherAddress_DoNotCount()
    {
        using Bench bench = Create();
        bench.Responder = null;
        Instant given = bench.Agent.GetPath(0, 1)!.ConsentGiven!.Value;
        TransportAddress other = Wire.Address("192.0.2.2:6001");
        for (int i = 0; i < 40; i++)
        {
            int before = bench.Sent.Count;
            bench.Run(Wires.Second);
            foreach (SentPacket request in bench.Requests.Skip(before).ToArray())
            {
                bench.Receive(bench.Answer(request), other);
            }
        }

        Assert.False(bench.CanSend());
        Assert.Equal(given + TimeSpan.FromSeconds(30), bench.Events.Single(static e => e.Event.Kind == IceEventKind.PathLost).When);
    }

    // Nothing else extends consent: not data, not the peer's own checks, not wrong keys, not errors (pion#767).
    [Fact]
    public void Consent_DataAndChecksOfThePeerAndBadAnswers_ExtendNothing()
    {
        using Bench bench = Create();
        bench.Responder = static _ => null;
        Instant given = bench.Agent.GetPath(0, 1)!.ConsentGiven!.Value;
        for (int i = 0; i < 40; i++)
        {
            int before = bench.Sent.Count;
            bench.Run(Wires.Second);
            bench.Receive([0xFF, 1]);
            bench.Receive(bench.Check());
            foreach (SentPacket request in bench.Requests.Skip(before).ToArray())
            {
                bench.Receive(bench.Answer(request, password: new string('q', 22)));
                bench.Receive(bench.Answer(request, error: StunErrorCode.ServerError));
            }
        }

        Assert.False(bench.CanSend());
        Assert.Equal(given + TimeSpan.FromSeconds(30), bench.Events.Single(static e => e.Event.Kind == IceEventKind.PathLost).When);
    }

    // Section 5.1: these credentials are not used on that path again; a restart is.
    [Fact]
    public void Consent_Lost_ComesBackWithARestartAlone()
    {
        using Bench bench = Create();
        bench.Responder = null;
        bench.Run(TimeSpan.FromSeconds(40));
        bench.Responder = bench.Grant;
        int sent = bench.Requests.Count();
        for (int i = 0; i < 10; i++)
        {
            bench.Receive(bench.Check());
            bench.Run(Wires.Second);
        }

        Assert.Equal(sent, bench.Requests.Count());
        Assert.False(bench.CanSend());
        Assert.True(bench.Agent.Restart(bench.Now));
        bench.Theirs = new IceCredentials("next", new string('n', 22));
        bench.Begin();
        bench.AddRemote(Bench.Remote(Bench.There));
        bench.Run(Wires.Second);
        Assert.True(bench.CanSend());
        Assert.Equal(IceFailureReason.None, bench.Agent.FailureReason);
    }

    // Section 5.2.
    [Fact]
    public void Answer403_Authenticated_RevokesAtOnce()
    {
        using Bench bench = Create();
        bench.Responder = packet => bench.Answer(packet, error: StunErrorCode.Forbidden, integrity: false);
        bench.Run(TimeSpan.FromSeconds(15));
        Assert.True(bench.CanSend());
        bench.Responder = packet => packet.Class == StunClass.Request ? bench.Answer(packet, error: StunErrorCode.Forbidden) : null;
        bench.Run(TimeSpan.FromSeconds(6.1));
        Assert.False(bench.CanSend());
        Assert.Equal(IceFailureReason.ConsentLost, bench.Agent.FailureReason);
        int sent = bench.Sent.Count;
        bench.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(sent, bench.Sent.Count);
    }

    // A controlled agent whose peer is silent once it has answered: consent must be asked for all the same.
    [Fact]
    public void Consent_ControlledAndNeverNominated_IsKept()
    {
        using Bench bench = Create(IceRole.Controlled);
        bench.Run(TimeSpan.FromMinutes(5));
        Assert.True(bench.CanSend());
        Assert.Equal(IceSessionState.Connected, bench.Agent.State);
    }

    // A pair that was never used expires without a word about the session.
    [Fact]
    public void Consent_OfAPairThatIsNoPath_EndsQuietly()
    {
        using var bench = new Bench();
        bench.Responder = bench.Grant;
        bench.Begin();
        bench.AddRemote(Bench.Remote(Bench.There));
        bench.AddRemote(Bench.Remote(Wire.Address("192.0.2.3:6000"), priority: 1000, foundation: "g"));
        bench.Run(TimeSpan.FromMinutes(2));
        Assert.True(bench.CanSend());
        Assert.Equal(0, bench.Count(IceEventKind.PathLost));
        bench.Agent.RemoveBase(0, bench.Now);
        bench.Run(Wires.Second);
        Assert.NotEqual(IceFailureReason.ConsentLost, bench.Agent.FailureReason);
    }

    [Fact]
    public void Options_AgainstTheRfc_AreRefused()
    {
        using var random = new SeededRandom(1);
        IceAgentOptions[] wrong =
        [
            new() { ConsentInterval = TimeSpan.FromSeconds(4.9) }, new() { ConsentExpiry = TimeSpan.FromSeconds(30.1) },
            new() { ConsentExpiry = TimeSpan.Zero }, new() { KeepaliveInterval = TimeSpan.FromSeconds(14) },
            new() { Streams = [] }, new() { Streams = [0] }, new() { Streams = [257] },
        ];
        Assert.All(wrong, options => Assert.ThrowsAny<ArgumentException>(() => new IceAgent(options, random)));
    }
}
