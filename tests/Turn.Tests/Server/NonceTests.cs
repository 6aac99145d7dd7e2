using System;
using System.Linq;
using System.Text;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>Nonces without memory (RFC 8489 section 9.2; RFC 8656 section 5: at least one an hour; security.md section 2).</summary>
public sealed class NonceTests
{
    private const long Day = 24 * 3600;

    private static readonly DateTimeOffset Midnight = DateTimeOffset.FromUnixTimeSeconds(20_000 * Day);

    [Fact]
    public void Nonce_IsElevenCharactersOfTheAlphabet()
    {
        using NonceIssuer issuer = Issuer();
        byte[] nonce = Issue(issuer, Endpoints.Alice, 0);
        Assert.Equal(11, nonce.Length);
        Assert.All(Encoding.ASCII.GetString(nonce), static c => Assert.True(char.IsAsciiLetterOrDigit(c) || c is '+' or '/'));
    }

    // security.md A19: of the client's address and port, both families.
    [Fact]
    public void Nonce_OfAnotherClient_IsInvalid()
    {
        using NonceIssuer issuer = Issuer();
        TransportAddress[] clients =
        [
            Endpoints.Alice, Endpoints.Alice.WithPort(40001), Endpoints.Bob, Endpoints.Alice6, Endpoints.Alice6.WithPort(1),
            PeerAddresses.EndPoint("[::198.51.100.7]:40000"),
        ];
        foreach (TransportAddress owner in clients)
        {
            byte[] nonce = Issue(issuer, owner, 0);
            Assert.Equal([owner], clients.Where(client => issuer.IsValid(nonce, client, At(0))));
        }
    }

    // 600 s by default, in steps of 4 s.
    [Theory]
    [InlineData(0, true)]
    [InlineData(599, true)]
    [InlineData(600, true)]
    [InlineData(604, false)]
    [InlineData(3600, false)]
    public void Nonce_Age_IsBounded(int age, bool valid)
    {
        using NonceIssuer issuer = Issuer();
        Assert.Equal(valid, issuer.IsValid(Issue(issuer, Endpoints.Alice, 0), Endpoints.Alice, At(age)));
    }

    // The clocks of a fleet differ a little: a minute ahead is good, more is not.
    [Theory]
    [InlineData(-60, true)]
    [InlineData(-64, false)]
    [InlineData(60, true)]
    [InlineData(600, true)]
    [InlineData(608, false)]
    public void Nonce_OfAServerWithAnotherClock_IsValidWithinAMinute(int behind, bool valid)
    {
        using NonceIssuer here = Issuer();
        using NonceIssuer there = Issuer(secret: 1, Midnight.AddSeconds(-behind));
        Assert.Equal(valid, here.IsValid(Issue(there, Endpoints.Alice, 0), Endpoints.Alice, At(0)));
    }

    // The tag's key changes at midnight; what was issued before stays valid.
    [Fact]
    public void Nonce_OverMidnight_StaysValid()
    {
        using NonceIssuer issuer = Issuer();
        byte[] nonce = Issue(issuer, Endpoints.Alice, Day - 4);
        Assert.True(issuer.IsValid(nonce, Endpoints.Alice, At(Day + 500)));
        Assert.False(issuer.IsValid(nonce, Endpoints.Alice, At(Day + 604)));
    }

    // Sixteen bits of time come round after 65536 steps of 4 s: the whole time is under the tag.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void Nonce_OfARoundAgo_IsInvalid(int rounds)
    {
        using NonceIssuer issuer = Issuer();
        byte[] nonce = Issue(issuer, Endpoints.Alice, 1000);
        Assert.False(issuer.IsValid(nonce, Endpoints.Alice, At(1000 + (rounds * 65536L * 4))));
        Assert.False(issuer.IsValid(nonce, Endpoints.Alice, At(1000 + (rounds * 65536L * 4) + 40)));
    }

