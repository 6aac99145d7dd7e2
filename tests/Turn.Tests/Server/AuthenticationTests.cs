using System;
using System.Linq;
using System.Text;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>Who is heard (RFC 8656 section 5, RFC 8489 section 9.2.4), and what somebody who is not costs (security.md sections 1 and 2).</summary>
public sealed class AuthenticationTests : IDisposable
{
    private static readonly Attributes Udp = static (ref StunMessageWriter writer) => writer.AddRequestedTransport(RelayProtocol.Udp);

    private readonly TurnServerRun _run = new();

    public void Dispose() => _run.Dispose();

    // security.md T01, V10, figure A1: 28 bytes in, 72 bytes out with a realm of 11 characters; no state.
    [Fact]
    public void Challenge_OfABareAllocate_Is72Bytes()
    {
        byte[] request = _run.Alice.Build(StunMethod.Allocate, Udp, signed: false);
        Assert.Equal(28, request.Length);
        TurnOutputs outputs = _run.Receive(request, _run.Alice.Path);
        outputs.Are("401 Allocate realm=example.org nonce", "next none");
        Assert.Equal(72, outputs.Reply.Length);
        Assert.Equal(24, outputs.Find(StunAttributeType.Nonce)!.Length);
        Assert.Equal((0, 0, 0), (_run.Resources.AllocationCount, _run.Resources.PortsInUse, _run.Sockets.CallCount));
    }

    // PASSWORD-ALGORITHMS with two algorithms: twelve bytes more, which is why UDP does without.
    [Fact]
    public void Challenge_WithSha256OverUdp_Is84Bytes()
    {
        using var run = new TurnServerRun(TurnServerRun.Options with { OffersSha256OverUdp = true });
        TurnOutputs outputs = run.Receive(run.Alice.Build(StunMethod.Allocate, Udp, signed: false), run.Alice.Path);
        outputs.Are("401 Allocate realm=example.org nonce 8002=0002000000010000", "next none");
        Assert.Equal(84, outputs.Reply.Length);
    }

    [Fact]
    public void Challenge_Fingerprint_IsAnsweredWithFingerprint()
    {
        _run.Alice.HasFingerprint = true;
        _run.Receive(_run.Alice.Build(StunMethod.Refresh, signed: false), _run.Alice.Path).Are("401 Refresh realm=example.org nonce FP", "next none");
    }

    // security.md V9: nothing is kept of anybody who has not authenticated, not even for a moment.
    [Fact]
    public void Challenge_AllocatesNothing()
    {
        byte[] bare = _run.Alice.Build(StunMethod.Allocate, Udp, signed: false);
        byte[] buffer = new byte[TurnServer.MinReplyBuffer];
        Instant now = _run.Now;
        int port = 0;
        long bytes = Allocations.Measure(() =>
        {
            now += TimeSpan.FromSeconds(20);
            _run.Server.HandleClientMessage(bare, _run.Alice.Path with { Client = new ClientAddress(Endpoints.Alice.WithPort(++port)) }, buffer, now);
        });
        Assert.Equal(0, bytes);
        Assert.Null(_run.Server.NextTimeout);
    }

    // security.md V12: every request needs it. RFC 8489 section 9.2.4.
    [Theory]
    [InlineData(StunMethod.Allocate)]
    [InlineData(StunMethod.Refresh)]
    [InlineData(StunMethod.CreatePermission)]
    [InlineData(StunMethod.ChannelBind)]
    [InlineData(StunMethod.Connect)]
    [InlineData(StunMethod.ConnectionBind)]
    public void Request_WithoutIntegrity_Responds401(StunMethod method)
    {
        _run.Receive(_run.Bob.Build(method, signed: false), _run.Bob.Path).Are($"401 {method} realm=example.org nonce", "next none");
        _run.Alice.Allocate().Expect(200);
        _run.Receive(_run.Alice.Build(method, signed: false), _run.Alice.Path).Are($"401 {method} realm=example.org nonce", "next 600");
    }

