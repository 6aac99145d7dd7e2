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

    private readonly Dictionary<ulong, LinuxDatagramPort> _ports = [];
    private readonly LinuxSender _sender = new();
    private readonly PinnedBuffer _events = new(16 * MaxEvents);
    private readonly PinnedBuffer _control = new(16);
    private readonly PinnedBuffer _one = new(sizeof(ulong));
    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _wake;
    private ulong _lastKey = WakeKey;
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

    public override DatagramPort Add(Socket socket, IDatagramReader reader, DatagramPortOptions options)
    {
        var port = new LinuxDatagramPort(socket, this, reader, ++_lastKey, options);
        if (!Control(LinuxCalls.EpollAdd, socket.SafeHandle, LinuxCalls.EpollIn, _lastKey))
        {
            throw new SocketException(SocketErrors.FromNative(Marshal.GetLastPInvokeError()));
        }

        _ports.Add(_lastKey, port);
        return port;
    }

    public void Remove(ulong key, SafeSocketHandle handle)
    {
        if (_ports.Remove(key) && !handle.IsClosed)
        {
            Control(LinuxCalls.EpollRemove, handle, 0, key);
        }
    }

    public override bool TryTakeReady(out IDatagramReader reader, out bool hasErrors)
    {
        while (_taken < _ready)
        {
            Span<byte> taken = _events.Slice(_taken++ * EventSize, EventSize);
            if (_ports.TryGetValue(MemoryMarshal.Read<ulong>(taken[KeyOffset..]), out LinuxDatagramPort? port))
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

    protected override void Await(bool block)
    {
        _taken = 0;
        Waits = unchecked(Waits + 1);
        _ready = Math.Max(0, LinuxCalls.WaitEpoll(_epoll, _events.Address, MaxEvents, block ? -1 : 0));

        // A full fence: what is posted without a wake from here on was posted before the loop looks for it.
        Interlocked.Exchange(ref _woken, 0);
    }

    private bool Control(int operation, SafeHandle descriptor, int events, ulong key)
    {
        MemoryMarshal.Write(_control.Bytes, events);
        MemoryMarshal.Write(_control.Bytes.AsSpan(KeyOffset), key);
        return LinuxCalls.ControlEpoll(_epoll, operation, descriptor, _control.Address) == 0;
    }
}
