using System.Net.Sockets;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>What the errors of the operating system mean to a relay.</summary>
internal static class SocketErrors
{
    private const int NativeTooManyInProcess = 24;
    private const int NativeTooManyInSystem = 23;
    private const int NativeOutOfMemory = 12;
    private const int NativeNoBuffers = 105;

    // What epoll says to more sockets than the system watches for one user.
    private const int NativeNoSpace = 28;

    /// <summary>The error code of a Linux error number, as far as a poller meets them.</summary>
    public static int FromNative(int number) => (int)(number switch
    {
        NativeTooManyInProcess or NativeTooManyInSystem => SocketError.TooManyOpenSockets,
        NativeOutOfMemory or NativeNoBuffers or NativeNoSpace => SocketError.NoBufferSpaceAvailable,
        _ => SocketError.SocketError,
    });

    public static RelayOpenStatus ToOpenStatus(SocketException error) => error.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => RelayOpenStatus.AddressInUse,
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => RelayOpenStatus.Exhausted,
        _ => error.NativeErrorCode is NativeTooManyInProcess or NativeTooManyInSystem or NativeOutOfMemory or NativeNoBuffers
            ? RelayOpenStatus.Exhausted
            : RelayOpenStatus.Unavailable,
    };
}