    // RFC 8489 section 6.3: unknown methods. security.md D15: silence. Send and Data have no requests.
    [Theory]
    [InlineData((StunMethod)0x0FE)]
    [InlineData((StunMethod)0xFFF)]
    [InlineData((StunMethod)0)]
    [InlineData(StunMethod.Send)]
    [InlineData(StunMethod.Data)]
    [InlineData(StunMethod.ConnectionAttempt)]
    public void Request_OfAnUnknownMethod_IsSilent(StunMethod method)
    {
        _run.Receive(_run.Alice.Build(method, signed: false), _run.Alice.Path).AreSilent(TurnServerDisposition.UnknownMethod, "next none");
        _run.Alice.Request(method).AreSilent(TurnServerDisposition.UnknownMethod, "next none");
    }

    // RFC 8489 section 9.2.4: an integrity attribute without the others is 400, and says nothing. security.md T02.
    [Theory]
    [InlineData(false, true, true)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(false, false, false)]
    public void Request_CredentialPartMissing_Responds400(bool username, bool realm, bool nonce)
    {
        _run.Alice.Learn();
        byte[] request = _run.Alice.Build(
            StunMethod.Allocate,
            (ref StunMessageWriter writer) =>
            {
                writer.AddRequestedTransport(RelayProtocol.Udp);
                if (username)
                {
                    writer.AddUsername("alice"u8);
                }

                if (realm)
                {
                    writer.AddRealm("example.org"u8);
                }

                if (nonce)
                {
                    writer.AddNonce(_run.Alice.Nonce);
                }

                writer.AddMessageIntegrity(_run.Alice.Key);
            },
            signed: false);
        _run.Alice.Deliver(request).Are("400 Allocate", "next none");
    }

    // security.md T03: who exists must not be told by the bytes. (Time is measured elsewhere.)
    [Fact]
    public void Request_WrongPasswordAndUnknownUser_GetTheSameBytes()
    {
        _run.Alice.Password = "wrong";
        using TurnTestClient mallory = _run.Client("mally", Endpoints.Alice);
        TurnOutputs wrong = _run.Alice.Allocate();
        TurnOutputs unknown = mallory.Allocate();
        wrong.Are("401 Allocate realm=example.org nonce", "next none");
        Assert.Equal(wrong.Reply[20..], unknown.Reply[20..]);
    }

    // The same work: as many lookups, as many keys.
    [Fact]
    public void Request_UnknownUser_IsLookedUpLikeAnyOther()
    {
        _run.Alice.Learn();
        byte[] known = _run.Alice.Build(StunMethod.Allocate, Udp);
        using TurnTestClient mallory = _run.Client("mally", Endpoints.Alice);
        mallory.Nonce = _run.Alice.Nonce;
        int before = _run.Users.Lookups;
        _run.Alice.Deliver(TurnTestClient.Flip(known, known.Length - 1)).Expect(401);
        int between = _run.Users.Lookups;
        mallory.Allocate().Expect(401);
        Assert.NotEqual(before, between);
        Assert.Equal(between - before, _run.Users.Lookups - between);
    }

    // RFC 8489 section 9.2.4. security.md T11: never accepted, and not told apart.
    [Theory]
    [InlineData("example.com")]
    [InlineData("EXAMPLE.ORG")]
    [InlineData("example.or")]
    [InlineData("")]
    public void Request_OtherRealm_Responds401(string realm)
    {
        _run.Alice.RealmSent = realm;
        _run.Alice.Allocate().Are("401 Allocate realm=example.org nonce", "next none");
    }

    // security.md V7, V21: each byte of MESSAGE-INTEGRITY counts, and each byte in front of it.
    [Fact]
    public void Request_AnyBitFlipped_IsNotAccepted()
    {
        using TurnTestClient client = _run.Client("alice", Endpoints.Alice, StunTransport.Tls);
        client.Learn();
        byte[] request = client.Build(StunMethod.Allocate, Udp);
        for (int i = 0; i < request.Length; i++)
        {
            using var run = new TurnServerRun();
            byte[] changed = TurnTestClient.Flip(request, i, 0x10);
            TurnServerStep step = run.Server.HandleClientMessage(changed, client.Path, new byte[TurnServer.MinReplyBuffer], run.Now);
            Assert.NotEqual(TurnServerDisposition.Answered, step.Disposition);
            Assert.Equal((0, 0), (run.Server.AllocationCount, run.Sockets.CallCount));
        }

        client.Deliver(request).Expect(200);
    }

