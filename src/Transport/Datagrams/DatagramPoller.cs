using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;

namespace Stack.Transport;

/// <summary>
/// Waits for the UDP sockets of one loop. All but <see cref="Wake"/> belong to the thread of that loop. This and <see cref="DatagramPort"/> are
/// all that the loop knows of the system, so that a faster way to do the same fits under it.
/// </summary>
internal abstract class DatagramPoller : IDisposable
{
    /// <summary>Whether the Linux system calls are laid out here as this program believes.</summary>
    public static bool HasLinuxCalls => OperatingSystem.IsLinux()
        && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>What has come to the sockets.</summary>
    public ArrivalBatch Arrivals { get; } = new();

    /// <summary>What waits to be sent.</summary>
    public DepartureQueue Departures { get; } = new();

    public static DatagramPoller Create(bool portable) => HasLinuxCalls && !portable ? new LinuxPoller() : new PortablePoller();

    /// <summary>Watches a socket from now on; the port closes it.</summary>
    /// <param name="socket">A bound socket.</param>
    /// <param name="reader">Whom to tell.</param>
    /// <param name="options">What it is for.</param>
    /// <exception cref="SocketException">The system has no room to watch it.</exception>
    public abstract DatagramPort Add(Socket socket, DatagramReader reader, DatagramPortOptions options);

    /// <summary>
    /// Sends what is queued, forgets what has come, and waits until a socket can be read or <see cref="Wake"/> is called; then take the sockets by
    /// <see cref="TryTakeReady"/>.
    /// </summary>
    /// <param name="block">Whether to wait; otherwise it only looks.</param>
    public void Wait(bool block) => Wait(block ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);

    /// <summary>As <see cref="Wait(bool)"/>, and no longer than a time.</summary>
    /// <param name="most">How long at most, by the clock of the system and to the next millisecond; zero only looks.</param>
    public void Wait(TimeSpan most)
    {
        Flush();
        Arrivals.Release();
        Await(most);
    }

    /// <summary>Takes one socket of those that the last wait found, and that have not been closed since.</summary>
    /// <param name="reader">Its owner.</param>
    /// <param name="hasErrors">Whether there are ICMP errors to read.</param>
    public abstract bool TryTakeReady(out DatagramReader reader, out bool hasErrors);

    /// <summary>Sends what is queued.</summary>
    public void Flush()
    {
        if (Departures.Ports.Count == 0)
        {
            return;
        }

        try
        {
            Send(Departures);
        }
        finally
        {
            // What a defect has kept from being sent must not be tried for ever.
            Departures.Clear();
        }
    }

    /// <summary>Ends a wait, also the next one if none is under way. From any thread.</summary>
    public abstract void Wake();

    public abstract void Dispose();

    /// <summary>Sends all of a queue, and tells the owners of the sockets what became of it.</summary>
    protected abstract void Send(DepartureQueue departures);

    protected abstract void Await(TimeSpan most);
}
