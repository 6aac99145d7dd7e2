using System;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>SHA-256 and USERHASH (RFC 8489 section 9.2.4): what is offered, what is taken, and no bid-down.</summary>
public sealed class SecurityFeatureTests : IDisposable
{
    private static readonly Attributes Udp = static (ref StunMessageWriter writer) => writer.AddRequestedTransport(RelayProtocol.Udp);

    private readonly TurnServerRun _run = new();

    public void Dispose() => _run.Dispose();

    // RFC 8489 section 9.2.4: SHA-256 where it is offered and chosen; the response has the attribute of the request.
    [Fact]
    public void Stream_Default_OffersSha256()
    {
        using TurnTestClient tcp = _run.Client("alice", Endpoints.Alice, StunTransport.Tcp);
        _run.Receive(tcp.Build(StunMethod.Allocate, Udp, signed: false), tcp.Path)
            .Are("401 Allocate realm=example.org nonce 8002=0002000000010000", "next none");
        Assert.EndsWith(" MI256", tcp.Allocate().Lines[0], StringComparison.Ordinal);
    }

    // RFC 8489 section 9.2.4: a client of RFC 5389 knows nothing of it, and echoes nothing.
    [Fact]
    public void Stream_OldClient_AuthenticatesWithMd5()
    {
        using TurnTestClient tcp = _run.Client("alice", Endpoints.Alice, StunTransport.Tcp);
        using var key = new IntegrityKey(TestUsers.KeyOf("alice", tcp.Password, TurnServerRun.Realm, StunPasswordAlgorithm.Md5));
        tcp.Learn();
        byte[] request = tcp.Build(StunMethod.Allocate, (ref StunMessageWriter writer) => WithAlgorithms(ref writer, tcp.Nonce!, key, "", ""), signed: false);
        Assert.EndsWith(" MI", _run.Receive(request, tcp.Path, key).Expect(200).Lines[0], StringComparison.Ordinal);
    }

    // security.md A34: a shortened or reordered offer, or an algorithm that was never in it, is 400 (bid-down).
    [Theory]
    [InlineData("00010000", "00010000")]
    [InlineData("0001000000020000", "00020000")]
    [InlineData("0002000000010000", "00030000")]
    [InlineData("0002000000010000", "")]
    [InlineData("", "00020000")]
    public void Stream_OfferChanged_Responds400(string echoed, string chosen)
    {
        using TurnTestClient tcp = _run.Client("alice", Endpoints.Alice, StunTransport.Tcp);
        using var key = new IntegrityKey(TestUsers.KeyOf("alice", tcp.Password, TurnServerRun.Realm, StunPasswordAlgorithm.Md5));
        tcp.Learn();
        byte[] request = tcp.Build(
            StunMethod.Allocate, (ref StunMessageWriter writer) => WithAlgorithms(ref writer, tcp.Nonce!, key, echoed, chosen), signed: false);
        _run.Receive(request, tcp.Path).Are("400 Allocate", "next none");
    }

    // RFC 8489 section 9.2.4 with USERHASH; by default nobody is offered anonymity and the hash is nobody's. security.md A35.
    [Theory]
    [InlineData(true, 32, false, 200)]
    [InlineData(false, 32, false, 401)]
    [InlineData(true, 31, false, 400)]
    [InlineData(true, 33, false, 400)]
    [InlineData(true, 32, true, 400)]
    public void Userhash_IsJudged(bool offered, int size, bool alsoUsername, int code)
    {
        using var run = new TurnServerRun(TurnServerRun.Options with { OffersUsernameAnonymity = offered });
        run.Alice.Learn();
        byte[] hash = new byte[Userhash.Size + 1];
        Userhash.Compute("alice", TurnServerRun.Realm, hash.AsSpan(0, Userhash.Size));
        byte[] request = run.Alice.Build(
            StunMethod.Allocate,
            (ref StunMessageWriter writer) =>
            {
                writer.AddRequestedTransport(RelayProtocol.Udp);
                writer.Add(StunAttributeType.Userhash, hash.AsSpan(0, size));
                if (alsoUsername)
                {
                    writer.AddUsername("alice"u8);
                }

                writer.AddRealm("example.org"u8);
                writer.AddNonce(run.Alice.Nonce);
                writer.AddMessageIntegrity(run.Alice.Key);
            },
            signed: false);
        run.Alice.Deliver(request).Expect(code);
        Assert.Equal(code == 200 ? 1 : 0, run.Server.AllocationCount);
    }

    // The allocation belongs to the user, by whatever attribute he is named.
    [Fact]
    public void Userhash_AndUsername_AreTheSameUser()
    {
        using var run = new TurnServerRun(TurnServerRun.Options with { OffersUsernameAnonymity = true });
        run.Alice.Allocate().Expect(200);
        byte[] hash = new byte[Userhash.Size];
        Userhash.Compute("alice", TurnServerRun.Realm, hash);
        byte[] request = run.Alice.Build(
            StunMethod.Refresh,
            (ref StunMessageWriter writer) =>
            {
                writer.Add(StunAttributeType.Userhash, hash);
                writer.AddRealm("example.org"u8);
                writer.AddNonce(run.Alice.Nonce);
                writer.AddMessageIntegrity(run.Alice.Key);
            },
            signed: false);
        run.Alice.Deliver(request).Expect(200);
    }

    private static void WithAlgorithms(ref StunMessageWriter writer, byte[] nonce, IntegrityKey key, string echoed, string chosen)
    {
        writer.AddRequestedTransport(RelayProtocol.Udp);
        writer.AddUsername("alice"u8);
        writer.AddRealm("example.org"u8);
        writer.AddNonce(nonce);
        if (echoed.Length != 0)
        {
            writer.Add(StunAttributeType.PasswordAlgorithms, Convert.FromHexString(echoed));
        }

        if (chosen.Length != 0)
        {
            writer.Add(StunAttributeType.PasswordAlgorithm, Convert.FromHexString(chosen));
        }

        writer.AddMessageIntegrity(key);
    }
}
