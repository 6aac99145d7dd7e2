using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>
/// One loop of the server on one thread: its listeners, its relay sockets, its state machine. Nothing that a datagram brings to light ends it.
/// </summary>
/// <remarks>All members but <see cref="Start"/>, <see cref="Post"/>, <see cref="DisposeAsync"/> and the counters belong to the thread of the loop.</remarks>
internal sealed class RelayShard : IAsyncDisposable
{
    private readonly RelayShardSetup _setup;
    private readonly DatagramPoller _poller;
    private readonly ConcurrentQueue<IShardWork> _work = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private readonly ShardAlarm _alarm;
    private volatile bool _stopping;
    private volatile bool _stopped;

    public RelayShard(byte index, RelayShardSetup setup)
    {
        Index = index;
        _setup = setup;
        _poller = DatagramPoller.Create(setup.Portable);
        _alarm = new ShardAlarm(setup.Clock, _poller.Wake);
        Buffers = new DepartureBuffer(_poller);
        Clients = new ShardClients(this);
        Peers = new ShardPeers(this);
        Relays = new ShardRelays(this, _poller, setup.Reserved);
        Server = new TurnServer(setup.Options, setup.Resources, setup.Credentials, Relays, setup.Random, index);
        _thread = new Thread(Run) { IsBackground = true, Name = $"relay-{index}" };
    }

    public byte Index { get; }

    public TurnServer Server { get; }

    /// <summary>What has come to its UDP sockets.</summary>
    public ArrivalBatch Arrivals => _poller.Arrivals;

    public DepartureBuffer Buffers { get; }

    public ShardCounters Counters { get; } = new();

    public ServerJournal Journal => _setup.Journal;

    public TimeProvider TimeProvider => _setup.Clock.TimeProvider;

    public ShardClients Clients { get; }

    public ShardRelays Relays { get; }

    public ShardPeers Peers { get; }

    public Instant Now => _setup.Clock.Now;

    public bool IsCurrentThread => Thread.CurrentThread == _thread;

    /// <summary>Serves a bound socket; before <see cref="Start"/>. The loop closes it.</summary>
    public void Listen(System.Net.Sockets.Socket socket) => Clients.Add(new ClientPort(this, socket, _poller));

    public void Start() => _thread.Start();

    public void Post(IShardWork work)
    {
        _work.Enqueue(work);
        if (_stopped)
        {
            AbandonWork();
        }
        else
        {
            _poller.Wake();
        }
    }

    /// <summary>Closes the sockets of one that has never been started.</summary>
    public void Cancel() => Close();

    /// <summary>Ends the loop and closes its sockets; then nothing of it runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _poller.Wake();
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            Cancel();
        }

        await _ended.Task.ConfigureAwait(false);
        await Peers.StopAsync().ConfigureAwait(false);
    }

    /// <summary>Hands a client's message to the state machine.</summary>
    /// <param name="message">The message.</param>
    /// <param name="path">How it came.</param>
    /// <param name="replyAt">Where a reply begins in the outbound buffer.</param>
    /// <param name="now">When it came.</param>
    public TurnServerStep Handle(ReadOnlySpan<byte> message, in FiveTuple path, int replyAt, Instant now)
    {
        Journal.Trace(isSent: false, path.Client.Value, path.Transport, message);
        TurnServerStep step = Server.HandleClientMessage(message, path, Buffers.GetRoom(replyAt), now);
        Counters.CountMessage(step.Disposition, path.Transport);
        if (step.Action == TurnServerAction.Reply)
        {
            Journal.Trace(isSent: true, step.Reply.Destination, path.Transport, Buffers.Outbound.Slice(replyAt, step.Reply.Length));
        }

        return step;
    }

    /// <summary>Does what the state machine asks for; after every input.</summary>
    public void Pump()
    {
        while (Server.TryReadCommand(out TurnServerCommand command))
        {
            Peers.Execute(command);
        }

        for (int at = Buffers.Next; Server.TryReadTransmit(Buffers.GetRoom(at), out ClientTransmit transmit); at = Buffers.Next)
        {
            Journal.Trace(isSent: true, transmit.Path.Client.Value, transmit.Path.Transport, Buffers.Outbound.Slice(at, transmit.Length));
            Clients.Send(transmit, at);
        }

        while (Server.TryReadEvent(out TurnServerEvent? happened))
        {
            Journal.Write(happened);
            if (happened is AllocationEnded)
            {
                _setup.AllocationEnded();
            }
        }

        _alarm.Set(Server.NextTimeout);
    }

    public void Fail(Exception error)
    {
        Counters.CountFault();
        Journal.WriteFault(error);
    }

    private void Run()
    {
        while (!_stopping)
        {
            try
            {
                Turn();
            }
            catch (Exception error)
            {
                // A defect of ours that one datagram brings to light must not silence the server for everybody else.
                Fail(error);
            }
        }

        Close();
    }

    private void Turn()
    {
        _poller.Wait(block: _work.IsEmpty);
        Buffers.Release();
        _alarm.Check();
        Tick();

        // What is posted while these run has its turn after the sockets.
        for (int left = _work.Count; left > 0 && _work.TryDequeue(out IShardWork? work); left--)
        {
            Execute(work);
        }

        while (_poller.TryTakeReady(out DatagramReader reader, out bool hasErrors))
        {
            Read(reader, hasErrors);
        }
    }

    private void Tick()
    {
        try
        {
            if (Server.NextTimeout is { } due && Now >= due)
            {
                Server.HandleTimeout(Now);
            }

            Pump();
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    private void Execute(IShardWork work)
    {
        try
        {
            work.Execute(this);
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    private void Read(DatagramReader reader, bool hasErrors)
    {
        try
        {
            reader.OnReadable(hasErrors);
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    private void Close()
    {
        try
        {
            Server.Stop(Now);
            Pump();
            Server.Dispose();
        }
        catch (Exception error)
        {
            Fail(error);
        }
        finally
        {
            _alarm.Dispose();
            Peers.Close();
            Relays.Close();
            Clients.Close();
            _poller.Dispose();
            _stopped = true;
            AbandonWork();
            _ended.TrySetResult();
        }
    }

    private void AbandonWork()
    {
        while (_work.TryDequeue(out IShardWork? work))
        {
            work.Abandon();
        }
    }
}
