using System;
using System.Collections.Generic;
using System.Net;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Cli;

/// <summary><c>bench turn</c>: allocations, their peers, and packets between them, each of which is checked where it arrives.</summary>
internal sealed class RelayLoad : ILoadSink, IDisposable
{
    private readonly RelayPlan _plan;
    private readonly LoadLoop _loop;
    private readonly LoadRun _run;
    private readonly LoadPayload _payload;
    private readonly LoadClients _clients;
    private readonly List<LoadPeer> _peers = [];
    private readonly List<RelayFlow> _flows = [];
    private int _turn;

    public RelayLoad(LoadTarget target, LoadLoop loop, RelayPlan plan)
    {
        _plan = plan;
        _loop = loop;
        _payload = new LoadPayload(plan.Size);
        _run = new LoadRun(target, loop, plan.Load);
        _clients = new LoadClients(target, loop, plan.Clients);
        IPAddress address = plan.PeerAddress ?? target.Local;
        for (int i = 0; i < Math.Min(plan.Peers ?? plan.Clients, plan.Clients); i++)
        {
            _peers.Add(new LoadPeer(loop, new IPEndPoint(address, 0), plan.Direction == RelayDirection.Echo, OnPeerDatagram));
        }
    }

    /// <summary>The room that a packet needs in a slot.</summary>
    public static int GetSlotSize(int size) => ClientAllocation.PayloadOffset + size + ClientAllocation.PayloadPadding;

    /// <summary>Sets up, runs, and releases.</summary>
    /// <exception cref="CommandException">The server refuses, or says nothing.</exception>
    public LoadTally Run()
    {
        SetUp();
        if (!_loop.IsInterrupted)
        {
            _run.Run(Send, () => _flows.ForEach(static flow => flow.BeginCounting()), _clients.KeepAlive);
        }

        _clients.ReleaseAll(_plan.Concurrency);
        _loop.ThrowIfInterrupted(_run.Tally);
        return _run.Tally;
    }

    public void OnPayload(LoadClient client, ReadOnlySpan<byte> payload, TransportAddress peer)
    {
        RelayFlow? flow = Recognize(payload, out long sequence, out long sentAt);
        bool expected = flow is not null && flow.Client == client && flow.PeerAddress == peer && flow.IsOut == (_plan.Direction == RelayDirection.Echo);
        Note(expected ? flow : null, sequence, sentAt);
    }

    public void Dispose()
    {
        foreach (LoadPeer peer in _peers)
        {
            peer.Dispose();
        }

        _clients.Dispose();
    }

    private void OnPeerDatagram(LoadPeer peer, ReadOnlySpan<byte> payload, TransportAddress source)
    {
        RelayFlow? flow = Recognize(payload, out long sequence, out long sentAt);
        bool expected = flow is not null && flow.Peer == peer && flow.Relayed == source && flow.IsOut;
        Note(expected ? flow : null, sequence, sentAt);
    }

    private void SetUp()
    {
        _clients.Step(_plan.Concurrency, static client => client.Allocate(), ClientAllocationEventKind.Allocated);
        _clients.ThrowIfRefused();
        ClientAllocationEventKind bound = _plan.UsesIndications ? ClientAllocationEventKind.PermissionInstalled : ClientAllocationEventKind.ChannelBound;
        _clients.Step(_plan.Concurrency, Bind, bound);
        _clients.ThrowIfRefused();
        for (int i = 0; i < _clients.Count && !_loop.IsInterrupted; i++)
        {
            _clients[i].Sink = this;
            if (_plan.Direction != RelayDirection.In)
            {
                _flows.Add(new RelayFlow((uint)_flows.Count, _clients[i], GetPeer(i), isOut: true));
            }

            if (_plan.Direction is RelayDirection.In or RelayDirection.Both)
            {
                _flows.Add(new RelayFlow((uint)_flows.Count, _clients[i], GetPeer(i), isOut: false));
            }
        }
    }

    private void Bind(LoadClient client)
    {
        TransportAddress peer = GetPeer(client.Number).Local;
        if (_plan.UsesIndications)
        {
            client.Permit(peer);
        }
        else
        {
            client.BindChannel(peer);
        }
    }

    private LoadPeer GetPeer(int client) => _peers[client % _peers.Count];

    private int Send(int packets)
    {
        RelayFlow flow = _flows[_turn];
        _turn = (_turn + 1) % _flows.Count;
        SendForm form = _plan.UsesIndications ? SendForm.Indication : SendForm.Shortest;
        Instant now = _loop.Now;
        for (int i = 0; i < packets; i++)
        {
            Span<byte> slot = _loop.Reserve();
            Span<byte> payload = slot.Slice(flow.IsOut ? ClientAllocation.PayloadOffset : 0, _plan.Size);
            _payload.Write(payload, flow.Number, flow.Next++, _loop.Time.GetTimestamp());
            if (!flow.IsOut)
            {
                flow.Peer.Send(_plan.Size, flow.Relayed);
            }
            else if (!flow.Client.TrySend(slot, _plan.Size, flow.PeerAddress, form, now))
            {
                _loop.Unsent++;
            }
        }

        return packets;
    }

    private RelayFlow? Recognize(ReadOnlySpan<byte> payload, out long sequence, out long sentAt)
        => _payload.TryRead(payload, out uint number, out sequence, out sentAt) && number < _flows.Count && _flows[(int)number].HasSent(sequence)
            ? _flows[(int)number]
            : null;

    private void Note(RelayFlow? flow, long sequence, long sentAt)
    {
        if (flow is null)
        {
            _run.Tally.Corrupted++;
        }
        else if (flow.TryArrive(sequence))
        {
            _run.NoteArrival(flow.Counts(sequence), sentAt);
        }
        else
        {
            _run.Tally.Duplicates++;
        }
    }
}
