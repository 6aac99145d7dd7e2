using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Stack.Transport;

/// <summary>The Linux system calls that the runtime has no public form of, and their constants, which are the same on x64 and arm64.</summary>
internal static unsafe partial class LinuxCalls
{
    public const int EpollIn = 0x1;
    public const int EpollError = 0x8;
    public const int EpollEdge = unchecked((int)0x80000000);
    public const int EpollAdd = 1;
    public const int EpollRemove = 2;
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;

    public const int MessageDontWait = 0x40;
    public const int MessageTruncated = 0x20;
    public const int MessageErrorQueue = 0x2000;
    public const int MessageNoSignal = 0x4000;

    public const int Again = 11;
    public const int Interrupted = 4;
    public const int Busy = 16;
    public const int InputOutput = 5;
    public const int InvalidArgument = 22;
    public const int MessageSize = 90;
    public const int NoBuffers = 105;

    public const int LevelSocket = 1;
    public const int ReusePort = 15;
    public const int LevelIP = 0;
    public const int TypeOfService = 1;
    public const int MtuDiscover = 10;
    public const int ReceiveError = 11;
    public const int ReceiveTypeOfService = 13;
    public const int LevelIPv6 = 41;
    public const int MtuDiscoverIPv6 = 23;
    public const int ReceiveErrorIPv6 = 25;
    public const int ReceiveTrafficClass = 66;
    public const int TrafficClass = 67;
    public const int LevelUdp = 17;
    public const int UdpSegment = 103;
    public const int UdpCoalesce = 104;
    public const int DiscoverNever = 0;
    public const int DiscoverAlways = 2;
    public const int DiscoverOmit = 5;

    public const int FamilyIPv4 = 2;
    public const int FamilyIPv6 = 10;

    public const int ResourceOpenFiles = 7;

    public const int RingSetup = 425;
    public const int RingEnter = 426;
    public const int ReadAndWrite = 3;
    public const int MapSharedPopulated = 0x8001;

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint ReceiveMessage(SafeSocketHandle socket, nint message, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint SendMessage(SafeSocketHandle socket, nint message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int ReceiveMessages(SafeSocketHandle socket, LinuxBatchMessage* messages, int count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SendMessages(SafeSocketHandle socket, LinuxBatchMessage* messages, int count, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int CreateEpoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int ControlEpoll(SafeFileHandle epoll, int operation, SafeHandle descriptor, nint epollEvent);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int WaitEpoll(SafeFileHandle epoll, nint events, int count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int CreateEvent(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Write(SafeFileHandle descriptor, nint bytes, nint count);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int GetResourceLimit(int resource, out LinuxResourceLimit limit);

    // The C library has no calls of its own for the ring.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint SetUpRing(nint number, nint entries, void* parameters);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint EnterRing(nint number, SafeFileHandle ring, nint submit, nint complete, nint flags, nint signals, nint size);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Map(nint address, nint size, int protection, int flags, SafeFileHandle file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Unmap(nint address, nint size);
}