    // RFC 8656 section 5: MUST be 441, under a valid credential of somebody else; the allocation lives. security.md T06, V30.
    [Theory]
    [InlineData("bob")]
    [InlineData("alice+2")]
    public void Request_OtherUserOnTheFiveTuple_Responds441(string name)
    {
        _run.Users.Set("alice+2", "another name of the same account");
        _run.Alice.Allocate().Expect(200);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        using TurnTestClient other = _run.Client(name, Endpoints.Alice);
        other.Refresh(0).Are("441 Refresh MI", "next 600");
        other.Refresh(3600).Are("441 Refresh MI", "next 600");
        other.Permit("5.6.7.9:7000").Are("441 CreatePermission MI", "next 600");
        other.Bind(0x4001, "5.6.7.9:7000").Are("441 ChannelBind MI", "next 600");
        other.Connect(Endpoints.Peer).Are("441 Connect MI", "next 600");
        _run.FromPeer(1, Endpoints.Of("5.6.7.9:7000"), "x").AreSilent(TurnServerDisposition.NoPermission, "next 600");
        _run.Alice.OnChannel(0x4000, "x").Are("1 -> 5.6.7.8:7000 'x'", "next 600");
    }

    // Nor does he get a reply of Alice's out of the cache.
    [Fact]
    public void Request_OtherUserWithTheSameTransaction_GetsNoReplyOfTheCache()
    {
        _run.Alice.Allocate().Expect(200);
        TransactionId id = TransactionId.Read(_run.Alice.LastRequest.AsSpan(8));
        using TurnTestClient bob = _run.Client("bob", Endpoints.Alice);
        bob.Learn();
        byte[] buffer = new byte[500];
        var writer = new StunMessageWriter(buffer, new StunMessageType(StunMethod.Refresh, StunClass.Request), id);
        bob.AddCredentials(ref writer);
        bob.Deliver(writer.Written).Are("441 Refresh MI", "next 600");
    }

    // security.md D35: the same transaction id from two clients.
    [Fact]
    public void Request_SameTransactionFromAnotherClient_IsAnotherRequest()
    {
        _run.Alice.Allocate().Expect(200);
        _run.Bob.Learn();
        byte[] buffer = new byte[500];
        var writer = new StunMessageWriter(
            buffer, new StunMessageType(StunMethod.Allocate, StunClass.Request), TransactionId.Read(_run.Alice.LastRequest.AsSpan(8)));
        writer.AddRequestedTransport(RelayProtocol.Udp);
        _run.Bob.AddCredentials(ref writer);
        Assert.Equal("200 Allocate relayed=203.0.113.1:49153 lifetime=600 mapped=198.51.100.8:40000 MI", _run.Bob.Deliver(writer.Written).Lines[0]);
    }

    // security.md A12, A14: 508 bytes at most, and any characters are plain data.
    [Theory]
    [InlineData("%s%n%x", true)]
    [InlineData("'; DROP TABLE users", true)]
    [InlineData("../../x", true)]
    [InlineData("\r\nINFO fake", true)]
    [InlineData("508", true)]
    [InlineData("509", false)]
    public void Username_OfAnyCharacters_IsPlain(string name, bool accepted)
    {
        name = name is "508" or "509" ? new string('u', name == "508" ? 508 : 509) : name;
        _run.Users.Set(name, "pass");
        using var key = new IntegrityKey(TestUsers.KeyOf(name, "pass", TurnServerRun.Realm, StunPasswordAlgorithm.Md5));
        _run.Alice.Learn();
        byte[] request = _run.Alice.Build(
            StunMethod.Allocate,
            (ref StunMessageWriter writer) =>
            {
                writer.AddRequestedTransport(RelayProtocol.Udp);
                writer.Add(StunAttributeType.Username, Encoding.UTF8.GetBytes(name));
                writer.AddRealm("example.org"u8);
                writer.AddNonce(_run.Alice.Nonce);
                writer.AddMessageIntegrity(key);
            },
            signed: false);
        TurnOutputs outputs = _run.Receive(request, _run.Alice.Path, key);
        Assert.Equal(accepted, outputs.Code == 200);
        Assert.True(!accepted || outputs.Lines[1] == $"created {name} 203.0.113.1:49152 Udp");
    }