    // security.md V33: the edges of the counter.
    [Fact]
    public void Nonce_AroundTheEdgeOfTheCounter_IsValid()
    {
        using NonceIssuer issuer = Issuer();
        long units = Midnight.ToUnixTimeSeconds() / 4;
        long edge = (65536 - (units & 0xFFFF)) * 4;
        foreach (long at in (long[])[edge - 8, edge - 4, edge, edge + 4, edge + (32768 * 4) - 4, edge + (32768 * 4)])
        {
            byte[] nonce = Issue(issuer, Endpoints.Alice, at);
            Assert.True(issuer.IsValid(nonce, Endpoints.Alice, At(at + 600)));
            Assert.True(issuer.IsValid(nonce, Endpoints.Alice, At(at - 60)));
            Assert.False(issuer.IsValid(nonce, Endpoints.Alice, At(at + 604)));
        }
    }

    // security.md A20: any other character anywhere.
    [Fact]
    public void Nonce_AnyCharacterChanged_IsInvalid()
    {
        using NonceIssuer issuer = Issuer();
        byte[] nonce = Issue(issuer, Endpoints.Alice, 0);
        for (int i = 0; i < nonce.Length; i++)
        {
            foreach (char c in "ABab09+/=\"- \0\u007F")
            {
                byte[] changed = [.. nonce];
                changed[i] = (byte)c;
                Assert.Equal(changed.AsSpan().SequenceEqual(nonce), issuer.IsValid(changed, Endpoints.Alice, At(0)));
            }
        }
    }

    [Fact]
    public void Nonce_OfAnotherLength_IsInvalid()
    {
        using NonceIssuer issuer = Issuer();
        byte[] nonce = Issue(issuer, Endpoints.Alice, 0);
        for (int length = 0; length < 11; length++)
        {
            Assert.False(issuer.IsValid(nonce.AsSpan(0, length), Endpoints.Alice, At(0)));
        }

        Assert.False(issuer.IsValid([.. nonce, (byte)'A'], Endpoints.Alice, At(0)));
        Assert.False(issuer.IsValid(new byte[11], Endpoints.Alice, At(0)));
    }

