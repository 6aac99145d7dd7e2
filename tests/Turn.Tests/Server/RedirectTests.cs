using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>300 Try Alternate, and draining (RFC 8656 section 7.2, check 11; RFC 8489 section 10).</summary>
public sealed class RedirectTests
{
    private static readonly AlternateServer First = new(PeerAddresses.EndPoint("203.0.113.9:3478"), "turn1.example.org");
    private static readonly AlternateServer Second = new(PeerAddresses.EndPoint("203.0.113.10:3478"));
    private static readonly AlternateServer Third = new(PeerAddresses.EndPoint("[2001:db8::9]:3478"), "turn3.example.org");

    // RFC 8489 section 10: of the family of the request, protected by who knows the password; the servers take turns.
    [Fact]
    public void RedirectsAll_Allocate_IsSentToEachInTurn()
    {
        using TurnServerRun run = Run(static options => options with { RedirectsAll = true });
        string[] replies = [.. Enumerable.Range(0, 4).Select(_ => run.Alice.Allocate().Lines[0])];
        Assert.Equal(
            ["300 Allocate alternate=203.0.113.10:3478 MI", "300 Allocate alternate=203.0.113.9:3478 MI"],
            replies.Distinct(StringComparer.Ordinal));
        using TurnTestClient six = run.Client("alice", Endpoints.Alice6);
        six.Allocate().Are("300 Allocate alternate=[2001:db8::9]:3478 MI", "next none");
        Assert.Equal((0, 0), (run.Resources.AllocationCount, run.Sockets.CallCount));
    }

    // RFC 8489 section 10: only who has authenticated is redirected.
    [Fact]
    public void RedirectsAll_Unauthenticated_IsChallenged()
    {
        using TurnServerRun run = Run(static options => options with { RedirectsAll = true });
        run.Alice.Learn();
        Assert.NotNull(run.Alice.Nonce);
    }

    // RFC 8489 section 14.16: ALTERNATE-DOMAIN is for the certificate, so for TLS.
    [Theory]
    [InlineData(StunTransport.Tls, "300 Allocate alternate=[2001:db8::9]:3478 domain=turn3.example.org MI256")]
    [InlineData(StunTransport.Tcp, "300 Allocate alternate=[2001:db8::9]:3478 MI256")]
    public void RedirectsAll_Domain_IsForTls(StunTransport transport, string expected)
    {
        using TurnServerRun run = Run(static options => options with { RedirectsAll = true });
        using TurnTestClient client = run.Client("alice", Endpoints.Alice6, transport);
        client.Allocate().Are(expected, "next none");
    }

    // No server of the client's family: nowhere to send it.
    [Fact]
    public void RedirectsAll_NoServerOfTheFamily_Responds508()
    {
        using TurnServerRun run = Run(static options => options with { RedirectsAll = true, AlternateServers = [Third] });
        run.Alice.Allocate().Are("508 Allocate MI", "next none");
    }

    // RFC 8656 section 7.2: the checks that make a request bad come first.
    [Fact]
    public void RedirectsAll_BadRequest_Responds400()
    {
        using TurnServerRun run = Run(static options => options with { RedirectsAll = true });
        run.Alice.Request(StunMethod.Allocate).Expect(400);
    }

    // Full: somewhere else there may be room. A user who has his share is not sent to take another one.
    [Fact]
    public void Full_Allocate_IsRedirected()
    {
        using TurnServerRun run = Run(static options => options with { Limits = options.Limits with { Allocations = 2, AllocationsPerUser = 1 } });
        run.Alice.Allocate().Expect(200);
        using TurnTestClient second = run.Client("alice", Endpoints.Alice.WithPort(1));
        second.Allocate().Expect(486);
        run.Bob.Allocate().Expect(200);
        second.Allocate().Expect(300);
    }

    [Fact]
    public void NoPorts_Allocate_IsRedirected()
    {
        using TurnServerRun run = Run(static options => options);
        run.Sockets.Answer = static _ => RelayOpenStatus.Exhausted;
        run.Alice.Allocate().Expect(300);
        Assert.Equal(0, run.Resources.AllocationCount);
    }

    // security.md T63, K4: no new ones, and the old ones to their end.
    [Theory]
    [InlineData(true, 300)]
    [InlineData(false, 508)]
    public void Drain_Server_TakesNoNewAndKeepsTheOld(bool alternates, int code)
    {
        using TurnServerRun run = Run(options => alternates ? options : options with { AlternateServers = [] });
        run.Alice.Allocate().Expect(200);
        run.Do(static server => server.Drain()).Are("next 600");
        run.Bob.Allocate().Expect(code);
        run.Alice.Refresh(700).Are("200 Refresh lifetime=700 MI", "next 700");
        run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        run.Alice.OnChannel(0x4000, "x").Are("1 -> 5.6.7.8:7000 'x'", "next 700");
        run.Alice.Refresh(0).Expect(200);
        run.Alice.Allocate().Expect(code);
        Assert.Equal(0, run.Server.AllocationCount);
    }

    // A repeated Allocate of before is answered as before.
    [Fact]
    public void Drain_AllocateSentAgain_GetsTheOldReply()
    {
        using TurnServerRun run = Run(static options => options);
        TurnOutputs first = run.Alice.Allocate().Expect(200);
        run.Server.Drain();
        Assert.Equal(first.Reply, run.Alice.Repeat().Reply);
    }

    private static TurnServerRun Run(Func<TurnServerOptions, TurnServerOptions> change)
        => new(change(TurnServerRun.Options with { AlternateServers = [First, Second, Third] }));
}
