using System;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>The STUN server on the same endpoint (RFC 8489 section 12).</summary>
public sealed class BindingTests : IDisposable
{
    private readonly TurnServerRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Binding_IsAnsweredWithoutCredentials()
        => _run.Receive(_run.Alice.Build(StunMethod.Binding, signed: false), _run.Alice.Path).Are("200 Binding mapped=198.51.100.7:40000", "next none");

    [Theory]
    [InlineData(StunTransport.Udp)]
    [InlineData(StunTransport.Tcp)]
    [InlineData(StunTransport.Tls)]
    public void Binding_OnTheFiveTupleOfAnAllocation_IsAnswered(StunTransport transport)
    {
        using TurnTestClient client = _run.Client("alice", Endpoints.Alice6, transport);
        client.Allocate().Expect(200);
        _run.Receive(client.Build(StunMethod.Binding, signed: false), client.Path).Are("200 Binding mapped=[2001:db8:7::7]:40000", "next 600");
    }

    // security.md T54: without a second address there is no second-port reply.
    [Fact]
    public void Binding_ChangeRequest_Responds420() => _run.Receive(
        _run.Alice.Build(StunMethod.Binding, static (ref StunMessageWriter writer) => writer.Add(StunAttributeType.ChangeRequest, [0, 0, 0, 6]), signed: false),
        _run.Alice.Path).Are("420 Binding 000A=0003", "next none");

    // RFC 3489 by name only where the operator asks for it.
    [Theory]
    [InlineData(false, TurnServerDisposition.Malformed)]
    [InlineData(true, TurnServerDisposition.Answered)]
    public void Binding_Classic_IsOptIn(bool classic, TurnServerDisposition disposition)
    {
        using var run = new TurnServerRun(TurnServerRun.Options with { Binding = new BindingServerOptions { Classic = classic } });
        byte[] request = Convert.FromHexString("000100000102030405060708090A0B0C0D0E0F10");
        Assert.Equal(disposition, run.Server.HandleClientMessage(request, run.Alice.Path, new byte[TurnServer.MinReplyBuffer], run.Now).Disposition);
        Assert.Equal(
            TurnServerDisposition.Malformed,
            run.Server.HandleClientMessage(request, run.Alice.Path with { Transport = StunTransport.Tcp }, new byte[TurnServer.MinReplyBuffer], run.Now).Disposition);
    }

    [Fact]
    public void Binding_WrongFingerprint_IsSilent()
    {
        _run.Alice.HasFingerprint = true;
        byte[] request = _run.Alice.Build(StunMethod.Binding, signed: false);
        _run.Receive(request, _run.Alice.Path).Are("200 Binding mapped=198.51.100.7:40000 FP", "next none");
        _run.Receive(TurnTestClient.Flip(request, request.Length - 1), _run.Alice.Path).AreSilent(TurnServerDisposition.WrongFingerprint, "next none");
    }

    // security.md V13: our own answers are nobody's questions.
    [Fact]
    public void Replies_HandedBackIn_AreSilent()
    {
        byte[][] replies =
        [
            _run.Receive(_run.Alice.Build(StunMethod.Binding, signed: false), _run.Alice.Path).Reply,
            _run.Receive(_run.Alice.Build(StunMethod.Refresh, signed: false), _run.Alice.Path).Reply,
            _run.Alice.Allocate().Reply,
        ];
        Assert.All(replies, reply => _run.Receive(reply, _run.Bob.Path).AreSilent(TurnServerDisposition.NotARequest, "next 600"));
    }
}