    [Fact]
    public void Nonce_OfAnotherKey_IsInvalid()
    {
        using NonceIssuer other = Issuer(secret: 2, Midnight);
        using NonceIssuer issuer = Issuer();
        byte[] nonce = Issue(other, Endpoints.Alice, 0);
        Assert.False(issuer.IsValid(nonce, Endpoints.Alice, At(0)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Key_OfAnotherSize_IsRefused(int size)
        => Assert.Throws<ArgumentException>(() => new NonceSecrets(new byte[size], default, Midnight, TimeSpan.FromSeconds(600)));

    // RFC 8489 section 9.2.4: 438 with a new nonce for who knows the password. security.md T09: the allocation is kept.
    [Fact]
    public void Server_NonceExpired_Responds438AndKeepsTheAllocation()
    {
        using var run = new TurnServerRun();
        run.Alice.KeepsNonce = true;
        run.Alice.Allocate(static (ref StunMessageWriter writer) => writer.AddLifetime(TimeSpan.FromHours(1))).Expect(200);
        run.Skip(604);
        TurnOutputs stale = run.Alice.Refresh();
        stale.Are("438 Refresh realm=example.org nonce", "next 3600");
        run.Alice.Learn(stale);
        run.Alice.Refresh().Are("200 Refresh lifetime=600 MI", "next 1204");
    }

    // RFC 8489 section 9.2.4 judges the password first: whoever does not know it is not told that the nonce is old.
    [Fact]
    public void Server_NonceExpiredAndWrongPassword_Responds401()
    {
        using var run = new TurnServerRun();
        run.Alice.KeepsNonce = true;
        run.Alice.Learn();
        run.Alice.Password = "wrong";
        run.Skip(604);
        run.Alice.Refresh().Are("401 Refresh realm=example.org nonce", "next none");
    }

    // security.md A17, A19, A20.
    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("obMatJos2AAAA")]
    [InlineData("obMatJos2AAAAabcdefghijk")]
    [InlineData("0123456789abcdef")]
    public void Server_NonceOfNobody_Responds438(string nonce)
    {
        using var run = new TurnServerRun();
        run.Alice.Nonce = Encoding.ASCII.GetBytes(nonce);
        run.Alice.Allocate().Are("438 Allocate realm=example.org nonce", "next none");
    }

    [Fact]
    public void Server_NonceWithABitFlipped_Responds438()
    {
        using var run = new TurnServerRun();
        run.Alice.Learn();
        byte[] good = run.Alice.Nonce!;
        for (int i = 0; i < good.Length; i++)
        {
            // A second apart, so that the budget of replies does not end it.
            run.Skip(1);
            run.Alice.Nonce = TurnTestClient.Flip(good, i);
            int code = run.Alice.Allocate().Code;

            // A nonce whose cookie claims that algorithms were offered is a bid-down, or the nonce of nobody.
            Assert.True(code is 438 or 400, $"{i}: {code}");
        }

        run.Alice.Nonce = good;
        run.Alice.Allocate().Expect(200);
    }

    [Fact]
    public void Server_NonceOfAnotherClient_Responds438()
    {
        using var run = new TurnServerRun();
        run.Alice.Learn();
        run.Bob.Nonce = run.Alice.Nonce;
        run.Bob.Allocate().Are("438 Allocate realm=example.org nonce", "next none");
    }

    // RFC 8489 section 9.2.5: features that were not offered, on a transport with others. The nonce of TCP is none of UDP.
    [Fact]
    public void Server_NonceOfAnotherTransport_Responds438Or400()
    {
        using var run = new TurnServerRun();
        using TurnTestClient tcp = run.Client("alice", Endpoints.Alice, StunTransport.Tcp);
        tcp.Learn();
        run.Alice.Nonce = tcp.Nonce;
        run.Alice.Allocate().Expect(438);
    }

    // security.md T10: another key knows no nonce and no allocation, and the client finds back.
    [Fact]
    public void Server_Restarted_Responds438And437()
    {
        using var before = new TurnServerRun();
        before.Alice.Allocate().Expect(200);
        using var after = new TurnServerRun();
        after.Resources.ChangeNonceKey(TurnServerRun.NonceKey(8));
        after.Resources.ChangeNonceKey(TurnServerRun.NonceKey(9));
        after.Alice.Nonce = before.Alice.Nonce;
        TurnOutputs stale = after.Alice.Refresh();
        stale.Are("438 Refresh realm=example.org nonce", "next none");
        after.Alice.Learn(stale);
        after.Alice.Refresh().Are("437 Refresh MI", "next none");
        after.Alice.Allocate().Expect(200);
    }

    // A key that changes takes the nonces of the one before along, but not of the one before that; a new configuration in between is no reason.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Server_NonceKeyChanged_PreviousIsStillGood(bool reconfigured)
    {
        using var run = new TurnServerRun();
        run.Alice.Learn();
        run.Resources.ChangeNonceKey(TurnServerRun.NonceKey(2));
        if (reconfigured)
        {
            run.Resources.Reconfigure(run.ServerOptions.Limits, ReplyRateLimit.Default);
        }

        run.Alice.Allocate().Expect(200);
        run.Resources.ChangeNonceKey(TurnServerRun.NonceKey(3));
        run.Alice.Refresh().Expect(438);
    }

    // security.md T60: the clock of the wall is asked once.
    [Fact]
    public void Server_NonceLifetime_IsConfigured()
    {
        using var run = new TurnServerRun(TurnServerRun.Limited(static limits => limits with { NonceLifetime = TimeSpan.FromSeconds(60) }));
        run.Alice.KeepsNonce = true;
        run.Alice.Allocate().Expect(200);
        run.Skip(60);
        run.Alice.Refresh().Expect(200);
        run.Skip(4);
        run.Alice.Refresh().Expect(438);
    }

    private static NonceIssuer Issuer() => Issuer(secret: 1, Midnight);

    private static NonceIssuer Issuer(byte secret, DateTimeOffset startedAt)
        => new(new NonceSecrets(TurnServerRun.NonceKey(secret), default, startedAt, TimeSpan.FromSeconds(600)));

    private static Instant At(long seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);

    private static byte[] Issue(NonceIssuer issuer, TransportAddress client, long seconds)
    {
        byte[] nonce = new byte[64];
        return nonce[..issuer.Issue(client, At(seconds), nonce)];
    }
}
