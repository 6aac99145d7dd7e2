using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>What stands in every message, and how many there are (RFC 8445 sections 7, 11, 14 and 16, RFC 7675 section 5.1).</summary>
public sealed class CheckMessageTests
{
    private static List<StunAttributeType> Types(SentPacket packet)
    {
        StunMessage.Decode(packet.Bytes, out StunMessage message);
        List<StunAttributeType> types = [];
        foreach (StunAttribute attribute in message)
        {
            types.Add(attribute.Type);
        }

        return types;
    }

    private static bool Verifies(SentPacket packet, string password)
    {
        StunMessage.Decode(packet.Bytes, out StunMessage message);
        using var key = new IntegrityKey(Encoding.ASCII.GetBytes(password));
        return VerifiedStunMessage.TryVerify(message, key, out _) && Fingerprint.Verify(message);
    }

    // Sections 7.1 and 7.2.2.
    [Theory]
    [InlineData(IceRole.Controlling, StunAttributeType.IceControlling)]
    [InlineData(IceRole.Controlled, StunAttributeType.IceControlled)]
    public void Check_First_CarriesExactlyWhatTheRfcNames(IceRole role, StunAttributeType attribute)
    {
        using Bench bench = new Bench(new IceAgentOptions { Role = role }).Begin();
        bench.AddRemote(Bench.Remote(Bench.There));
        SentPacket check = Assert.Single(bench.Sent);
        Assert.Equal(
            [StunAttributeType.Username, StunAttributeType.Priority, attribute, StunAttributeType.MessageIntegrity, StunAttributeType.Fingerprint], Types(check));
        StunMessage.Decode(check.Bytes, out StunMessage message);
        Assert.Equal(new StunMessageType(StunMethod.Binding, StunClass.Request), message.Type);
        message.ReadUsername(out ReadOnlySpan<byte> username);
        Assert.Equal($"them:{bench.Agent.LocalParameters.Credentials.UsernameFragment}", Encoding.ASCII.GetString(username));
        Assert.True(Verifies(check, bench.Theirs.Password));

        // Section 7.1.1: the local preference of the candidate with the type preference of peer-reflexive ones, 110.
        message.ReadPriority(out uint priority);
        Assert.Equal((110u << 24) | (65535u << 8) | 255u, priority);
    }

    [Fact]
    public void Check_OfTheSecondComponent_CarriesItsPriority()
    {
        using var bench = new Bench(new IceAgentOptions { Streams = [2] }, host: false);
        bench.Add(0, Bench.Here, component: 2, preference: 1234);
        bench.Begin().AddRemote(Bench.Remote(Bench.There, component: 2));
        StunMessage.Decode(Assert.Single(bench.Sent).Bytes, out StunMessage message);
        message.ReadPriority(out uint priority);
        Assert.Equal((110u << 24) | (1234u << 8) | 254u, priority);
    }

    // Section 7.3.1: success with the source as XOR-MAPPED-ADDRESS, protected with our password.
    [Theory]
    [InlineData("192.0.2.2:6000")]
    [InlineData("[2001:db8::2]:6000")]
    public void Response_Success_CarriesExactlyTheMappedAddress(string source)
    {
        using Bench bench = new Bench().Begin();
        byte[] check = bench.Check();
        TransportAddress from = Wire.Address(source);
        bench.Receive(check, from);
        SentPacket answer = bench.Sent[0];
        Assert.Equal([StunAttributeType.XorMappedAddress, StunAttributeType.MessageIntegrity, StunAttributeType.Fingerprint], Types(answer));
        Assert.True(Verifies(answer, bench.Agent.LocalParameters.Credentials.Password));
        StunMessage.Decode(answer.Bytes, out StunMessage message);
        message.ReadXorMappedAddress(out TransportAddress mapped);
        Assert.Equal(from, mapped);
        Assert.Equal(check.AsSpan(8, 12).ToArray(), answer.Bytes.AsSpan(8, 12).ToArray());
    }

