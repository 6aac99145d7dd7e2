using System;
using System.Text;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>RFC 8489 section 9.2.4, bullet by bullet.</summary>
public sealed class LongTermServerTests : IDisposable
{
    private static readonly StunPasswordAlgorithm[] Both = [StunPasswordAlgorithm.Sha256, StunPasswordAlgorithm.Md5];

    private readonly CredentialBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(false, false, "obMatJos2AAAA")]
    [InlineData(true, false, "obMatJos2AAAB")]
    [InlineData(false, true, "obMatJos2AAAC")]
    [InlineData(true, true, "obMatJos2AAAD")]
    public void Server_NoIntegrity_Responds401WithRealmNonceAndOffer(bool offer, bool anonymity, string cookie)
    {
        byte[] request = CredentialBench.Message(StunClass.Request, static (ref StunMessageWriter _) => { });
        Assert.Equal(RequestVerdict.Unauthenticated, CredentialBench.Serve(_bench.Server(offer ? Both : null, anonymity), request, out byte[] response));
        StunAttributeType[] expected = [StunAttributeType.ErrorCode, StunAttributeType.Realm, StunAttributeType.Nonce];
        Assert.Equal(offer ? [.. expected, StunAttributeType.PasswordAlgorithms] : expected, CredentialBench.Types(response));
        StunMessage message = CredentialBench.Decode(response);
        message.ReadNonce(out ReadOnlySpan<byte> nonce);
        Assert.Equal(cookie + "nonce-40000-0000", Encoding.ASCII.GetString(nonce));
    }

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    public void Server_AttributeMissing_Responds400WithoutAnyOfThem(bool username, bool realm, bool nonce)
    {
        byte[] request = Request(username ? CredentialBench.User : null, realm ? CredentialBench.Realm : null, nonce ? Nonce(StunSecurityFeatures.None) : null);
        Assert.Equal(RequestVerdict.BadRequest, CredentialBench.Serve(_bench.Server(), request, out byte[] response));
        Assert.Equal([StunAttributeType.ErrorCode], CredentialBench.Types(response));
    }

    [Fact]
    public void Server_UsernameAndUserhash_Responds400()
    {
        byte[] request = CredentialBench.Message(StunClass.Request, (ref StunMessageWriter writer) =>
        {
            writer.AddUsername("user"u8);
            writer.AddUserhash(new byte[32]);
            writer.AddRealm("example.org"u8);
            writer.AddNonce("n"u8);
            writer.AddMessageIntegrity(_bench.Key(StunPasswordAlgorithm.Md5));
        });
        Assert.Equal(RequestVerdict.BadRequest, CredentialBench.Serve(_bench.Server(anonymity: true), request, out _));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(0)]
    public void Server_UserhashOfAnotherLength_Responds400(int length)
    {
        byte[] request = CredentialBench.Message(StunClass.Request, (ref StunMessageWriter writer) =>
        {
            writer.Add(StunAttributeType.Userhash, new byte[length]);
            writer.AddRealm("example.org"u8);
            writer.AddNonce("n"u8);
            writer.AddMessageIntegrity(_bench.Key(StunPasswordAlgorithm.Md5));
        });
        Assert.Equal(RequestVerdict.BadRequest, CredentialBench.Serve(_bench.Server(anonymity: true), request, out _));
    }

    [Fact]
    public void Server_CookieOffersAndNeitherAttributeIsThere_IsMd5()
    {
        LongTermServer server = _bench.Server(Both);
        byte[] request = Request(CredentialBench.User, CredentialBench.Realm, Nonce(StunSecurityFeatures.PasswordAlgorithms));
        Assert.Equal(RequestVerdict.Accepted, CredentialBench.Serve(server, request, out byte[] response));
        Assert.Equal([StunAttributeType.MessageIntegrity], CredentialBench.Types(response));
    }

    [Fact]
    public void Server_NoPasswordAlgorithmButSha256Integrity_IsAnsweredWithMessageIntegrity()
    {
        byte[] request = Request(CredentialBench.User, CredentialBench.Realm, Nonce(StunSecurityFeatures.None), sha256: true);
        Assert.Equal(RequestVerdict.Accepted, CredentialBench.Serve(_bench.Server(), request, out byte[] response));
        Assert.Equal([StunAttributeType.MessageIntegrity], CredentialBench.Types(response));
    }

    [Theory]
    [InlineData("00020000 00010000", 2, RequestVerdict.Accepted)]
    [InlineData("00020000 00010000", 1, RequestVerdict.Accepted)]
    [InlineData("00020000 00010000", 3, RequestVerdict.BadRequest)]
    [InlineData("00010000", 1, RequestVerdict.BadRequest)]
    [InlineData("00020000", 2, RequestVerdict.BadRequest)]
    [InlineData("00010000 00020000", 2, RequestVerdict.BadRequest)]
    [InlineData("00020000 00010000 00030000", 2, RequestVerdict.BadRequest)]
    [InlineData("00020000 00010000", 0, RequestVerdict.BadRequest)]
    [InlineData("", 2, RequestVerdict.BadRequest)]
    [InlineData(null, 2, RequestVerdict.BadRequest)]
    public void Server_EchoOfTheOffer_MustBeWholeAndChosenFrom(string? list, int chosen, RequestVerdict expected)
    {
        LongTermServer server = _bench.Server(Both);
        byte[] request = Request(
            CredentialBench.User,
            CredentialBench.Realm,
            Nonce(StunSecurityFeatures.PasswordAlgorithms),
            list is null ? null : Convert.FromHexString(list.Replace(" ", "", StringComparison.Ordinal)),
            chosen);
        Assert.Equal(expected, CredentialBench.Serve(server, request, out byte[] response));
        Assert.Equal(
            [expected == RequestVerdict.Accepted ? StunAttributeType.MessageIntegritySha256 : StunAttributeType.ErrorCode],
            CredentialBench.Types(response));
    }

    [Fact]
    public void Server_UnknownUserOrWrongPassword_RespondTheSameBytes()
    {
        foreach (StunPasswordAlgorithm[]? offer in (StunPasswordAlgorithm[]?[])[null, Both])
        {
            byte[][] responses = new byte[3][];
            for (int i = 0; i < 3; i++)
            {
                using var bench = new CredentialBench();
                byte[] request = Request(i == 0 ? "nobody" : CredentialBench.User, i == 2 ? "example.net" : CredentialBench.Realm, Nonce(StunSecurityFeatures.None));
                request[^1] ^= (byte)(i == 1 ? 1 : 0);
                Assert.Equal(RequestVerdict.Unauthenticated, CredentialBench.Serve(bench.Server(offer), request, out responses[i]));
                Assert.Equal(0, bench.NonceChecks);
            }

            Assert.Equal(responses[0], responses[1]);
            Assert.Equal(responses[0], responses[2]);
        }
    }

    [Fact]
    public void Server_StaleNonce_Responds438WithANewOneOnlyToWhoKnowsThePassword()
    {
        LongTermServer server = _bench.Server(Both);
        _bench.NonceIsValid = static _ => false;
        byte[] request = Request(CredentialBench.User, CredentialBench.Realm, Nonce(StunSecurityFeatures.PasswordAlgorithms));
        Assert.Equal(RequestVerdict.StaleNonce, CredentialBench.Serve(server, request, out byte[] response));
        Assert.Equal(
            [StunAttributeType.ErrorCode, StunAttributeType.Realm, StunAttributeType.Nonce, StunAttributeType.PasswordAlgorithms],
            CredentialBench.Types(response));
        Assert.Equal(StunErrorCode.StaleNonce, RequestVerdict.StaleNonce.ToErrorCode());
        request[^1] ^= 1;
        Assert.Equal(RequestVerdict.Unauthenticated, CredentialBench.Serve(server, request, out _));
        Assert.Equal(1, _bench.NonceChecks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("obMatJos2AAA")]
    [InlineData("obMatJos2AAAAnonce")]
    [InlineData("obMatJos2AAADnonce")]
    [InlineData("obMatJos2////nonce")]
    [InlineData("obmatjos2AAABnonce")]
    public void Server_NonceThatItNeverIssued_IsStaleOrBad(string nonce)
    {
        byte[] request = Request(CredentialBench.User, CredentialBench.Realm, nonce);
        RequestVerdict verdict = CredentialBench.Serve(_bench.Server(Both), request, out _);
        Assert.True(verdict is RequestVerdict.StaleNonce or RequestVerdict.BadRequest, verdict.ToString());
    }

    [Fact]
    public void Server_UserhashWithoutTheFeature_IsNotLookedUp()
    {
        byte[] request = CredentialBench.Message(StunClass.Request, (ref StunMessageWriter writer) =>
        {
            byte[] hash = new byte[32];
            Userhash.Compute(CredentialBench.User, CredentialBench.Realm, hash);
            writer.AddUserhash(hash);
            writer.AddRealm("example.org"u8);
            writer.AddNonce(Encoding.ASCII.GetBytes(Nonce(StunSecurityFeatures.UsernameAnonymity)));
            writer.AddMessageIntegrity(_bench.Key(StunPasswordAlgorithm.Md5));
        });
        Assert.Equal(RequestVerdict.Unauthenticated, CredentialBench.Serve(_bench.Server(), request, out _));
        Assert.Equal(0, _bench.UserhashLookups);
        Assert.Equal(RequestVerdict.Accepted, CredentialBench.Serve(_bench.Server(anonymity: true), request, out _));
        Assert.Equal(1, _bench.UserhashLookups);
    }

    [Fact]
    public void Server_AnyFlippedBit_AcceptsNothing()
    {
        using var client = new LongTermClient(new LongTermCredential(CredentialBench.User, CredentialBench.Password));
        LongTermServer server = _bench.Server(Both, anonymity: true);
        CredentialBench.Serve(server, CredentialBench.Request(client), out byte[] challenge);
        Assert.Equal(ChallengeDecision.Retry, CredentialBench.Decide(client, challenge));
        byte[] request = CredentialBench.Request(client);
        Assert.Equal(RequestVerdict.Accepted, CredentialBench.Serve(server, request, out _));
        for (int bit = 0; bit < request.Length * 8; bit++)
        {
            request[bit / 8] ^= (byte)(1 << (bit % 8));
            if (StunMessage.Decode(request, out StunMessage message) == StunDecodeStatus.Ok)
            {
                Assert.NotEqual(
                    RequestVerdict.Accepted,
                    server.Check(message, CredentialBench.Client, Instant.Zero, out _, out IntegrityKey? key));
                Assert.Null(key);
            }

            request[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    private static string Nonce(StunSecurityFeatures features) => CredentialBench.Cookie(features) + "nonce";

    private byte[] Request(string? username, string? realm, string? nonce, byte[]? list = null, int algorithm = 0, bool sha256 = false)
        => CredentialBench.Message(StunClass.Request, (ref StunMessageWriter writer) =>
        {
            if (username is not null)
            {
                writer.AddUsername(Encoding.UTF8.GetBytes(username));
            }

            if (realm is not null)
            {
                writer.AddRealm(Encoding.UTF8.GetBytes(realm));
            }

            if (nonce is not null)
            {
                writer.Add(StunAttributeType.Nonce, Encoding.UTF8.GetBytes(nonce));
            }

            if (list is not null)
            {
                writer.Add(StunAttributeType.PasswordAlgorithms, list);
            }

            if (algorithm != 0)
            {
                writer.AddPasswordAlgorithm((StunPasswordAlgorithm)algorithm);
                writer.AddMessageIntegritySha256(_bench.Key(algorithm == 2 ? StunPasswordAlgorithm.Sha256 : StunPasswordAlgorithm.Md5));
            }
            else if (sha256)
            {
                writer.AddMessageIntegritySha256(_bench.Key(StunPasswordAlgorithm.Md5));
            }
            else
            {
                writer.AddMessageIntegrity(_bench.Key(StunPasswordAlgorithm.Md5));
            }
        });
}
