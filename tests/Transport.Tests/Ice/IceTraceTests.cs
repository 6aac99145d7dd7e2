using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

[Collection(ProcessWide.Name)]
public sealed class IceTraceTests
{
    private readonly ConcurrentQueue<StunTrace> _seen = new();

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Trace_Checks_AreShownWithTheirAnswersAndTheirPeer()
    {
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(IcePairOfPeers.Loopback with { Trace = _seen.Enqueue }, IcePairOfPeers.Loopback);
        Assert.All(_seen, static one => Assert.Equal(StunTransport.Udp, one.Transport));
        Assert.All(_seen, one => Assert.Equal(peers.Left.Path!.Remote.Address.ToIPEndPoint(), one.Remote));
        AssertAnswered(isSent: true);
        AssertAnswered(isSent: false);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Trace_ApplicationData_IsNotShownEvenWhereItLooksLikeStun()
    {
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(IcePairOfPeers.Loopback with { Trace = _seen.Enqueue }, IcePairOfPeers.Loopback);
        byte[] buffer = new byte[100];
        foreach (byte[] payload in (byte[][])[[200, 1, 2, 3], BindingOfTheApplication()])
        {
            await peers.Left.SendAsync(payload);
            Assert.Equal(payload.Length, await peers.Right.ReceiveAsync(buffer));
            await peers.Right.SendAsync(payload);
            Assert.Equal(payload.Length, await peers.Left.ReceiveAsync(buffer));
            Assert.DoesNotContain(_seen, one => one.Message.Span.SequenceEqual(payload));
        }
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Trace_OverTcp_SaysSo()
    {
        IceOptions options = IceGatheringTests.On("127.0.0.1") with
        {
            Tcp = IceTcpCandidates.ActiveAndPassive,
            AcceptsRemote = static candidate => candidate.Transport == CandidateTransport.Tcp,
        };
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(options with { Trace = _seen.Enqueue }, options);
        Assert.Contains(_seen, static one => one is { IsSent: true, Transport: StunTransport.Tcp });
        Assert.Contains(_seen, static one => one is { IsSent: false, Transport: StunTransport.Tcp });
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Trace_OverARelay_ShowsTheRequestsToTheServerAndTheChecksAsThePeerSeesThem()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Udp);
        IceOptions options = IceGatheringTests.Relayed(host, StunTransport.Udp);
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(options with { Trace = _seen.Enqueue }, options);
        await peers.Left.SendAsync(new byte[] { 200 });
        Assert.Equal(1, await peers.Right.ReceiveAsync(new byte[10]));
        Assert.Contains(_seen, one => one.IsSent && TypeOf(one) == new StunMessageType(StunMethod.Allocate, StunClass.Request) && one.Remote.Equals(host.At(StunTransport.Udp)));
        Assert.Contains(_seen, static one => !one.IsSent && TypeOf(one) == new StunMessageType(StunMethod.Allocate, StunClass.SuccessResponse));
        Assert.Contains(_seen, one => one.IsSent && TypeOf(one).Method == StunMethod.Binding && one.Remote.Equals(peers.Left.Path!.Remote.Address.ToIPEndPoint()));
        Assert.DoesNotContain(_seen, static one => TypeOf(one).Method is StunMethod.Send or StunMethod.Data);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Trace_AServerIsAsked_ShowsTheQuestionAndTheAnswer()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Udp);
        await using var ice = new IceConnection(IcePairOfPeers.Loopback with { Trace = _seen.Enqueue, Servers = [new IceServer($"stun:{host.At(StunTransport.Udp)}")] });
        await ice.DescribeAsync();
        AssertAnswered(isSent: true);
        Assert.All(_seen, one => Assert.Equal(host.At(StunTransport.Udp), one.Remote));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Trace_ThatThrows_DoesNotDisturbTheSession()
    {
        IceOptions throwing = IcePairOfPeers.Loopback with { Trace = static _ => throw new InvalidOperationException("no") };
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(throwing, throwing);
        await peers.Left.SendAsync(new byte[] { 200 });
        Assert.Equal(1, await peers.Right.ReceiveAsync(new byte[10]));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Trace_NoneSet_NoMessageAllocates(bool isTraced)
    {
        IceOptions options = IcePairOfPeers.Loopback with { Trace = isTraced ? static _ => { } : null };
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(IcePairOfPeers.Loopback, options);
        while (peers.Right.State != IceSessionState.Completed || peers.Left.State != IceSessionState.Completed)
        {
            await (peers.Right.State != IceSessionState.Completed ? peers.Right : peers.Left).ReadEventAsync();
        }

        byte[] keepalive = Indication();
        int baseId = Assert.Single(peers.Right.Driver.Bases).Key;
        TransportAddress source = peers.Right.Path!.Remote.Address;
        (long allocated, IceDisposition? last) = Measure();
        Assert.Equal(IceDisposition.Taken, last);
        Assert.Equal(isTraced, allocated != 0);

        // A check or an alarm that had the lock would take the message over.
        (long Allocated, IceDisposition? Last) Measure()
        {
            using IceDriver.Scope scope = peers.Right.Driver.Enter();
            IceDisposition? disposition = null;
            long fewest = Allocations.Measure(() => disposition = peers.Right.Driver.Deliver(baseId, source, keepalive));
            return (fewest, disposition);
        }
    }

    private static byte[] BindingOfTheApplication()
    {
        byte[] message = new byte[StunMessage.HeaderSize];
        _ = new StunMessageWriter(message, new StunMessageType(StunMethod.Binding, StunClass.Request), default);
        return message;
    }

    private static byte[] Indication()
    {
        byte[] message = new byte[28];
        var writer = new StunMessageWriter(message, new StunMessageType(StunMethod.Binding, StunClass.Indication), default);
        writer.AddFingerprint();
        return message;
    }

    private static StunMessageType TypeOf(StunTrace one)
    {
        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(one.Message.Span, out StunMessage message));
        return new StunMessageType(message.Method, message.Class);
    }

    private static string TransactionOf(StunTrace one)
    {
        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(one.Message.Span, out StunMessage message));
        return message.TransactionId.ToString();
    }

    // A request one way has its answer the other way.
    private void AssertAnswered(bool isSent)
    {
        IEnumerable<string> asked = _seen.Where(one => one.IsSent == isSent && TypeOf(one).Class == StunClass.Request).Select(TransactionOf);
        IEnumerable<string> answered = _seen.Where(one => one.IsSent != isSent && TypeOf(one).Class == StunClass.SuccessResponse).Select(TransactionOf);
        Assert.NotEmpty(asked.Intersect(answered));
    }
}
