using System;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Cli;

/// <summary><c>bench alloc</c>: allocations in a row, then held, refreshed, relaying in a ring, and released.</summary>
internal sealed class AllocationLoad : ILoadSink, IDisposable
{
    private const int RingSize = 172;

    private static readonly TimeSpan RingPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private readonly LoadTarget _target;
    private readonly LoadLoop _loop;
    private readonly AllocationPlan _plan;
    private readonly LoadPayload _payload = new(RingSize);
    private readonly LoadClients _clients;
    private readonly bool[] _reached;
    private int _relayed;

    public AllocationLoad(LoadTarget target, LoadLoop loop, AllocationPlan plan)
    {
        _target = target;
        _loop = loop;
        _plan = plan;
        _clients = new LoadClients(target, loop, plan.Count);
        _reached = new bool[plan.Count];
    }

    public static int SlotSize => Math.Max(ClientAllocation.MaxRequestSize, RelayLoad.GetSlotSize(RingSize));

    public AllocationTally Tally { get; } = new();

    /// <summary>Runs all phases.</summary>
    /// <exception cref="CommandException">The server grants nothing, or says nothing.</exception>
    public void Run()
    {
        Allocate();
        try
        {
            Use();
            Hold();
            Tally.BytesHeld = _target.Process?.Read().ResidentBytes;
        }
        finally
        {
            Tally.Lost = _clients.Lost;
            Tally.Released = _clients.ReleaseAll(_plan.Concurrency);
        }

        _loop.ThrowIfInterrupted(Tally.Load);
        Wait(_plan.Settle);
        Tally.BytesAfter = _target.Process?.Read().ResidentBytes;
    }

    public void OnPayload(LoadClient client, ReadOnlySpan<byte> payload, TransportAddress peer)
    {
        LoadClient before = _clients[(client.Number + _clients.Count - 1) % _clients.Count];
        if (!_payload.TryRead(payload, out uint flow, out _, out _) || flow != before.Number || !before.IsActive || before.Relayed != peer)
        {
            Tally.Load.Corrupted++;
        }
        else if (_reached[before.Number])
        {
            Tally.Load.Duplicates++;
        }
        else
        {
            _reached[before.Number] = true;
            _relayed++;
        }
    }

    public void Dispose() => _clients.Dispose();

    private void Allocate()
    {
        LoadTally tally = Tally.Load;
        ServerSample? before = _target.Process?.Read();
        Tally.BytesBefore = before?.ResidentBytes;
        long begun = _loop.Time.GetTimestamp();
        tally.Received = _clients.Step(
            _plan.Concurrency,
            static client => client.Allocate(),
            ClientAllocationEventKind.Allocated,
            tally.RoundTrips);
        tally.Sent = _loop.IsInterrupted ? tally.Received : _clients.Count;
        tally.Sending = _loop.Time.GetElapsedTime(begun);
        tally.Elapsed = tally.Sending;
        tally.ServerTime = before is null ? null : _target.Process!.Read().Since(before);
        if (tally.Received == 0)
        {
            _clients.ThrowIfRefused();
        }
    }

    private void Use()
    {
        if (_plan.Refreshes)
        {
            Tally.Refreshed = _clients.Step(_plan.Concurrency, static client => client.Refresh(), awaited: null, skip: IsGone);
        }

        if (_plan.Relays && _clients.Count > 1)
        {
            _clients.Step(
                _plan.Concurrency,
                client => client.BindChannel(GetNext(client).Relayed),
                ClientAllocationEventKind.ChannelBound,
                skip: client => IsGone(client) || IsGone(GetNext(client)));

            // The one that receives must permit the one that sends; a channel to the next does not say so.
            _clients.Step(
                _plan.Concurrency,
                client => client.Permit(_clients[(client.Number + _clients.Count - 1) % _clients.Count].Relayed),
                ClientAllocationEventKind.PermissionInstalled,
                skip: client => IsGone(client) || client.IsPermitted(_clients[(client.Number + _clients.Count - 1) % _clients.Count]));
            Tally.Relayed = RelayAround();
        }
    }

    private int RelayAround()
    {
        long begun = 0;
        int next = 0;
        while (!_loop.IsInterrupted && (next < _clients.Count || (_relayed < _clients.Count && _loop.Time.GetElapsedTime(begun) < RingPatience)))
        {
            for (int end = Math.Min(next + _plan.Concurrency, _clients.Count); next < end; next++)
            {
                LoadClient client = _clients[next];
                client.Sink = this;
                GetNext(client).Sink = this;
                if (!IsGone(client) && !IsGone(GetNext(client)))
                {
                    Span<byte> slot = _loop.Reserve();
                    _payload.Write(slot.Slice(ClientAllocation.PayloadOffset, RingSize), (uint)client.Number, 0, 0);
                    client.TrySend(slot, RingSize, GetNext(client).Relayed, SendForm.Shortest, _loop.Now);
                }

                begun = _loop.Time.GetTimestamp();
            }

            _loop.Turn(TimeSpan.FromMilliseconds(1));
            _clients.KeepAlive();
        }

        return _relayed;
    }

    private void Hold() => Wait(_plan.Hold);

    private void Wait(TimeSpan duration)
    {
        long begun = _loop.Time.GetTimestamp();
        while (!_loop.IsInterrupted && _loop.Time.GetElapsedTime(begun) < duration)
        {
            _loop.Turn(Glance);
            _clients.KeepAlive();
        }
    }

    private LoadClient GetNext(LoadClient client) => _clients[(client.Number + 1) % _clients.Count];

    private static bool IsGone(LoadClient client) => !client.IsActive;
}
