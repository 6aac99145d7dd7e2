using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn.Tests;

/// <summary>
/// The sockets of one server on a machine that it may share with others: writes down every call, refuses what it is told to refuse, and throws
/// where a server forgets what it has.
/// </summary>
internal sealed class FakeRelaySockets : IRelaySockets
{
    private readonly HashSet<TransportAddress> _bound;
    private readonly HashSet<TransportAddress> _reserved;
    private readonly Dictionary<RelayId, TransportAddress> _open = [];
    private readonly List<string> _calls = [];

    public FakeRelaySockets(FakeRelaySockets? machine = null)
    {
        _bound = machine?._bound ?? [];
        _reserved = machine?._reserved ?? [];
    }

    /// <summary>What the operating system says; everything is opened by default.</summary>
    public Func<TransportAddress, RelayOpenStatus> Answer { get; set; } = static _ => RelayOpenStatus.Opened;

    public int OpenCount => _open.Count;

    public int ReservedCount => _reserved.Count;

    public int CallCount { get; private set; }

    public RelayOpenStatus Open(RelayId id, RelayProtocol protocol, TransportAddress address)
    {
        RelayOpenStatus status = Answer(address);
        Note($"open {id.Value} {protocol} {address}", status);
        if (status == RelayOpenStatus.Opened)
        {
            Bind(id, address);
        }

        return status;
    }

    public RelayOpenStatus Reserve(TransportAddress address)
    {
        RelayOpenStatus status = Answer(address);
        Note($"reserve {address}", status);
        if (status == RelayOpenStatus.Opened && !(_bound.Add(address) && _reserved.Add(address)))
        {
            throw new InvalidOperationException($"{address} is in use.");
        }

        return status;
    }

    public RelayOpenStatus Claim(RelayId id, TransportAddress address)
    {
        RelayOpenStatus status = Answer(address);
        Note($"claim {id.Value} {address}", status);
        if (!_reserved.Remove(address) || !_bound.Remove(address))
        {
            throw new InvalidOperationException($"{address} is not reserved.");
        }

        if (status == RelayOpenStatus.Opened)
        {
            Bind(id, address);
        }

        return status;
    }

    public void CancelReservation(TransportAddress address)
    {
        Note($"cancel {address}", RelayOpenStatus.Opened);
        if (!_reserved.Remove(address) || !_bound.Remove(address))
        {
            throw new InvalidOperationException($"{address} is not reserved.");
        }
    }

    public void Close(RelayId id)
    {
        Note($"close {id.Value}", RelayOpenStatus.Opened);
        if (!_open.Remove(id, out TransportAddress address) || !_bound.Remove(address))
        {
            throw new InvalidOperationException($"{id} is not open.");
        }
    }

    public string[] TakeCalls()
    {
        string[] calls = [.. _calls];
        _calls.Clear();
        return calls;
    }

    private void Bind(RelayId id, TransportAddress address)
    {
        if (!_open.TryAdd(id, address) || !_bound.Add(address))
        {
            throw new InvalidOperationException($"{id} or {address} is in use.");
        }
    }

    private void Note(string call, RelayOpenStatus status)
    {
        CallCount++;
        _calls.Add(status == RelayOpenStatus.Opened ? call : $"{call} {status}");
    }
}
