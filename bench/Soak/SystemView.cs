using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

namespace Stack.Soak;

/// <summary>
/// What the system says that a process holds. From outside and without pause: a process that looks at itself loads code for it, and a full collection
/// moves memory to and fro.
/// </summary>
internal sealed class SystemView : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly Queue<long> _resident = [];
    private readonly Timer _timer;

    public SystemView(Process process)
    {
        _process = process;
        Sample();
        _timer = new Timer(_ => Sample(), null, Period, Period);
    }

    public int Descriptors => Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length;

    public int Threads => Directory.GetDirectories($"/proc/{_process.Id}/task").Length;

    private double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>What is resident now; 0 once the process has ended.</summary>
    public long ReadResidentBytes()
    {
        try
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>
    /// The median of the last <paramref name="time"/>, of ten minutes at most. The runtime takes and returns its heap in regions of 4 MiB, a twentieth of a
    /// server: what a single moment says of growth is where in that to and fro it lies.
    /// </summary>
    public long GetResidentBytes(TimeSpan time)
    {
        lock (_resident)
        {
            long[] last = [.. _resident.TakeLast((int)(time / Period)).Order()];
            return last[last.Length / 2];
        }
    }

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Descriptors} descriptors, {Threads} threads, CPU {CpuSeconds:0.0} s");

    private void Sample()
    {
        long bytes = ReadResidentBytes();
        if (bytes == 0)
        {
            return;
        }

        lock (_resident)
        {
            _resident.Enqueue(bytes);
            if (_resident.Count > Longest / Period)
            {
                _resident.Dequeue();
            }
        }
    }
}