    [Fact]
    public void Response_Errors_AreProtectedWhereTheRequestWas()
    {
        using Bench bench = new Bench(new IceAgentOptions { Role = IceRole.Controlling }).Begin();
        bench.Receive(bench.Check(CheckForm.Usual with { Role = IceRole.Controlling, TieBreaker = 0 }));
        Assert.Equal([StunAttributeType.ErrorCode, StunAttributeType.MessageIntegrity, StunAttributeType.Fingerprint], Types(bench.Sent[0]));
        Assert.True(Verifies(bench.Sent[0], bench.Agent.LocalParameters.Credentials.Password));
        bench.Receive(bench.Check(CheckForm.Usual with { HasIntegrity = false }));
        Assert.Equal([StunAttributeType.ErrorCode, StunAttributeType.Fingerprint], Types(bench.Sent[^1]));
    }

    // Section 11: a Binding indication with FINGERPRINT, without USERNAME and MESSAGE-INTEGRITY, after Tr of silence.
    [Fact]
    public void Keepalive_WithoutConsent_IsAnIndicationAfterTr()
    {
        using Bench bench = new Bench(new IceAgentOptions { ChecksConsent = false }).Begin();
        bench.Responder = bench.Grant;
        bench.AddRemote(Bench.Remote(Bench.There));
        bench.Run(TimeSpan.FromSeconds(10));
        bench.Agent.TryGetRoute(0, 1, bench.Now, out _);
        Instant last = bench.Now;
        int before = bench.Sent.Count;
        bench.Run(TimeSpan.FromSeconds(50));
        SentPacket[] keepalives = [.. bench.Sent.Skip(before)];
        Assert.Equal(3, keepalives.Length);
        Assert.Equal([15.0, 30.0, 45.0], keepalives.Select(packet => (packet.When - last).TotalSeconds));
        Assert.All(keepalives, static packet => Assert.Equal([StunAttributeType.Fingerprint], Types(packet)));
        Assert.All(keepalives, static packet => Assert.Equal(28, packet.Bytes.Length));
        Assert.All(keepalives, static packet => Assert.Equal(StunClass.Indication, packet.Class));
    }

    // Section 14.3 and RFC 8489 section 6.2.1: the same transaction, seven times, in the end after Rm times the RTO.
    [Fact]
    public void ByTheBook_NoAnswer_RetransmitsTheSameTransactionSevenTimes()
    {
        using Bench bench = new Bench(new IceAgentOptions { Strategy = IceStrategy.Rfc8445, Patience = TimeSpan.Zero }).Begin();
        Instant start = bench.Now;
        bench.AddRemote(Bench.Remote(Bench.There));
        bench.Agent.EndRemoteCandidates(bench.Now);
        bench.Run(TimeSpan.FromSeconds(60));
        Assert.Equal([0.0, 500, 1500, 3500, 7500, 15500, 31500], bench.Sent.Select(packet => (packet.When - start).TotalMilliseconds));
        Assert.Single(bench.Sent.Select(static packet => packet.Id()).Distinct());
        Assert.All(bench.Sent, packet => Assert.Equal(bench.Sent[0].Bytes, packet.Bytes));
        (Instant when, IceEvent failed) = bench.Events.Last(static e => e.Event.Kind == IceEventKind.StateChanged && e.Event.State == IceSessionState.Failed);
        Assert.Equal(39.5, (when - start).TotalSeconds);
        Assert.Equal(IceFailureReason.NoValidPair, failed.Reason);
    }

    // Section 14.2: one transaction in Ta, the first one at once; both agents' proposals count.
    [Theory]
    [InlineData(null, 50)]
    [InlineData(20, 50)]
    [InlineData(200, 200)]
    public void ByTheBook_ManyPairs_BeginOneTransactionInTa(int? proposed, int expected)
    {
        using Bench bench = new Bench(new IceAgentOptions { Strategy = IceStrategy.Rfc8445 }).Begin(pacing: proposed is { } ms ? TimeSpan.FromMilliseconds(ms) : null);
        Instant start = bench.Now;
        for (int i = 0; i < 8; i++)
        {
            bench.AddRemote(Bench.Remote(Wire.Address($"192.0.2.{10 + i}:6000"), foundation: "f" + i));
        }

        bench.Run(TimeSpan.FromMilliseconds(expected * 20));
        SentPacket[] firsts = [.. bench.Sent.DistinctBy(static packet => packet.Id())];
        Assert.Equal(8, firsts.Length);
        Assert.Equal(
            Enumerable.Range(0, 8).Select(i => (double)(i * expected)), firsts.Select(packet => Math.Round((packet.When - start).TotalMilliseconds)));
    }

