using System;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>An allocation with its one or two bases, and the loop that reads it.</summary>
internal sealed class IceRelay(TurnAllocation allocation)
{
    private const int LargestDatagram = 65535;

    private Task _receiving = Task.CompletedTask;
    private int _bases;

    public TurnAllocation Allocation => allocation;

    /// <summary>Counts one base more.</summary>
    public void Hold() => Interlocked.Increment(ref _bases);

    /// <summary>Begins to read.</summary>
    /// <param name="deliver">Takes a datagram: its peer, and the bytes.</param>
    /// <param name="lost">Called once, where the allocation is lost and not released.</param>
    public void Start(DatagramSocket.Receiver deliver, Action<TurnException> lost) => _receiving = Task.Run(() => ReceiveAsync(deliver, lost));

    /// <summary>Gives one base back, and the allocation with the last one.</summary>
    public async ValueTask ReleaseAsync()
    {
        if (Interlocked.Decrement(ref _bases) == 0)
        {
            await allocation.DisposeAsync().ConfigureAwait(false);
            await _receiving.ConfigureAwait(false);
        }
    }

    /// <summary>Asks for a permission. A refusal shows in the checks, which are not answered then.</summary>
    public void Permit(TransportAddress peer) => _ = AskAsync(() => allocation.PermitAsync(peer.ToIPEndPoint()));

    /// <summary>Binds a channel, where the server has one to give.</summary>
    public void BindChannel(TransportAddress peer) => _ = AskAsync(() => allocation.BindChannelAsync(peer.ToIPEndPoint()));

    // On another thread: the loop of the connection has the peer's checks to answer meanwhile.
    private static async Task AskAsync(Func<Task> ask)
    {
        try
        {
            await Task.Run(ask).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TurnException or ArgumentException or InvalidOperationException or OperationCanceledException)
        {
            // Said above.
        }
    }

    private async Task ReceiveAsync(DatagramSocket.Receiver deliver, Action<TurnException> lost)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(LargestDatagram);
        try
        {
            while (true)
            {
                TurnDatagram datagram = await allocation.ReceiveAsync(buffer).ConfigureAwait(false);
                deliver(datagram.Peer, buffer.AsSpan(0, datagram.Length));
            }
        }
        catch (ObjectDisposedException)
        {
            // Released.
        }
        catch (TurnException error)
        {
            lost(error);
        }
    }
}
