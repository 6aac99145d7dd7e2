using System;
using System.Collections.Generic;
using System.Threading;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// Gives an <see cref="IceAgent"/> sockets and a clock. Inputs are taken one at a time under a lock, under which nothing waits: receive loops that
/// find it taken leave their datagram in an inbox, which whoever has the lock empties before he goes. So no agent delays another one.
/// </summary>
internal sealed class IceDriver : IDisposable
{
    private readonly Lock _gate = new();
    private readonly DatagramInbox _inbox = new();
    private readonly Dictionary<int, IceBase> _bases = [];
    private readonly byte[] _buffer = new byte[IceAgent.MaxMessageSize];
    private readonly IceLoop _loop;
    private readonly IIceDriverOwner _owner;
    private Action<StunTrace>? _trace;
    private readonly Alarm _alarm;
    private bool _disposed;

    public IceDriver(IceAgent agent, IceLoop loop, IIceDriverOwner owner, Action<StunTrace>? trace)
    {
        Agent = agent;
        _loop = loop;
        _owner = owner;
        _trace = trace;
        _alarm = new Alarm(OnAlarm);
    }

    /// <summary>The agent; to be touched between <see cref="Enter"/> and the end of its scope only.</summary>
    public IceAgent Agent { get; }

    public Instant Now => _loop.Clock.Now;

    public bool IsDisposed => _disposed;

    /// <summary>The bases; to be touched as <see cref="Agent"/>.</summary>
    public Dictionary<int, IceBase> Bases => _bases;

    /// <summary>Takes the lock until the result is disposed of, which also does what follows from what was done.</summary>
    public Scope Enter()
    {
        _gate.Enter();
        return new Scope(this);
    }

    /// <summary>Takes a datagram of a base. Never waits.</summary>
    /// <returns>What became of it; null where that is not known yet.</returns>
    public IceDisposition? Deliver(int baseId, TransportAddress source, ReadOnlySpan<byte> datagram)
    {
        if (!_gate.TryEnter())
        {
            // Whoever has the lock looks into the inbox after he has left it: one of the two sees the datagram.
            if (_inbox.TryAdd(baseId, source, datagram) && _gate.TryEnter())
            {
                Leave();
            }

            return null;
        }

        bool isPumpDue = true;
        try
        {
            isPumpDue = EmptyInbox();
            IceDisposition disposition = Handle(baseId, source, datagram);
            isPumpDue |= disposition != IceDisposition.ApplicationData;
            return disposition;
        }
        finally
        {
            Leave(isPumpDue);
        }
    }

    /// <summary>Sends application data where the agent says. Never waits, allocates nothing.</summary>
    /// <returns>False where there is no path.</returns>
    public bool Send(int stream, int componentId, ReadOnlySpan<byte> payload)
    {
        IceBase? from;
        IceRoute route;
        lock (_gate)
        {
            if (_disposed || !Agent.TryGetRoute(stream, componentId, Now, out route) || !_bases.TryGetValue(route.BaseId, out from))
            {
                return false;
            }
        }

        from.Send(payload, route.Destination);
        return true;
    }

