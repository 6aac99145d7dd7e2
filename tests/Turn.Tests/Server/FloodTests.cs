using System;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>What sources that have proven nothing can cause, and those that guess (security.md section 2, V10, V11, T49, T51).</summary>
public sealed class FloodTests : IDisposable
{
    private static readonly Attributes Udp = static (ref StunMessageWriter writer) => writer.AddRequestedTransport(RelayProtocol.Udp);

    private readonly TurnServerRun _run = new();

    public void Dispose() => _run.Dispose();

    // security.md T51: ten thousand a second in a victim's name.
    [Fact]
    public void Challenges_FloodOfOneSource_AreTwentyAndThenTenASecond()
    {
        int[] replies = new int[4];
        byte[] request = _run.Alice.Build(StunMethod.Allocate, Udp, signed: false);
        byte[] buffer = new byte[TurnServer.MinReplyBuffer];
        for (int i = 0; i < 40_000; i++)
        {
            FiveTuple path = Endpoints.Path(Endpoints.Alice.WithPort(1 + (i % 60_000)));
            Instant now = Instant.Zero + TimeSpan.FromTicks(i * 1000L);
            TurnServerStep step = _run.Server.HandleClientMessage(request, path, buffer, now);
            Assert.True(step.Disposition is TurnServerDisposition.Challenged or TurnServerDisposition.RateLimited);
            replies[i / 10_000] += step.Action == TurnServerAction.Reply ? 1 : 0;
        }

        Assert.InRange(replies[0], 20, 30);
        Assert.All(replies[1..], static count => Assert.InRange(count, 9, 10));
    }

    // Binding on the same port has no budget of its own, nor have errors.
    [Fact]
    public void Replies_OfAllKinds_ShareTheBudget()
    {
        byte[][] requests =
        [
            _run.Alice.Build(StunMethod.Binding, signed: false),
            _run.Alice.Build(StunMethod.Allocate, Udp, signed: false),
            _run.Alice.Build(StunMethod.Refresh, static (ref StunMessageWriter writer) => writer.Add(StunAttributeType.MessageIntegrity, new byte[20]), signed: false),
            _run.Alice.Build(StunMethod.Binding, static (ref StunMessageWriter writer) => writer.AddFlag((StunAttributeType)0x7001), signed: false),
        ];
        int replies = Enumerable.Range(0, 100).Count(i => _run.Receive(requests[i % 4], _run.Alice.Path).Reply.Length != 0);
        Assert.Equal(20, replies);
        Assert.Equal(TurnServerDisposition.RateLimited, _run.Receive(requests[0], _run.Alice.Path).Disposition);
        Assert.Equal(TurnServerDisposition.RateLimited, _run.Receive(requests[1], _run.Alice.Path).Disposition);
    }

    // An IPv4 address or an IPv6 /64 is a source.
    [Theory]
    [InlineData("198.51.100.7:1", "198.51.100.7:2", true)]
    [InlineData("198.51.100.7:1", "198.51.100.8:1", false)]
    [InlineData("[2001:db8:1:2::1]:1", "[2001:db8:1:2:ffff::9]:1", true)]
    [InlineData("[2001:db8:1:2::1]:1", "[2001:db8:1:3::1]:1", false)]
    public void Challenges_SameNetwork_ShareTheBudget(string first, string second, bool shared)
    {
        byte[] request = _run.Alice.Build(StunMethod.Allocate, Udp, signed: false);
        for (int i = 0; i < 20; i++)
        {
            _run.Receive(request, Endpoints.Path(PeerAddresses.EndPoint(first))).Expect(401);
        }

        TurnServerDisposition disposition = _run.Receive(request, Endpoints.Path(PeerAddresses.EndPoint(second))).Disposition;
        Assert.Equal(shared ? TurnServerDisposition.RateLimited : TurnServerDisposition.Challenged, disposition);
    }

    // A handshake has proven the address.
    [Theory]
    [InlineData(StunTransport.Tcp)]
    [InlineData(StunTransport.Tls)]
    public void Challenges_OverStreams_AreNotLimited(StunTransport transport)
    {
        using TurnTestClient client = _run.Client("alice", Endpoints.Alice, transport);
        for (int i = 0; i < 1000; i++)
        {
            client.Learn();
        }
    }

    // Who has authenticated is not limited either.
    [Fact]
    public void Requests_Accepted_AreNotLimited()
    {
        _run.Alice.Allocate().Expect(200);
        for (int i = 0; i < 1000; i++)
        {
            _run.Alice.Refresh().Expect(200);
        }
    }

