using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;

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

    public static DatagramPoller Create(bool portable) => HasLinuxCalls && !portable ? new LinuxPoller() : new PortablePoller();

    /// <summary>Watches a socket from now on; the port closes it.</summary>
    /// <param name="socket">A bound socket.</param>
    /// <param name="reader">Whom to tell.</param>
    /// <param name="reportsIcmp">Whether ICMP errors are kept for <see cref="DatagramPort.TryReadIcmp"/>, where the system can.</param>
    /// <exception cref="SocketException">The system has no room to watch it.</exception>
    public abstract DatagramPort Add(Socket socket, IDatagramReader reader, bool reportsIcmp);

    /// <summary>Waits until a socket can be read or <see cref="Wake"/> is called; then read the sockets by <see cref="TryTakeReady"/>.</summary>
    /// <param name="block">Whether to wait; otherwise it only looks.</param>
    public abstract void Wait(bool block);

    /// <summary>Takes one socket of those that the last wait found, and that have not been closed since.</summary>
    /// <param name="reader">Its owner.</param>
    public abstract bool TryTakeReady(out IDatagramReader reader);

    /// <summary>Ends a wait, also the next one if none is under way. From any thread.</summary>
    public abstract void Wake();

    public abstract void Dispose();
}