    // No two transactions of agents that share a pacer are nearer than 5 ms, whatever the strategy does.
    [Fact]
    public void Pacer_SharedByTenAgents_SpacesTheirTransactionsFiveMilliseconds()
    {
        var pacer = new CheckPacer();
        List<Bench> benches = [];
        for (ulong i = 0; i < 10; i++)
        {
            benches.Add(new Bench(new IceAgentOptions { Pacer = pacer }, seed: i).Begin());
        }

        foreach (Bench bench in benches)
        {
            for (int k = 0; k < 5; k++)
            {
                bench.AddRemote(Bench.Remote(Wire.Address($"192.0.2.{10 + k}:6000"), foundation: "f" + k));
            }
        }

        Instant now = benches[0].Now;
        for (int i = 0; i < 2000; i++)
        {
            now += TimeSpan.FromMilliseconds(1);
            foreach (Bench bench in benches)
            {
                bench.Now = now;
                if (bench.Agent.NextTimeout <= now)
                {
                    bench.Agent.HandleTimeout(now);
                    bench.Drain();
                }
            }
        }

        Instant[] times = [.. benches.SelectMany(static bench => bench.Sent).Select(static packet => packet.When).Order()];
        Assert.InRange(times.Length, 200, 400);
        for (int i = 1; i < times.Length; i++)
        {
            Assert.True(times[i] - times[i - 1] >= TimeSpan.FromMilliseconds(5), $"{i}: {times[i] - times[i - 1]}");
        }

        Assert.All(benches, static bench => Assert.InRange(bench.Sent.Count, 15, 40));
        benches.ForEach(static bench => bench.Dispose());
    }

    // The default repeats as new transactions: never two datagrams with one identifier, and never nearer than 5 ms.
    [Fact]
    public void Default_NoAnswer_SendsSevenTransactionsAndWaits()
    {
        using Bench bench = new Bench().Begin();
        Instant start = bench.Now;
        bench.AddRemote(Bench.Remote(Bench.There));
        bench.Run(TimeSpan.FromMinutes(1));
        Assert.Equal([0.0, 50, 150, 350, 850, 1850, 3850], bench.Sent.Select(packet => Math.Round((packet.When - start).TotalMilliseconds)));
        Assert.Equal(7, bench.Sent.Select(static packet => packet.Id()).Distinct().Count());
    }

    // Every one of them can still be answered.
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    public void Default_LateAnswerToAnyOfThem_Counts(int index)
    {
        using Bench bench = new Bench().Begin();
        bench.AddRemote(Bench.Remote(Bench.There));
        bench.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(IceDisposition.Taken, bench.Receive(bench.Answer(bench.Sent[index])));
        Assert.True(bench.CanSend());
    }

    // Exactly the messages of two agents that find each other at once: two checks, one nomination, and nothing else before consent.
    [Fact]
    public void Session_HostToHost_TakesThreeRequestsAndThreeAnswers()
    {
        using var wire = new Wire();
        wire.A.AddHost("192.0.2.1:5000", wire.Now);
        wire.B.AddHost("192.0.2.2:6000", wire.Now);
        wire.Latency = TimeSpan.FromMilliseconds(2);
        wire.Signal();
        wire.Run(TimeSpan.FromSeconds(3.9));
        Assert.Equal(IceSessionState.Completed, wire.A.Agent.State);
        Assert.InRange(wire.A.Sent.Concat(wire.B.Sent).Count(static packet => packet.Class == StunClass.Request), 3, 5);
        Assert.Single(wire.A.Sent, static packet => packet.Nominates);
        Assert.DoesNotContain(wire.B.Sent, static packet => packet.Nominates);
        Assert.Equal(
            wire.A.Sent.Concat(wire.B.Sent).Count(static packet => packet.Class == StunClass.Request),
            wire.A.Sent.Concat(wire.B.Sent).Count(static packet => packet.Class == StunClass.SuccessResponse));
    }
}