    // security.md section 2: 20,000 a second for all, half of it for those with a nonce of ours.
    [Fact]
    public void Challenges_FloodOfAllSources_LeavesHalfToTheProven()
    {
        _run.Alice.Learn();
        _run.Bob.Learn();
        byte[] request = _run.Alice.Build(StunMethod.Allocate, Udp, signed: false);
        int replies = 0;
        for (uint i = 0; i < 5000; i++)
        {
            replies += _run.Receive(request, Endpoints.Path(TransportAddress.FromIPv4(0x0B000000 + i, 9))).Reply.Length != 0 ? 1 : 0;
        }

        // A tenth of a second's share at once.
        Assert.InRange(replies, 900, 1000);
        Assert.Equal(TurnServerDisposition.RateLimited, _run.Receive(request, _run.Alice.Path).Disposition);
        _run.Alice.Password = "wrong";
        _run.Alice.Allocate().Expect(401);
        _run.Bob.Allocate().Expect(200);
    }

    // No limit where the operator wants none.
    [Fact]
    public void Challenges_LimitSwitchedOff_AreNotLimited()
    {
        var resources = new TurnServerResources(new TurnServerLimits(), null, TurnServerRun.NonceKey(1), TurnServerRun.StartedAt, new CountingRandom());
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(resources.TryTakeReply(Endpoints.Alice, proven: false, Instant.Zero)));
    }

    // security.md section 2, strict amplification: never more out than in, as long as the source is unproven.
    [Fact]
    public void Strict_Challenge_IsNeverLargerThanTheRequest()
    {
        using var run = new TurnServerRun(TurnServerRun.Options with { StrictAmplification = true });
        run.Receive(run.Alice.Build(StunMethod.Allocate, Udp, signed: false), run.Alice.Path).AreSilent(TurnServerDisposition.RateLimited, "next none");
        byte[] just = run.Alice.Build(StunMethod.Allocate, Padded(72 - 28), signed: false);
        byte[] less = run.Alice.Build(StunMethod.Allocate, Padded(72 - 28 - 4), signed: false);
        Assert.Equal((72, 68), (just.Length, less.Length));
        run.Receive(less, run.Alice.Path).AreSilent(TurnServerDisposition.RateLimited, "next none");
        run.Alice.Learn(run.Receive(just, run.Alice.Path).Expect(401));
        run.Alice.Allocate().Expect(200);
    }

    // Over a stream nobody's address is forged.
    [Fact]
    public void Strict_Streams_AreNotConcerned()
    {
        using var run = new TurnServerRun(TurnServerRun.Options with { StrictAmplification = true });
        using TurnTestClient tcp = run.Client("alice", Endpoints.Alice, StunTransport.Tcp);
        tcp.Allocate().Expect(200);
        Assert.Equal(32, run.Receive(run.Alice.Build(StunMethod.Binding, signed: false), tcp.Path).Reply.Length);
    }

    // security.md section 2: pre-authentication replies, Binding among them; a bare one is 20 bytes and its answer 32.
    [Theory]
    [InlineData(0, false)]
    [InlineData(4, false)]
    [InlineData(8, true)]
    public void Strict_Binding_IsNeverLargerThanTheRequest(int padding, bool answered)
    {
        using var run = new TurnServerRun(TurnServerRun.Options with { StrictAmplification = true });
        byte[] request = run.Alice.Build(
            StunMethod.Binding,
            (ref StunMessageWriter writer) =>
            {
                if (padding != 0)
                {
                    writer.Add(StunAttributeType.Software, new byte[padding]);
                }
            },
            signed: false);
        TurnOutputs outputs = run.Receive(request, run.Alice.Path);
        Assert.Equal(answered ? 32 : 0, outputs.Reply.Length);
        Assert.Equal(answered ? TurnServerDisposition.Answered : TurnServerDisposition.RateLimited, outputs.Disposition);
    }

    // security.md T49: five wrong passwords in ten seconds, then thirty seconds of silence for the source.
    [Fact]
    public void Failures_FiveOfASource_SilenceItForThirtySeconds()
    {
        Fail(_run, 5);
        _run.Skip(1);
        _run.Alice.Password = _run.Users.PasswordOf("alice");
        _run.Alice.Allocate().AreSilent(TurnServerDisposition.Silenced, "next none");
        Assert.Equal(TurnServerDisposition.Silenced, _run.Receive(_run.Alice.Build(StunMethod.Allocate, Udp, signed: false), _run.Alice.Path).Disposition);

        // Nobody is locked out by name.
        using TurnTestClient elsewhere = _run.Client("alice", Endpoints.Bob);
        elsewhere.Allocate().Expect(200);
        _run.Skip(28.999);
        _run.Alice.Allocate().AreSilent(TurnServerDisposition.Silenced, "next 601");
        _run.Skip(0.001);
        _run.Alice.Allocate().Expect(200);
    }

    // Another port of the address is the same source; over TCP too.
    [Fact]
    public void Failures_OtherPortOrTransport_IsTheSameSource()
    {
        Fail(_run, 5);
        using TurnTestClient tcp = _run.Client("alice", Endpoints.Alice.WithPort(1), StunTransport.Tcp);
        Assert.Equal(TurnServerDisposition.Silenced, _run.Receive(tcp.Build(StunMethod.Allocate, Udp, signed: false), tcp.Path).Disposition);
    }

    // Fewer than five in ten seconds are never held against anybody.
    [Fact]
    public void Failures_FourInTenSeconds_AreForgotten()
    {
        for (int i = 0; i < 10; i++)
        {
            Fail(_run, 4);
            _run.Skip(10);
        }

        _run.Alice.Password = _run.Users.PasswordOf("alice");
        _run.Alice.Allocate().Expect(200);
    }

    // Others behind the same NAT keep what they have.
    [Fact]
    public void Failures_FiveTupleWithAnAllocation_IsStillHeard()
    {
        using TurnTestClient neighbour = _run.Client("bob", Endpoints.Alice.WithPort(41000));
        neighbour.Allocate().Expect(200);
        Fail(_run, 5);
        neighbour.Refresh().Expect(200);
        neighbour.Permit(Endpoints.Peer).Expect(200);
        neighbour.Send(Endpoints.Peer, "x").Are("1 -> 5.6.7.8:7000 'x'", "next 600");
        using TurnTestClient second = _run.Client("bob", Endpoints.Alice.WithPort(41001));
        second.Nonce = neighbour.Nonce;
        second.Allocate().AreSilent(TurnServerDisposition.Silenced, "next 600");
    }

    // Nor is an allocation a place to try the passwords of others from: not even the right one is told from a wrong one.
    [Theory]
    [InlineData(StunTransport.Udp)]
    [InlineData(StunTransport.Tcp)]
    public void Failures_GuessingOnTheOwnAllocation_IsSilenced(StunTransport transport)
    {
        using TurnTestClient mallory = _run.Client("bob", Endpoints.Alice, transport);
        using TurnTestClient guess = _run.Client("alice", Endpoints.Alice, transport);
        mallory.Allocate().Expect(200);
        guess.Password = "guess";
        for (int i = 0; i < 5; i++)
        {
            guess.Refresh().Expect(401);
        }

        guess.Refresh().AreSilent(TurnServerDisposition.Silenced, "next 600");
        guess.Password = _run.Users.PasswordOf("alice");
        guess.Refresh().AreSilent(TurnServerDisposition.Silenced, "next 600");
        mallory.Refresh().Expect(200);
        mallory.Learn();
        mallory.Refresh().Expect(200);
    }

    // Whoever does not tell his name is known by its hash.
    [Fact]
    public void Failures_AnonymousUserWithAnAllocation_IsStillHeard()
    {
        using var run = new TurnServerRun(TurnServerRun.Options with { OffersUsernameAnonymity = true });
        using TurnTestClient neighbour = run.Client("bob", Endpoints.Alice.WithPort(41000));
        neighbour.Allocate().Expect(200);
        Fail(run, 5);
        byte[] hash = new byte[Userhash.Size];
        foreach ((string user, int code) in ((string, int)[])[("bob", 200), ("alice", 0)])
        {
            Userhash.Compute(user, TurnServerRun.Realm, hash);
            byte[] request = neighbour.Build(
                StunMethod.Refresh,
                (ref StunMessageWriter writer) =>
                {
                    writer.Add(StunAttributeType.Userhash, hash);
                    writer.AddRealm("example.org"u8);
                    writer.AddNonce(neighbour.Nonce);
                    writer.AddMessageIntegrity(neighbour.Key);
                },
                signed: false);
            neighbour.Deliver(request).Expect(code);
        }
    }

    // Whoever forges a victim's address has no nonce of his: the victim is asked and heard as ever.
    [Fact]
    public void Failures_WithoutANonceOfOurs_DoNotSilenceTheProven()
    {
        for (int i = 0; i < 10; i++)
        {
            using TurnTestClient forged = _run.Client("alice", Endpoints.Alice.WithPort(5000 + i));
            forged.Nonce = new byte[24];
            forged.Password = "guess";
            TurnOutputs outputs = forged.Allocate();
            Assert.Equal(i < 5 ? TurnServerDisposition.Challenged : TurnServerDisposition.Silenced, outputs.Disposition);
        }

        _run.Alice.Allocate().Expect(200);
    }

    // A stale nonce is no failure.
    [Fact]
    public void Failures_StaleNonces_AreNone()
    {
        _run.Alice.Nonce = new byte[24];
        for (int i = 0; i < 10; i++)
        {
            _run.Alice.Allocate().Expect(438);
        }

        _run.Alice.Nonce = null;
        _run.Alice.Allocate().Expect(200);
    }

    private static Attributes Padded(int bytes) => (ref StunMessageWriter writer) =>
    {
        writer.AddRequestedTransport(RelayProtocol.Udp);
        writer.Add(StunAttributeType.Software, new byte[bytes - 4]);
    };

    private static void Fail(TurnServerRun run, int times)
    {
        run.Alice.Password = "wrong";
        for (int i = 0; i < times; i++)
        {
            run.Alice.Allocate().Expect(401);
        }
    }
}
