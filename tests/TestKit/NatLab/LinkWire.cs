using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;

namespace Stack.TestKit;

/// <summary>A cable of a given length between TAP devices of two namespaces: the kernels in question have no queueing discipline that delays.</summary>
/// <remarks>
/// One thread for both directions. A frame arrives at the delay after it was read, give or take what the scheduler takes, 0.1 ms on a quiet machine. A wire
/// holds any number of frames; each end's own queue (1000 frames) bounds what waits for it.
/// </remarks>
internal sealed class LinkWire : IDisposable
{
    private const int FrameSize = 2048;
    private const short Readable = 1; // POLLIN

    // How long a wire with nothing to deliver sleeps before it looks whether it is still wanted.
    private static readonly long IdleTicks = Stopwatch.Frequency / 20;

    private readonly LinkEnd _first;
    private readonly LinkEnd _second;
    private readonly long _delay;
    private readonly long _jitter;
    private readonly Random _random = new();
    private readonly PriorityQueue<Frame, (long Due, long Number)> _underWay = new();
    private readonly Thread _thread;
    private volatile bool _cut;
    private long _number;

    private LinkWire(LinkEnd first, LinkEnd second, TimeSpan delay, TimeSpan jitter)
    {
        _first = first;
        _second = second;
        _delay = (long)(delay.TotalSeconds * Stopwatch.Frequency);
        _jitter = (long)(jitter.TotalSeconds * Stopwatch.Frequency);
        _thread = new Thread(Run) { IsBackground = true, Name = "wire", Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    public static LinkWire Connect(string firstNamespace, string first, string secondNamespace, string second, TimeSpan delay, TimeSpan jitter)
    {
        LinkEnd firstEnd = LinkEnd.Open(firstNamespace, first);
        try
        {
            return new LinkWire(firstEnd, LinkEnd.Open(secondNamespace, second), delay, jitter);
        }
        catch
        {
            firstEnd.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _cut = true;
        _thread.Join();
        _first.Dispose();
        _second.Dispose();
    }

    private void Run()
    {
        PollDescriptor[] ends = [new(_first.Descriptor), new(_second.Descriptor)];
        while (!_cut)
        {
            long wait = IdleTicks;
            if (_underWay.TryPeek(out _, out (long Due, long Number) next))
            {
                wait = Math.Clamp(next.Due - Stopwatch.GetTimestamp(), 0, IdleTicks);
            }

            TimeSpecification timeout = new(wait);
            _ = Poll(ends, (nuint)ends.Length, ref timeout, 0);
            Collect(_first, _second);
            Collect(_second, _first);
            Deliver();
        }
    }

    private void Collect(LinkEnd from, LinkEnd to)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FrameSize);
        while (from.TryRead(buffer, out int size))
        {
            long due = Stopwatch.GetTimestamp() + _delay + (_jitter == 0 ? 0 : _random.NextInt64(_jitter));
            _underWay.Enqueue(new Frame(to, buffer, size), (due, _number++));
            buffer = ArrayPool<byte>.Shared.Rent(FrameSize);
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Deliver()
    {
        long now = Stopwatch.GetTimestamp();
        while (_underWay.TryPeek(out Frame frame, out (long Due, long Number) next) && next.Due <= now)
        {
            _underWay.Dequeue();
            frame.To.Write(frame.Buffer, frame.Size);
            ArrayPool<byte>.Shared.Return(frame.Buffer);
        }
    }

    [DllImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Poll([In, Out] PollDescriptor[] descriptors, nuint count, ref TimeSpecification timeout, nint signals);

    private readonly record struct Frame(LinkEnd To, byte[] Buffer, int Size);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct PollDescriptor(int descriptor)
    {
        private readonly int _descriptor = descriptor;
        private readonly short _wanted = Readable;
        private readonly short _happened;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpecification(long ticks)
    {
        private readonly nint _seconds = (nint)(ticks / Stopwatch.Frequency);
        private readonly nint _nanoseconds = (nint)(ticks % Stopwatch.Frequency * (1_000_000_000 / Stopwatch.Frequency));
    }
}
