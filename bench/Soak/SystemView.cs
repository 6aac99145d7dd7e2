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
    private const int Samples = 60;

    private readonly Process _process;
    private readonly Queue<long> _resident = [];
    private readonly Timer _timer;

    public SystemView(Process process)
    {
        _process = process;
        Sample();
        _timer = new Timer(_ => Sample(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>The median of the last minute.</summary>
    public long ResidentBytes
    {
        get
        {
            lock (_resident)
            {
                return _resident.Order().ElementAtOrDefault(_resident.Count / 2);
            }
        }
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

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"RSS {ResidentBytes / 1024} KiB, {Descriptors} descriptors, {Threads} threads, CPU {CpuSeconds:0.0} s");

    private void Sample()
    {
        try
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            long bytes = 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
            lock (_resident)
            {
                _resident.Enqueue(bytes);
                if (_resident.Count > Samples)
                {
                    _resident.Dequeue();
                }
            }
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            // It has ended.
        }
    }
}
