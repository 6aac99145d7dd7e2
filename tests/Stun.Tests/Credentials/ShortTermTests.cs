using System;
using System.Text;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>RFC 8489 section 9.1, bullet by bullet, from both sides.</summary>
public sealed class ShortTermTests : IDisposable
{
    private readonly CredentialBench _bench = new();
    private readonly ShortTermCredential _credential = new(CredentialBench.User, CredentialBench.Password);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Key_IsThePreparedPassword()
    {
        using IntegrityKey key = _credential.CreateKey();
        using var expected = new IntegrityKey(Encoding.UTF8.GetBytes(CredentialBench.Password));
        byte[] one = CredentialBench.Message(StunClass.Request, (ref StunMessageWriter writer) => writer.AddMessageIntegritySha256(key));
        Assert.True(MessageIntegritySha256.Verify(CredentialBench.Decode(one), expected));
    }

    [Theory]
    [InlineData(IntegrityAlgorithm.None, new[] { StunAttributeType.Username, StunAttributeType.MessageIntegrity, StunAttributeType.MessageIntegritySha256 })]
    [InlineData(IntegrityAlgorithm.Sha1, new[] { StunAttributeType.Username, StunAttributeType.MessageIntegrity })]
    [InlineData(IntegrityAlgorithm.Sha256, new[] { StunAttributeType.Username, StunAttributeType.MessageIntegritySha256 })]
    public void Request_KnownAlgorithm_DecidesTheAttributes(IntegrityAlgorithm algorithm, StunAttributeType[] expected)
    {
        using var client = new ShortTermClient(_credential, algorithm);
        Assert.Equal(expected, CredentialBench.Types(CredentialBench.Request(client)));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Server_UsernameOrIntegrityMissing_Responds400(bool username, bool integrity)
    {
        using IntegrityKey key = _credential.CreateKey();
        byte[] request = Build(username ? CredentialBench.User : null, integrity ? key : null, null);
        Assert.Equal(RequestVerdict.BadRequest, Check(request, out _));
        Assert.Equal(StunErrorCode.BadRequest, RequestVerdict.BadRequest.ToErrorCode());
    }

    [Fact]
    public void Server_UnknownUser_Responds401()
    {
        using IntegrityKey key = _credential.CreateKey();
        Assert.Equal(RequestVerdict.Unauthenticated, Check(Build("nobody", key, null), out _));
    }

    [Theory]
    [InlineData(true, false, IntegrityAlgorithm.Sha1)]
    [InlineData(false, true, IntegrityAlgorithm.Sha256)]
    [InlineData(true, true, IntegrityAlgorithm.Sha256)]
    public void Server_Sha256Present_IsTheOneThatCountsAndIsAnsweredWith(bool sha1, bool sha256, IntegrityAlgorithm answered)
    {
        using IntegrityKey key = _credential.CreateKey();
        Assert.Equal(RequestVerdict.Accepted, Check(Build(CredentialBench.User, sha1 ? key : null, sha256 ? key : null), out byte[] response));
        Assert.Equal(
            [answered == IntegrityAlgorithm.Sha1 ? StunAttributeType.MessageIntegrity : StunAttributeType.MessageIntegritySha256],
            CredentialBench.Types(response));
    }

    [Fact]
    public void Server_WrongSha256ButRightSha1_Responds401()
    {
        using IntegrityKey key = _credential.CreateKey();
        using IntegrityKey wrong = new("wrong"u8);
        Assert.Equal(RequestVerdict.Unauthenticated, Check(Build(CredentialBench.User, key, wrong), out _));
        Assert.Equal(RequestVerdict.Accepted, Check(Build(CredentialBench.User, wrong, key), out _));
        Assert.Equal(RequestVerdict.Unauthenticated, Check(Build(CredentialBench.User, wrong, null), out _));
    }

    [Fact]
    public void Server_AnyFlippedBit_Responds401Or400()
    {
        using var client = new ShortTermClient(_credential, IntegrityAlgorithm.Sha256);
        byte[] request = CredentialBench.Request(client);
        for (int bit = 8 * 8; bit < request.Length * 8; bit++)
        {
            request[bit / 8] ^= (byte)(1 << (bit % 8));
            if (StunMessage.Decode(request, out StunMessage message) == StunDecodeStatus.Ok)
            {
                Assert.NotEqual(RequestVerdict.Accepted, ShortTermServer.Check(message, _bench, out _, out IntegrityKey? key));
                Assert.Null(key);
            }

            request[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(RequestVerdict.Accepted, Check(request, out _));
    }

    [Theory]
    [InlineData(IntegrityAlgorithm.None)]
    [InlineData(IntegrityAlgorithm.Sha1)]
    [InlineData(IntegrityAlgorithm.Sha256)]
    public void BothEnds_Together_AgreeAndSettle(IntegrityAlgorithm algorithm)
    {
        using var client = new ShortTermClient(_credential, algorithm);
        Assert.Equal(RequestVerdict.Accepted, Check(CredentialBench.Request(client), out byte[] response));
        Assert.Equal(ResponseVerdict.Accept, CredentialBench.Judge(client, response));

        // Section 9.1.5: from here on only the attribute that the server answered with.
        StunAttributeType settled = algorithm == IntegrityAlgorithm.Sha1 ? StunAttributeType.MessageIntegrity : StunAttributeType.MessageIntegritySha256;
        Assert.Equal([StunAttributeType.Username, settled], CredentialBench.Types(CredentialBench.Request(client)));
    }

    [Fact]
    public void Client_ServerOfRfc5389_SettlesOnSha1()
    {
        using var client = new ShortTermClient(_credential);
        Assert.Equal(ResponseVerdict.Accept, CredentialBench.Judge(client, Response(StunAttributeType.MessageIntegrity)));
        Assert.Equal([StunAttributeType.Username, StunAttributeType.MessageIntegrity], CredentialBench.Types(CredentialBench.Request(client)));
    }

    [Theory]
    [InlineData(IntegrityAlgorithm.Sha1, StunAttributeType.MessageIntegritySha256)]
    [InlineData(IntegrityAlgorithm.Sha256, StunAttributeType.MessageIntegrity)]
    public void Client_OtherAlgorithmThanItSent_IsDiscarded(IntegrityAlgorithm sent, StunAttributeType answered)
    {
        using var client = new ShortTermClient(_credential, sent);
        Assert.Equal(ResponseVerdict.Ignore, CredentialBench.Judge(client, Response(answered)));
    }

    [Fact]
    public void Client_WrongOrNoIntegrity_IsAViolationAndSettlesNothing()
    {
        using var client = new ShortTermClient(_credential);
        byte[] response = Response(StunAttributeType.MessageIntegrity);
        response[^1] ^= 1;
        Assert.Equal(ResponseVerdict.IntegrityViolated, CredentialBench.Judge(client, response));
        Assert.Equal(
            ResponseVerdict.IntegrityViolated,
            CredentialBench.Judge(client, CredentialBench.Message(StunClass.SuccessResponse, static (ref StunMessageWriter _) => { })));
        Assert.Equal(3, CredentialBench.Types(CredentialBench.Request(client)).Length);
    }

    [Fact]
    public void Client_ErrorResponse_IsNeverAChallenge()
    {
        using var client = new ShortTermClient(_credential);
        Assert.Equal(
            ChallengeDecision.NotAChallenge,
            CredentialBench.Decide(client, CredentialBench.Challenge(StunErrorCode.Unauthenticated, "r", "n")));
    }

    private byte[] Response(StunAttributeType integrity)
    {
        using IntegrityKey key = _credential.CreateKey();
        return CredentialBench.Message(StunClass.SuccessResponse, (ref StunMessageWriter writer) =>
        {
            if (integrity == StunAttributeType.MessageIntegrity)
            {
                writer.AddMessageIntegrity(key);
            }
            else
            {
                writer.AddMessageIntegritySha256(key);
            }
        });
    }

    private static byte[] Build(string? username, IntegrityKey? sha1, IntegrityKey? sha256)
        => CredentialBench.Message(StunClass.Request, (ref StunMessageWriter writer) =>
        {
            if (username is not null)
            {
                writer.AddUsername(Encoding.UTF8.GetBytes(username));
            }

            if (sha1 is not null)
            {
                writer.AddMessageIntegrity(sha1);
            }

            if (sha256 is not null)
            {
                writer.AddMessageIntegritySha256(sha256);
            }
        });

    private RequestVerdict Check(byte[] request, out byte[] response)
    {
        StunMessage message = CredentialBench.Decode(request);
        RequestVerdict verdict = ShortTermServer.Check(message, _bench, out VerifiedStunMessage verified, out IntegrityKey? key);
        byte[] buffer = new byte[256];
        StunMessageWriter writer = StunMessageWriter.Respond(buffer, message, StunClass.SuccessResponse);
        if (verdict == RequestVerdict.Accepted)
        {
            ShortTermServer.Protect(ref writer, verified, key!);
        }
        else
        {
            Assert.Null(key);
        }

        response = writer.Written.ToArray();
        return verdict;
    }
}
