using System;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class IceConnectionTests
{
    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_OnLoopback_CarriesDataBothWays()
    {
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(IcePairOfPeers.Loopback, IcePairOfPeers.Loopback);
        byte[] buffer = new byte[100];
        await peers.Left.SendAsync("hello"u8.ToArray());
        Assert.Equal(5, await peers.Right.ReceiveAsync(buffer));
        await peers.Right.SendAsync("bye"u8.ToArray());
        Assert.Equal(3, await peers.Left.ReceiveAsync(buffer));
        Assert.Equal(CandidateType.Host, peers.Left.Path!.Local.Type);

        // A check may come before the candidate that it comes from.
        Assert.True(peers.Left.Path.Remote.Type is CandidateType.Host or CandidateType.PeerReflexive);
        Assert.Contains(peers.Left.GetStatistics(), static pair => pair.IsValid && pair.ResponsesReceived > 0);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_TwoComponents_KeepsThemApart()
    {
        IceOptions options = IcePairOfPeers.Loopback with { Streams = [2, 1] };
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(options, options);
        byte[] buffer = new byte[10];
        foreach ((int stream, int component) in new[] { (0, 1), (0, 2), (1, 1) })
        {
            await peers.Left.Component(stream, component).SendAsync(new byte[] { 200, (byte)stream, (byte)component });
            Assert.Equal(3, await peers.Right.Component(stream, component).ReceiveAsync(buffer));
            Assert.Equal((stream, component), (buffer[1], buffer[2]));
        }
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Describe_CopyAndPaste_Connects()
    {
        await using var left = new IceConnection(IcePairOfPeers.Loopback with { Role = IceRole.Controlling });
        await using var right = new IceConnection(IcePairOfPeers.Loopback with { Role = IceRole.Controlled });
        string one = (await left.DescribeAsync()).ToJson();
        string other = (await right.DescribeAsync()).ToJson();
        Assert.DoesNotContain('\n', one);
        left.AddRemote(other);
        right.AddRemote(one);
        await Task.WhenAll(left.ConnectAsync(), right.ConnectAsync());
    }

    // RFC 8838 section 11: the checks are faster than the signaling.
    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Path_OfACandidateThatIsSignaledLater_IsNamedAsSignaled()
    {
        await using var left = new IceConnection(IcePairOfPeers.Loopback with { Role = IceRole.Controlling });
        await using var right = new IceConnection(IcePairOfPeers.Loopback with { Role = IceRole.Controlled });
        IceSignal one = await left.DescribeAsync();
        IceSignal other = await right.DescribeAsync();
        left.AddRemote(IceSignal.FromParameters(other.Parameters!));
        right.AddRemote(one);
        await Task.WhenAll(left.ConnectAsync(), right.ConnectAsync());
        IcePath path = left.Path!;
        Assert.Equal(CandidateType.PeerReflexive, path.Remote.Type);
        foreach (IceSignaledCandidate candidate in other.Candidates)
        {
            left.AddRemote(IceSignal.FromCandidate(candidate.Candidate, candidate.Stream, other.UsernameFragment!));
        }

        Assert.Equal(CandidateType.Host, left.Path!.Remote.Type);
        Assert.Equal((path.Local, path.Remote.Address), (left.Path.Local, left.Path.Remote.Address));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Restart_WithDataFlowing_LosesNothing()
    {
        await using IcePairOfPeers peers = await IcePairOfPeers.ConnectAsync(IcePairOfPeers.Loopback, IcePairOfPeers.Loopback);
        string before = (await peers.Left.DescribeAsync()).UsernameFragment!;
        Task restart = peers.Left.RestartAsync();
        byte[] buffer = new byte[10];
        byte sent = 0;
        do
        {
            await peers.Left.SendAsync(new byte[] { 200, sent });
            Assert.Equal(2, await peers.Right.ReceiveAsync(buffer));
            Assert.Equal(sent++, buffer[1]);
        }
        while (!restart.IsCompleted);
        await restart;
        Assert.NotEqual(before, (await peers.Left.DescribeAsync()).UsernameFragment);
        Assert.Equal(IceSessionState.Completed, peers.Left.State);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task AddRemote_MalformedCandidate_IsRefusedWithPositionAndReasonAndDisturbsNothing()
    {
        const string Bad = "candidate:1 1 udp 2130706431 192.0.2.1 99999 typ host";
        string json = $$"""{"candidate":"{{Bad}}"}""";
        await using IcePairOfPeers peers = IcePairOfPeers.Create(IcePairOfPeers.Loopback, IcePairOfPeers.Loopback);
        Refuse();
        await peers.ConnectAsync();
        Refuse();
        byte[] buffer = new byte[10];
        await peers.Left.SendAsync(new byte[] { 200 });
        Assert.Equal(1, await peers.Right.ReceiveAsync(buffer));
        await peers.Right.SendAsync(new byte[] { 200 });
        Assert.Equal(1, await peers.Left.ReceiveAsync(buffer));
        await peers.Left.RestartAsync();

        void Refuse()
        {
            IceSessionState before = peers.Left.State;
            FormatException error = Assert.Throws<FormatException>(() => peers.Left.AddRemote(json));
            Assert.Contains(nameof(CandidateAttributeStatus.MalformedPort), error.Message, StringComparison.Ordinal);
            Assert.Contains($"position {Bad.IndexOf("99999", StringComparison.Ordinal)}", error.Message, StringComparison.Ordinal);
            Assert.True(peers.Left.State >= before && peers.Left.State != IceSessionState.Failed);
        }
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_WrongPassword_FailsAndSaysSo()
    {
        IceOptions impatient = IcePairOfPeers.Loopback with { Patience = TimeSpan.Zero };
        await using var left = new IceConnection(impatient with { Role = IceRole.Controlling });
        await using var right = new IceConnection(impatient with { Role = IceRole.Controlled });
        IceSignal one = await left.DescribeAsync();
        IceSignal other = await right.DescribeAsync();
        left.AddRemote(WithWrongPassword(other));
        right.AddRemote(WithWrongPassword(one));
        IceException error = await Assert.ThrowsAsync<IceException>(() => left.ConnectAsync());
        Assert.Equal(IceFailure.WrongCredentials, error.Failure);
        Assert.Contains("1 host", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_Cancelled_Throws()
    {
        await using var ice = new IceConnection(IcePairOfPeers.Loopback);
        using var stop = new CancellationTokenSource();
        Task connecting = ice.ConnectAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Dispose_WhileCallsWait_EndsThem()
    {
        var ice = new IceConnection(IcePairOfPeers.Loopback);
        Task connecting = ice.ConnectAsync();
        Task<int> receiving = ice.ReceiveAsync(new byte[10]).AsTask();
        await ice.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connecting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receiving);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ice.ConnectAsync());
        await ice.DisposeAsync();
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Send_BeforeConnect_SaysThatThereIsNoPath()
    {
        await using var ice = new IceConnection(IcePairOfPeers.Loopback);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ice.SendAsync(new byte[1]).AsTask());
        Assert.Equal(1, ice.Components[0].Unsent);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_NoSignals_TimesOutAndSaysWhatIsMissing()
    {
        await using var ice = new IceConnection(IcePairOfPeers.Loopback with { ConnectTimeout = TimeSpan.FromMilliseconds(1) });
        IceException error = await Assert.ThrowsAsync<IceException>(() => ice.ConnectAsync());
        Assert.Equal(IceFailure.TimedOut, error.Failure);
        Assert.Contains("signaling", error.Hint, StringComparison.Ordinal);
    }

    private static IceSignal WithWrongPassword(IceSignal signal)
    {
        var credentials = new IceCredentials(signal.UsernameFragment!, new string('x', 22));
        return IceSignal.Describe(signal.Parameters! with { Credentials = credentials }, signal.Candidates);
    }
}
