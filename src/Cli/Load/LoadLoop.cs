using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>
/// The sockets, the clock and the buffers of a load generator, all on one thread. Sends are queued and leave together; a slot is lent for each.
/// </summary>
internal sealed class LoadLoop : IDisposable
{
    private const int SlotCount = 512;
    private const int SocketBuffer = 4 << 20;

    private readonly DatagramPoller _poller;
    private readonly DatagramPortOptions _options;
    private readonly MonotonicClock _clock;
    private readonly CancellationTokenRegistration _interrupt;
    private readonly CancellationToken _cancellationToken;
    private int _slot = -1;

    /// <param name="system">How the sockets are driven.</param>
    /// <param name="slotSize">The size of the largest message that is sent.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends waits.</param>
    public LoadLoop(LoadSystem system, int slotSize, TimeProvider time, CancellationToken cancellationToken)
    {
        // Slots begin on lines of the processor's cache, and not all on the same ones.
        SlotSize = ((slotSize + 63) & ~63) + 64;
        Slots = new PinnedBuffer(SlotCount * SlotSize);
        _options = new DatagramPortOptions { Segments = system.IsSegmented, Coalesces = system.IsCoalesced };
        Time = time;
        _clock = new MonotonicClock(time);
        _poller = DatagramPoller.Create(system.IsPortable);
        _cancellationToken = cancellationToken;
        _interrupt = cancellationToken.Register(_poller.Wake);
    }

    public TimeProvider Time { get; }

    public Instant Now => _clock.Now;

    /// <summary>Whether Ctrl-C, or whatever ends the command, has come.</summary>
    public bool IsInterrupted => _cancellationToken.IsCancellationRequested;

    /// <summary>Datagrams that the system refused to send.</summary>
    public long Unsent { get; set; }

    public int SlotSize { get; }

    public PinnedBuffer Slots { get; }

    public ArrivalBatch Arrivals => _poller.Arrivals;

    /// <summary>Messages that slots have been lent for since what was queued was sent.</summary>
    public int Queued => _slot + 1;

    /// <summary>Where the slot that was lent last begins.</summary>
    public int SlotOffset => _slot * SlotSize;

    /// <summary>Opens a socket.</summary>
    /// <param name="local">Its address; port 0 for any.</param>
    /// <param name="reader">Who gets what comes.</param>
    /// <exception cref="CommandException">The system does not let us.</exception>
    public LoadPort Open(IPEndPoint local, ILoadReader reader)
    {
        Socket? socket = null;
        try
        {
            socket = UdpSockets.Open(local.AddressFamily);
            socket.Blocking = false;
            socket.ReceiveBufferSize = SocketBuffer;
            socket.SendBufferSize = SocketBuffer;
            socket.Bind(local);
            var port = new LoadPort(this, reader);
            port.Attach(_poller.Add(socket, port, _options));
            return port;
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            throw new CommandException(new Failure(
                ExitCode.Network,
                "network",
                $"A socket on {local} cannot be opened: {error.SocketErrorCode}.",
                "The address must be one of this machine; many sockets need a high limit of open files (ulimit -n)."));
        }
    }

    /// <summary>Lends a slot of <see cref="SlotSize"/> bytes for the next message.</summary>
    public Span<byte> Reserve()
    {
        if (Queued == SlotCount)
        {
            Flush();
        }

        _slot++;
        return Slots.Slice(SlotOffset, SlotSize);
    }

    /// <summary>Sends what is queued.</summary>
    public void Flush()
    {
        _poller.Flush();
        _slot = -1;
    }

    /// <summary>Sends what is queued, waits until something can be read or the time is over, and hands out what has come.</summary>
    /// <param name="wait">How long at most; zero only looks.</param>
    public void Turn(TimeSpan wait)
    {
        bool blocks = wait > TimeSpan.Zero && !IsInterrupted;

        // By the poller itself: a timer would keep threads of the pool awake, on processors that the server needs.
        _poller.Wait(blocks ? TimeSpan.FromMilliseconds(Math.Max(1, Math.Floor(wait.TotalMilliseconds))) : TimeSpan.Zero);
        _slot = -1;
        while (_poller.TryTakeReady(out DatagramReader reader, out bool hasErrors))
        {
            reader.OnReadable(hasErrors);
        }
    }

    /// <summary>Ends a command that was interrupted before it had anything to tell.</summary>
    /// <exception cref="OperationCanceledException">It was.</exception>
    public void ThrowIfInterrupted(LoadTally tally)
    {
        if (tally.Received == 0)
        {
            _cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _poller.Dispose();
    }
}
