using System;
using System.Linq;
using System.Text;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>RFC 8489 sections 9.2.3 and 9.2.5, bullet by bullet; bid-down attempts; both ends together.</summary>
public sealed class LongTermClientTests : IDisposable
{
    private const StunErrorCode Unauthenticated = StunErrorCode.Unauthenticated;
    private const StunErrorCode Stale = StunErrorCode.StaleNonce;
    private const StunPasswordAlgorithm Md5 = StunPasswordAlgorithm.Md5;
    private const StunPasswordAlgorithm Sha256 = StunPasswordAlgorithm.Sha256;
    private static readonly string Offering = CredentialBench.Cookie(StunSecurityFeatures.PasswordAlgorithms) + "n";
    private static readonly string Bare = CredentialBench.Cookie(StunSecurityFeatures.None) + "n";

    private readonly CredentialBench _bench = new();
    private readonly LongTermClient _client = new(new LongTermCredential(CredentialBench.User, CredentialBench.Password));

    public static TheoryData<StunPasswordAlgorithm[], bool> Offers
    {
        get
        {
            var offers = new TheoryData<StunPasswordAlgorithm[], bool>();
            foreach (StunPasswordAlgorithm[] algorithms in (StunPasswordAlgorithm[][])[[], [Md5], [Sha256], [Sha256, Md5], [Md5, Sha256]])
            {
                offers.Add(algorithms, false);
                offers.Add(algorithms, true);
            }

            return offers;
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public void Request_First_IsBare() => Assert.Empty(CredentialBench.Types(CredentialBench.Request(_client)));

    [Theory]
    [MemberData(nameof(Offers))]
    public void BothEnds_EveryOffer_Agree(StunPasswordAlgorithm[] algorithms, bool anonymity)
    {
        LongTermServer server = _bench.Server(algorithms, anonymity);
        Assert.Equal(RequestVerdict.Unauthenticated, CredentialBench.Serve(server, CredentialBench.Request(_client), out byte[] challenge));
        Assert.Equal(ResponseVerdict.Accept, CredentialBench.Judge(_client, challenge));
        Assert.Equal(ChallengeDecision.Retry, CredentialBench.Decide(_client, challenge));
        byte[] request = CredentialBench.Request(_client);
        StunAttributeType user = anonymity ? StunAttributeType.Userhash : StunAttributeType.Username;
        Assert.Equal(
            algorithms.Length == 0
                ? [user, StunAttributeType.Realm, StunAttributeType.Nonce, StunAttributeType.MessageIntegrity]
                : [user, StunAttributeType.Realm, StunAttributeType.Nonce, StunAttributeType.PasswordAlgorithms, StunAttributeType.PasswordAlgorithm, StunAttributeType.MessageIntegritySha256],
            CredentialBench.Types(request));
        Assert.Equal(
            algorithms.Length == 0 ? StunAttributeStatus.Absent : StunAttributeStatus.Present,
            CredentialBench.Decode(request).ReadPasswordAlgorithm(out StunPasswordAlgorithm chosen, out _));
        Assert.Equal(algorithms.FirstOrDefault(), chosen);
        Assert.Equal(RequestVerdict.Accepted, CredentialBench.Serve(server, request, out byte[] response));
        Assert.Equal(ResponseVerdict.Accept, CredentialBench.Judge(_client, response));

        // Section 9.2.3.2: the cached values serve the next request; then the nonce grows stale.
        Assert.Equal(RequestVerdict.Accepted, CredentialBench.Serve(server, CredentialBench.Request(_client), out _));
        _bench.NonceIsValid = static nonce => nonce.EndsWith("0001", StringComparison.Ordinal);
        Assert.Equal(RequestVerdict.StaleNonce, CredentialBench.Serve(server, CredentialBench.Request(_client), out byte[] stale));
        Assert.Equal(ResponseVerdict.Accept, CredentialBench.Judge(_client, stale));
        Assert.Equal(ChallengeDecision.Retry, CredentialBench.Decide(_client, stale));
        Assert.Equal(RequestVerdict.Accepted, CredentialBench.Serve(server, CredentialBench.Request(_client), out _));
    }

    [Theory]
    [InlineData(Unauthenticated)]
    [InlineData(Stale)]
    public void Challenge_CookieOffersButTheListIsMissing_IsABidDown(StunErrorCode code)
    {
        Assert.Equal(ChallengeDecision.BidDown, Decide(code, CredentialBench.Realm, Offering));
        Assert.False(_client.IsChallenged);
    }

    [Theory]
    [InlineData(null, "n")]
    [InlineData("r", null)]
    [InlineData("", "n")]
    [InlineData("r", "")]
    public void Challenge_RealmOrNonceMissing_IsMalformed(string? realm, string? nonce)
        => Assert.Equal(ChallengeDecision.Malformed, CredentialBench.Decide(_client, CredentialBench.Message(
            StunClass.ErrorResponse,
            (ref StunMessageWriter writer) =>
            {
                writer.AddErrorCode(Unauthenticated);
                if (realm is not null)
                {
                    writer.Add(StunAttributeType.Realm, Encoding.UTF8.GetBytes(realm));
                }

                if (nonce is not null)
                {
                    writer.Add(StunAttributeType.Nonce, Encoding.UTF8.GetBytes(nonce));
                }
            })));

    [Fact]
    public void Challenge_NoSupportedAlgorithm_IsNotRetried()
        => Assert.Equal(ChallengeDecision.NoSupportedAlgorithm, Decide(Unauthenticated, "r", Offering, (StunPasswordAlgorithm)9));

    [Fact]
    public void Challenge_UnknownAlgorithmFirst_TakesTheFirstSupportedAndEchoesAll()
    {
        Assert.Equal(ChallengeDecision.Retry, Decide(Unauthenticated, "r", Offering, (StunPasswordAlgorithm)9, Sha256, Md5));
        StunMessage request = CredentialBench.Decode(CredentialBench.Request(_client));
        request.ReadPasswordAlgorithm(out StunPasswordAlgorithm chosen, out _);
        request.ReadPasswordAlgorithms(out PasswordAlgorithmList echoed);
        Assert.Equal((Sha256, 3), (chosen, echoed.Count));
    }

    [Theory]
    [InlineData(StunErrorCode.BadRequest)]
    [InlineData(StunErrorCode.AllocationMismatch)]
    public void Challenge_OtherCode_IsNone(StunErrorCode code) => Assert.Equal(ChallengeDecision.NotAChallenge, Decide(code, "r", "n"));

    [Fact]
    public void Challenge_SameRealmAgain_IsARefusalAfterTwoTries()
    {
        Assert.Equal(ChallengeDecision.Retry, Decide(Unauthenticated, "r", "n1"));
        CredentialBench.Request(_client);
        Assert.Equal(ChallengeDecision.Refused, Decide(Unauthenticated, "r", "n2"));
    }

    [Fact]
    public void Challenge_EverNewRealm_IsRefusedInTheEnd()
    {
        int tries = 0;
        do
        {
            CredentialBench.Request(_client);
            tries++;
        }
        while (Decide(Unauthenticated, $"realm-{tries}", $"n{tries}") == ChallengeDecision.Retry && tries < 100);
        Assert.InRange(tries, 2, 3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void StaleNonce_ForEver_IsRefusedAfterThree(bool sameNonce)
    {
        Assert.Equal(ChallengeDecision.Retry, Decide(Unauthenticated, "r", "n"));
        int retries = 0;
        CredentialBench.Request(_client);
        while (Decide(Stale, "r", sameNonce ? "n" : $"n{retries}") == ChallengeDecision.Retry && retries < 100)
        {
            retries++;
            CredentialBench.Request(_client);
        }

        Assert.Equal(LongTermClient.MaxStaleNonces, retries);
    }

    [Fact]
    public void StaleNonce_OfRequestsWithAnOlderNonce_IsNoneOfThree()
    {
        Challenged("n0");
        for (int round = 1; round <= 10; round++)
        {
            byte[][] inFlight = [.. Enumerable.Range(0, 5).Select(_ => CredentialBench.Request(_client))];
            foreach (byte[] request in inFlight)
            {
                byte[] refusal = CredentialBench.Challenge(Stale, CredentialBench.Realm, $"n{round}-{Guid.NewGuid()}");
                Assert.Equal(round <= LongTermClient.MaxStaleNonces ? ChallengeDecision.Retry : ChallengeDecision.Refused, Decide(request, refusal));
                if (round > LongTermClient.MaxStaleNonces)
                {
                    return;
                }
            }
        }
    }

    [Fact]
    public void Challenge_OfARequestBuiltBeforeTheFirst_IsRetriedOnce()
    {
        byte[] bare = CredentialBench.Request(_client);
        Challenged("n1");
        byte[] refusal = CredentialBench.Challenge(Unauthenticated, CredentialBench.Realm, "n2");
        Assert.Equal(ChallengeDecision.Retry, Decide(bare, refusal));
        Assert.Equal(ChallengeDecision.Refused, Decide(CredentialBench.Request(_client), refusal));
    }

    [Fact]
    public void Challenge_OfferTooLongToSendBack_IsMalformed()
        => Assert.Equal(ChallengeDecision.Malformed, Decide(Unauthenticated, "r", "n", [.. Enumerable.Repeat(Md5, 65)]));

    [Fact]
    public void StaleNonce_WithoutRealm_KeepsTheCachedOne()
    {
        Assert.Equal(ChallengeDecision.Retry, Decide(Unauthenticated, CredentialBench.Realm, "n"));
        Assert.Equal(ChallengeDecision.Retry, Decide(Stale, null, "n2"));
        StunMessage request = CredentialBench.Decode(CredentialBench.Request(_client));
        request.ReadRealm(out ReadOnlySpan<byte> realm);
        request.ReadNonce(out ReadOnlySpan<byte> nonce);
        Assert.Equal((CredentialBench.Realm, "n2"), (Encoding.UTF8.GetString(realm), Encoding.UTF8.GetString(nonce)));
        Assert.True(MessageIntegrity.Verify(request, _bench.Key(Md5)));
    }

    [Theory]
    [InlineData(Stale, CredentialBench.Realm)]
    [InlineData(Unauthenticated, "other.example")]
    [InlineData(Stale, "other.example")]
    public void Challenge_ThatDropsAnEarlierOffer_IsABidDown(StunErrorCode code, string realm)
    {
        Assert.Equal(ChallengeDecision.Retry, Decide(Unauthenticated, CredentialBench.Realm, Offering, Sha256));
        CredentialBench.Request(_client);
        Assert.Equal(ChallengeDecision.BidDown, Decide(code, realm, Bare));
        Assert.NotEqual(ChallengeDecision.Retry, Decide(code, realm, "no-cookie"));
        Assert.True(CredentialBench.Decode(CredentialBench.Request(_client)).HasMessageIntegritySha256);
    }

    [Fact]
    public void Challenge_OfferWithoutTheCookieBit_CannotBeDroppedEither()
    {
        Assert.Equal(ChallengeDecision.Retry, Decide(Unauthenticated, CredentialBench.Realm, Bare, Sha256));
        Assert.Equal(ChallengeDecision.BidDown, Decide(Stale, CredentialBench.Realm, Bare));
    }

    [Fact]
    public void Challenge_RealmThatCannotBePrepared_IsMalformed()
    {
        Assert.Equal(ChallengeDecision.Malformed, Decide(Unauthenticated, "a\u0007b", "n"));
        Assert.False(_client.IsChallenged);
    }

    [Fact]
    public void Response_CookieOffersButTheListIsMissing_IsIgnored()
    {
        Challenged(Bare);
        Assert.Equal(ResponseVerdict.Ignore, CredentialBench.Judge(_client, CredentialBench.Challenge(StunErrorCode.Forbidden, null, Offering)));
    }

    [Fact]
    public void Response_Bare400_IsIgnored()
    {
        Challenged(Bare);
        Assert.Equal(ResponseVerdict.Ignore, CredentialBench.Judge(_client, CredentialBench.Challenge(StunErrorCode.BadRequest, null, null)));
    }

    [Theory]
    [InlineData(false, false, false, ResponseVerdict.IntegrityViolated)]
    [InlineData(false, true, false, ResponseVerdict.Accept)]
    [InlineData(false, false, true, ResponseVerdict.IntegrityViolated)]
    [InlineData(true, false, false, ResponseVerdict.IntegrityViolated)]
    [InlineData(true, true, false, ResponseVerdict.IntegrityViolated)]
    [InlineData(true, false, true, ResponseVerdict.Accept)]
    public void Response_Integrity_MustBeTheOneOfTheOffer(bool offered, bool sha1, bool sha256, ResponseVerdict expected)
    {
        Challenged(offered ? Offering : Bare, offered ? [Sha256] : []);
        IntegrityKey key = _bench.Key(offered ? Sha256 : Md5);
        foreach (StunClass messageClass in (StunClass[])[StunClass.SuccessResponse, StunClass.ErrorResponse])
        {
            byte[] response = CredentialBench.Message(messageClass, (ref StunMessageWriter writer) =>
            {
                writer.AddErrorCode(StunErrorCode.Forbidden);
                if (sha1)
                {
                    writer.AddMessageIntegrity(key);
                }

                if (sha256)
                {
                    writer.AddMessageIntegritySha256(key);
                }
            });
            Assert.Equal(expected, CredentialBench.Judge(_client, response));
            if (sha1 || sha256)
            {
                response[^1] ^= 1;
                Assert.Equal(ResponseVerdict.IntegrityViolated, CredentialBench.Judge(_client, response));
            }
        }
    }

    [Fact]
    public void Secrets_NeverShow()
    {
        const string Canary = "c4nary-s3cret";
        var longTerm = new LongTermCredential("user", Canary);
        var shortTerm = new ShortTermCredential("user", Canary);
        using var longClient = new LongTermClient(longTerm);
        using var shortClient = new ShortTermClient(shortTerm);
        using IntegrityKey key = shortTerm.CreateKey();
        string shown = string.Join('|', longTerm, shortTerm, longClient, shortClient, key);
        Exception[] thrown =
        [
            Record.Exception(static () => new LongTermCredential("user", Canary + "\u0007")),
            Record.Exception(static () => new ShortTermCredential("user", Canary + "\u0007")),
            Record.Exception(static () => new LongTermCredential(new string('u', 600), Canary)),
            Record.Exception(static () => new LongTermCredential("", Canary)),
            Record.Exception(() => longTerm.CreateKey("r", (StunPasswordAlgorithm)7)),
        ];
        Assert.All(thrown, static exception => Assert.IsAssignableFrom<ArgumentException>(exception));
        Assert.DoesNotContain(Canary, shown + string.Join('|', thrown.Select(static e => e.ToString())), StringComparison.Ordinal);
    }

    private void Challenged(string nonce, params StunPasswordAlgorithm[] algorithms)
    {
        Assert.Equal(ChallengeDecision.Retry, Decide(Unauthenticated, CredentialBench.Realm, nonce, algorithms));
        CredentialBench.Request(_client);
    }

    private ChallengeDecision Decide(byte[] request, byte[] response) => _client.HandleError(CredentialBench.Decode(response), request);

    private ChallengeDecision Decide(StunErrorCode code, string? realm, string? nonce, params StunPasswordAlgorithm[] algorithms)
        => CredentialBench.Decide(_client, CredentialBench.Challenge(code, realm, nonce, algorithms));
}
