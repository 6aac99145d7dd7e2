using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Stack.Transport;

/// <summary>Waits by <c>epoll</c>; woken by an <c>eventfd</c>.</summary>
internal sealed class LinuxPoller : DatagramPoller
{
    private const int MaxEvents = 128;
    private const ulong WakeKey = 0;

    // struct epoll_event is packed on x64 alone.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int KeyOffset = EventSize - sizeof(ulong);

    // By the lower half of the key, which is used again; the upper half is not.
    private readonly List<LinuxDatagramPort?> _ports = [];
    private readonly Stack<int> _free = [];
    private readonly LinuxSender _sender = new();
    private readonly PinnedBuffer _events = new(16 * MaxEvents);
    private readonly PinnedBuffer _control = new(16);
    private readonly PinnedBuffer _one = new(sizeof(ulong));
    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _wake;
    private ulong _added;
    private int _ready;
    private int _taken;
    private int _woken;

    public LinuxPoller()
    {
        MemoryMarshal.Write(_one.Bytes, 1UL);
        _epoll = new SafeFileHandle(LinuxCalls.CreateEpoll(LinuxCalls.CloseOnExec), ownsHandle: true);
        _wake = new SafeFileHandle(
            _epoll.IsInvalid ? -1 : LinuxCalls.CreateEvent(0, LinuxCalls.CloseOnExec | LinuxCalls.NonBlocking),
            ownsHandle: true);

        // Edge-triggered: every write is an event of its own, and nobody need read the count.
        if (_wake.IsInvalid || !Control(LinuxCalls.EpollAdd, _wake, LinuxCalls.EpollIn | LinuxCalls.EpollEdge, WakeKey))
        {
            int error = Marshal.GetLastPInvokeError();
            _wake.Dispose();
            _epoll.Dispose();
            throw new SocketException(SocketErrors.FromNative(error));
        }
    }

    /// <summary>For what is received and sent by itself.</summary>
    public LinuxMessage Message { get; } = new();

    public LinuxReceiver Receiver { get; } = new();

    /// <summary>How often it has waited.</summary>
    public ulong Waits { get; private set; }

    public override DatagramPort Add(Socket socket, DatagramReader reader, DatagramPortOptions options)
    {
        int slot = _free.TryPeek(out int free) ? free : _ports.Count;
        ulong key = (++_added << 32) | (uint)slot;
        var port = new LinuxDatagramPort(socket, this, reader, key, options);
        if (!Control(LinuxCalls.EpollAdd, socket.SafeHandle, LinuxCalls.EpollIn, key))
        {
            throw new SocketException(SocketErrors.FromNative(Marshal.GetLastPInvokeError()));
        }

        if (slot == _ports.Count)
        {
            _ports.Add(port);
        }
        else
        {
            _free.Pop();
            _ports[slot] = port;
        }

        return port;
    }

    public void Remove(LinuxDatagramPort port)
    {
        if (Find(port.Key) is null)
        {
            return;
        }

        int slot = (int)(uint)port.Key;
        _ports[slot] = null;
        _free.Push(slot);
        if (!port.Handle.IsClosed)
        {
            Control(LinuxCalls.EpollRemove, port.Handle, 0, port.Key);
        }
    }

    public override bool TryTakeReady(out DatagramReader reader, out bool hasErrors)
    {
        while (_taken < _ready)
        {
            Span<byte> taken = _events.Slice(_taken++ * EventSize, EventSize);
            if (Find(MemoryMarshal.Read<ulong>(taken[KeyOffset..])) is { } port)
            {
                reader = port.Owner;
                hasErrors = (MemoryMarshal.Read<int>(taken) & LinuxCalls.EpollError) != 0;
                return true;
            }
        }

        reader = null!;
        hasErrors = false;
        return false;
    }

    public override void Wake()
    {
        if (Interlocked.Exchange(ref _woken, 1) != 0)
        {
            return;
        }

        try
        {
            _ = LinuxCalls.Write(_wake, _one.Address, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended: nobody is left to wake.
        }
    }

    public override void Dispose()
    {
        _sender.Dispose();
        _wake.Dispose();
        _epoll.Dispose();
    }

    protected override void Send(DepartureQueue departures) => _sender.Send(departures);

    protected override void Await(TimeSpan most)
    {
        _taken = 0;
        Waits = unchecked(Waits + 1);
        _ready = Math.Max(0, LinuxCalls.WaitEpoll(_epoll, _events.Address, MaxEvents, (int)Math.Ceiling(most.TotalMilliseconds)));

        // A full fence: what is posted without a wake from here on was posted before the loop looks for it.
        Interlocked.Exchange(ref _woken, 0);
    }

    // What was closed after the wait that found it readable has left its slot, perhaps to another one.
    private LinuxDatagramPort? Find(ulong key)
    {
        int slot = (int)(uint)key;
        return key != WakeKey && slot < _ports.Count && _ports[slot] is { } port && port.Key == key ? port : null;
    }

    private bool Control(int operation, SafeHandle descriptor, int events, ulong key)
    {
        MemoryMarshal.Write(_control.Bytes, events);
        MemoryMarshal.Write(_control.Bytes.AsSpan(KeyOffset), key);
        return LinuxCalls.ControlEpoll(_epoll, operation, descriptor, _control.Address) == 0;
    }
}