    // security.md T66: whose time is over is refused; what he has stays to its end.
    [Fact]
    public void Request_UserGoneMeanwhile_Responds401AndTheAllocationStays()
    {
        _run.Alice.Allocate().Expect(200);
        _run.Alice.Bind(0x4000, Endpoints.Peer).Expect(200);
        _run.Alice.Password = _run.Users.PasswordOf("alice");
        _run.Users.Remove("alice");
        _run.Alice.Refresh().Are("401 Refresh realm=example.org nonce", "next 600");
        _run.Alice.OnChannel(0x4000, "x").Are("1 -> 5.6.7.8:7000 'x'", "next 600");
        _run.Pass(600).Are("ended alice 203.0.113.1:49152 Expired", "close 1", "next none");
    }

    // A server without users is a STUN server.
    [Fact]
    public void NoUsers_TurnRequests_AreSilent()
    {
        using var run = new TurnServerRun(hasUsers: false);
        run.Receive(run.Alice.Build(StunMethod.Allocate, Udp, signed: false), run.Alice.Path).AreSilent(TurnServerDisposition.UnknownMethod, "next none");
        Assert.Equal("200 Binding mapped=198.51.100.7:40000", run.Receive(run.Alice.Build(StunMethod.Binding, signed: false), run.Alice.Path).Lines[0]);
    }

    // security.md section 2: before authentication nothing above 4 KiB is looked at.
    [Theory]
    [InlineData(4096, true)]
    [InlineData(4100, false)]
    public void Request_LargerThan4KiB_IsSilent(int size, bool heard)
    {
        _run.Alice.Learn();
        int rest = size - _run.Alice.Build(StunMethod.Allocate, Udp).Length - 4;
        byte[] request = _run.Alice.Build(StunMethod.Allocate, (ref StunMessageWriter writer) =>
        {
            writer.AddRequestedTransport(RelayProtocol.Udp);
            writer.Add((StunAttributeType)0xC000, new byte[rest]);
        });
        Assert.Equal(size, request.Length);
        Assert.Equal(heard ? TurnServerDisposition.Answered : TurnServerDisposition.TooLarge, _run.Alice.Deliver(request).Disposition);
    }

    // security.md V23: attributes by the hundred. Above 256 the codec refuses.
    [Theory]
    [InlineData(16, TurnServerDisposition.Answered)]
    [InlineData(17, TurnServerDisposition.Answered)]
    [InlineData(240, TurnServerDisposition.Answered)]
    [InlineData(300, TurnServerDisposition.Malformed)]
    public void Request_ManyAttributes_IsBounded(int count, TurnServerDisposition disposition)
    {
        _run.Alice.Learn();
        byte[] request = _run.Alice.Build(StunMethod.Allocate, (ref StunMessageWriter writer) =>
        {
            writer.AddRequestedTransport(RelayProtocol.Udp);
            for (int i = 0; i < count; i++)
            {
                writer.Add((StunAttributeType)0xC000, []);
            }
        });
        Assert.Equal(disposition, _run.Alice.Deliver(request).Disposition);
    }

    // security.md D01, D02, D05, D09, D11, D14, V13: no reply, no state.
    [Fact]
    public void Garbage_IsSilent()
    {
        byte[] request = _run.Alice.Build(StunMethod.Allocate, Udp, signed: false);
        byte[][] all =
        [
            [], [0], [0, 1], [0, 1, 0], [0, 1, 0, 0], new byte[8], new byte[19], [0x40], [0x40, 0, 0], [0x80, 0, 0, 0], [0xFF],
            [.. Enumerable.Repeat((byte)0xFF, 1500)], [.. request, .. new byte[100]], request[..27], TurnTestClient.Flip(request, 4), TurnTestClient.Flip(request, 3),
            [20, 1, 0, 0], [16, 0, 0, 0],
        ];
        Assert.All(all, bytes => _run.Receive(bytes, _run.Alice.Path).AreSilent(TurnServerDisposition.Malformed, "next none"));
        _run.Alice.Allocate().Expect(200);
    }

    [Fact]
    public void Request_WrongFingerprint_IsSilent()
    {
        _run.Alice.HasFingerprint = true;
        byte[] request = _run.Alice.Build(StunMethod.Allocate, Udp, signed: false);
        _run.Receive(TurnTestClient.Flip(request, request.Length - 1), _run.Alice.Path).AreSilent(TurnServerDisposition.WrongFingerprint, "next none");
    }
}
