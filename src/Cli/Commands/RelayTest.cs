using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Stack.Transport;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>Makes the allocations, and sends at the rate asked for.</summary>
/// <param name="context">The command's.</param>
/// <param name="request">What to do.</param>
/// <param name="show">Shows what came of it, by the allocation that sent.</param>
internal sealed class RelayTest(CommandContext context, TurnRequest request, Action<TurnAllocation, RelayPackets> show)
{
    private const int MostAbroad = 1000;

    private static readonly TimeSpan LongestTail = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly TimeProvider _time = context.Environment.TimeProvider;
    private readonly RelayPackets _packets = new(request.Packets, request.Size, context.Environment.TimeProvider);
    private TurnAllocation? _near;
    private TurnAllocation? _far;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            IRelayPath path = await OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (path.ConfigureAwait(false))
            {
                await ExchangeAsync(path, cancellationToken).ConfigureAwait(false);
            }

            show(_near!, _packets);
            return _packets.Received == request.Packets ? ExitCode.Success : ExitCode.Negative;
        }
        finally
        {
            await CloseAsync(_far).ConfigureAwait(false);
            await CloseAsync(_near).ConfigureAwait(false);
        }
    }

    private static ValueTask CloseAsync(TurnAllocation? allocation) => allocation?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<IRelayPath> OpenAsync(CancellationToken cancellationToken)
    {
        using var alarm = new CancellationTokenSource(request.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, cancellationToken);
        try
        {
            var client = new TurnClient(request.Server, request.Credential, request.Client);
            var options = new TurnAllocationOptions
            {
                Protocol = request.IsTcpRelay ? RelayProtocol.Tcp : RelayProtocol.Udp,
                Family = request.Peer is { } peer ? Stack.Stun.TransportAddress.FromIPEndPoint(peer).Unmapped.Family : Stack.Stun.StunAddressFamily.None,
                BindsChannels = request.Channels is null,
            };
            _near = await client.AllocateAsync(options, either.Token).ConfigureAwait(false);
            RefuseFlood(_near);
            _far = request.Peer is null ? await client.AllocateAsync(options, either.Token).ConfigureAwait(false) : null;
            return request.IsTcpRelay
                ? await StreamPath.OpenAsync(_near, _far, request, either.Token).ConfigureAwait(false)
                : await DatagramPath.OpenAsync(_near, _far, request, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (alarm.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(Failures.Timeout(SafeText.Of(request.Server.Text), request.Timeout));
        }
    }

    private void RefuseFlood(TurnAllocation allocation)
    {
        if (request.Rate > MostAbroad && !request.OwnsTarget && !AddressScope.IsLocal(allocation.Server.Address))
        {
            throw CommandException.Usage(
                $"More than {MostAbroad} packets a second are sent to loopback and private addresses alone, and {allocation.Server.Address} is neither.",
                "Use a lower --rate, or --i-own-this-target where that is so.");
        }
    }

    private async Task ExchangeAsync(IRelayPath path, CancellationToken cancellationToken)
    {
        using var tail = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tail.Token, cancellationToken);
        Task receiving = ReceiveAsync(path, either.Token);
        await SendAsync(path, cancellationToken).ConfigureAwait(false);
        TimeSpan patience = request.Timeout < LongestTail ? request.Timeout : LongestTail;
        try
        {
            await receiving.WaitAsync(patience, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await tail.CancelAsync().ConfigureAwait(false);
            await receiving.ConfigureAwait(false);
        }
    }

    // Timers are coarse: each tick sends what is due by then.
    private async Task SendAsync(IRelayPath path, CancellationToken cancellationToken)
    {
        byte[] packet = new byte[request.Size];
        long start = _time.GetTimestamp();
        while (_packets.Sent < request.Packets)
        {
            double due = 1 + (_time.GetElapsedTime(start).TotalSeconds * request.Rate);
            while (_packets.Sent < Math.Min(due, request.Packets))
            {
                _packets.WriteNext(packet);
                await path.SendAsync(packet, cancellationToken).ConfigureAwait(false);
            }

            if (_packets.Sent < request.Packets)
            {
                TimeSpan interval = TimeSpan.FromSeconds(1.0 / request.Rate);
                await Task.Delay(interval > Tick ? interval : Tick, _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task ReceiveAsync(IRelayPath path, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[request.IsTcpRelay ? request.Size : ushort.MaxValue];
        try
        {
            while (!_packets.IsComplete)
            {
                int length = await path.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
                _packets.Note(buffer.AsSpan(0, length));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // What has not come by now is lost.
        }
    }
}