    /// <summary>Ends the agent. The bases stay the caller's to close.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            Agent.Close(Now);
            Pump();
            _disposed = true;
            Agent.Dispose();
        }

        _loop.Alarms.Set(_alarm, null);
    }

    private static bool IsRequest(ReadOnlySpan<byte> message)
        => StunDemultiplexer.Classify(message) == StunPacketKind.Stun && message.Length >= StunMessage.HeaderSize && (message[0] & 1) == 0 && (message[1] & 0x10) == 0;

    private void OnAlarm()
    {
        _gate.Enter();
        try
        {
            if (_disposed)
            {
                return;
            }

            Instant now = Now;
            Agent.HandleTimeout(now);
            foreach (IceBase one in _bases.Values)
            {
                one.Probes?.HandleTimeout(now);
            }
        }
        finally
        {
            Leave();
        }
    }

    // After application data there is nothing to pump.
    private void Leave(bool isPumpDue = true)
    {
        do
        {
            try
            {
                if (EmptyInbox() | isPumpDue)
                {
                    Pump();
                }

                isPumpDue = false;
            }
            finally
            {
                _gate.Exit();
            }
        }
        while (!_inbox.IsEmpty && _gate.TryEnter());
    }

    private bool EmptyInbox()
    {
        bool isPumpDue = false;
        while (_inbox.TryTake(out DatagramInbox.Entry entry))
        {
            isPumpDue |= Handle(entry.BaseId, entry.Source, entry.Bytes.AsSpan(0, entry.Length)) != IceDisposition.ApplicationData;
            DatagramInbox.Return(entry);
        }

        return isPumpDue;
    }

    private IceDisposition Handle(int baseId, TransportAddress source, ReadOnlySpan<byte> datagram)
    {
        if (_disposed || !_bases.TryGetValue(baseId, out IceBase? to))
        {
            return IceDisposition.UnknownBase;
        }

        Instant now = Now;
        if (to.Probes?.HandleDatagram(datagram, source, now) == true)
        {
            Trace(isSent: false, to, source, datagram);
            return IceDisposition.Taken;
        }

        IceDisposition disposition = Agent.HandleDatagram(baseId, source, datagram, now, out IceArrival arrival);
        if (disposition == IceDisposition.ApplicationData)
        {
            _owner.HandleData(arrival, datagram);
        }
        else
        {
            _owner.HandleDisposition(disposition);
            if (_trace is not null && StunMessage.Decode(datagram, out _) == StunDecodeStatus.Ok)
            {
                Trace(isSent: false, to, source, datagram);
            }
        }

        return disposition;
    }

    private void Trace(bool isSent, IceBase at, TransportAddress remote, ReadOnlySpan<byte> message)
    {
        if (_trace is null)
        {
            return;
        }

        try
        {
            _trace(new StunTrace(isSent, remote.ToIPEndPoint(), at.Transport, message.ToArray()));
        }
        catch (Exception)
        {
            // It promised not to throw; the session must not pay for it.
            _trace = null;
        }
    }

    // The polling order of the core: transmits, then events, then the next deadline. What the owner does about an event can lead to more of both.
    private void Pump()
    {
        if (_disposed)
        {
            return;
        }

        Instant now = Now;
        Instant? next = null;
        bool isSettled = false;
        while (!isSettled)
        {
            isSettled = true;
            while (Agent.TryReadTransmit(_buffer, now, out IceTransmit transmit))
            {
                Transmit(transmit, now);
            }

            Instant? probing = PumpProbes(now, ref isSettled);
            while (Agent.TryReadEvent(out IceEvent happened))
            {
                isSettled = false;
                _owner.HandleEvent(happened);
            }

            next = Agent.NextTimeout is { } due && !(probing <= due) ? due : probing;
        }

        _loop.Alarms.Set(_alarm, next);
    }

    private Instant? PumpProbes(Instant now, ref bool isSettled)
    {
        Instant? next = null;
        foreach (IceBase one in _bases.Values)
        {
            if (one.Probes is not { } probes)
            {
                continue;
            }

            while (probes.TryReadTransmit(_buffer, now, out StunTransmit transmit))
            {
                one.Expect(transmit.Destination);
                Trace(isSent: true, one, transmit.Destination, _buffer.AsSpan(0, transmit.Length));
                if (!one.Send(_buffer.AsSpan(0, transmit.Length), transmit.Destination))
                {
                    probes.HandleUnreachable(transmit.Destination, now);
                }
            }

            while (probes.TryReadOutcome(out ReflexiveOutcome outcome))
            {
                isSettled = false;
                _owner.HandleReflexive(one, outcome);
            }

            next = probes.NextTimeout is { } due && !(next <= due) ? due : next;
        }

        return next;
    }

    private void Transmit(in IceTransmit transmit, Instant now)
    {
        if (!_bases.TryGetValue(transmit.BaseId, out IceBase? from))
        {
            return;
        }

        ReadOnlySpan<byte> message = _buffer.AsSpan(0, transmit.Length);
        if (IsRequest(message))
        {
            from.Expect(transmit.Destination);
        }

        Trace(isSent: true, from, transmit.Destination, message);
        if (!from.Send(message, transmit.Destination))
        {
            Agent.HandleUnreachable(transmit.BaseId, transmit.Destination, now);
        }
    }

    /// <summary>The lock, held.</summary>
    public readonly ref struct Scope(IceDriver driver)
    {
        public void Dispose() => driver.Leave();
    }
}
